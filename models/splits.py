"""Deals the corpus into trainings that each leave something whole out: documents, traps, the time from 2025 on.

It never trains; it says which rows a training may learn from and which rows it is then asked.
"""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from models.corpus.periods import Period
from models.corpus.rows import Row
from models.corpus.seed_annotations import Annotation
from models.corpus.traps import kinds_of
from models.spans import folded

ROUNDS: Final = 6
IN_DISTRIBUTION: Final = "held-out groups of the same kinds"
DOCUMENT: Final = "leave one seed document out"
TRAP: Final = "leave whole traps out"
TIME: Final = "leave 2025 and later out"


class Part(NamedTuple):
    """Rows that are asked together: which split they belong to, and what of it they are."""

    split: str
    name: str
    rows: list[Row]


class Round(NamedTuple):
    """One training: the rows that it may learn from, and what it is asked. No group is on both sides."""

    name: str
    learnt: list[Row]
    parts: list[Part]


def deal_rounds(
    rows: Sequence[Row], annotations: Sequence[Annotation], periods: Sequence[Period | None]
) -> list[Round]:
    """Return the trainings; `periods` says for each row on which side of 2025 it lies.

    Each of the first six leaves out two or three of the codebook's traps, four of them a seed document as well (its
    rows are few, and a training of its own would cost minutes for each), and all leave out the held-out groups, which
    say what the same training does on rows like those that it learnt from.
    """
    return [*_leave_traps_and_documents_out(rows, annotations), _leave_time_out(rows, periods)]


def draw_groups(rows: Sequence[Row], share: float, seed: int = 0) -> list[Row]:
    """Return the rows of a random share of the groups, in their order."""
    groups = sorted({row.group for row in rows})
    kept = set(random.Random(seed).sample(groups, round(share * len(groups))))
    return [row for row in rows if row.group in kept]


def document_of(row: Row, words: Mapping[str, frozenset[str]]) -> str | None:
    """The seed document that a row with `provenance: seed` was taken from: the one with most of its word triples."""
    if row.provenance != "seed":
        return None
    triples = word_triples(row.text)
    return max(words, key=lambda name: (len(triples & words[name]), name))


def word_triples(text: str) -> frozenset[str]:
    """Every three words in a row, without case or punctuation."""
    words = "".join(each if each.isalnum() else " " for each in folded(text)).split()
    return frozenset(" ".join(words[place : place + 3]) for place in range(max(1, len(words) - 2)))


def _leave_traps_and_documents_out(rows: Sequence[Row], annotations: Sequence[Annotation]) -> list[Round]:
    kinds = [frozenset(kind for kind in kinds_of(row) if kind.startswith("trap ")) for row in rows]
    examples: dict[str, set[int]] = defaultdict(set)
    for place, held in enumerate(kinds):
        for kind in held:
            examples[kind].add(place)
    folds: list[list[str]] = [[] for _ in range(ROUNDS)]
    for kind in sorted(examples, key=lambda kind: (-len(examples[kind]), kind)):
        min(folds, key=lambda fold: sum(len(examples[each]) for each in fold)).append(kind)
    documents = sorted({each.document for each in annotations})
    asked = {name: [_row_of(each) for each in annotations if each.document == name] for name in documents}
    words = {name: frozenset().union(*(word_triples(row.text) for row in asked[name])) for name in documents}
    rounds = []
    for number, fold in enumerate(folds):
        # The smaller folds come last, and leave a document out besides.
        document = dict(enumerate(documents, ROUNDS - len(documents))).get(number)
        out = {place for kind in fold for place in examples[kind]}
        groups = {rows[place].group for place in out}
        if document:
            groups |= {row.group for row in rows if document_of(row, words) == document}
        parts = [Part(TRAP, kind, [rows[place] for place in sorted(examples[kind])]) for kind in sorted(fold)]
        parts += [Part(DOCUMENT, document, asked[document])] if document else []
        same = [row for row in rows if row.held_out and row.group not in groups]
        learnt = [row for row in rows if not row.held_out and row.group not in groups]
        rounds.append(
            Round(f"round {number + 1}", learnt, [*parts, Part(IN_DISTRIBUTION, f"round {number + 1}", same)])
        )
    return rounds


def _leave_time_out(rows: Sequence[Row], periods: Sequence[Period | None]) -> Round:
    # Most rows cannot be dated. They are learnt from: what of 2025 they could know is in none of their words.
    after = [row for row, period in zip(rows, periods, strict=True) if period == "from 2025"]
    late = {row.group for row in after}
    before = [row for row in rows if row.group not in late]
    same = [row for row in before if row.held_out]
    return Round(
        "time",
        [row for row in before if not row.held_out],
        [Part(TIME, "from 2025", after), Part(IN_DISTRIBUTION, "time", same)],
    )


def _row_of(each: Annotation) -> Row:
    named = each.speaker_start >= 0
    return Row(
        text=each.quote,
        label=each.label,
        actor=each.actor,
        start=each.speaker_start - each.start if named else -1,
        end=each.speaker_end - each.start if named else -1,
        group=each.document,
        provenance="seed",
    )
