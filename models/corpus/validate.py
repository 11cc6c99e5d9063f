"""Checks the corpus row by row and says which rows must go and why; never changes a file."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from models.corpus.overlap import alike, count_ngrams, shared_shingles
from models.corpus.rows import Row

# Actors that are no state or organisation: analysts, and voices that stand for none in the catalogue.
NO_STATE: Final = frozenset({"expert", "other", ""})
FORM_LIMIT: Final = 0.40
LIKENESS_LIMIT: Final = 0.6
SHINGLE_LIMIT: Final = 2
NEAR_DUPLICATE: Final = 0.9


class Problem(NamedTuple):
    """Row number `row` (from 0) must go, for a reason with a name and a detail."""

    row: int
    reason: str
    detail: str


def check_rows(rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield the rows that are wrong in themselves or against another row."""
    seen: dict[tuple[str, int, int], int] = {}
    for place, row in enumerate(rows):
        if not row.text.strip() or not row.group:
            yield Problem(place, "incomplete", "a row needs a text and a group")
        if row.start >= 0 and row.text[row.start : row.end] != row.speaker:
            yield Problem(place, "offsets", f"{row.start}:{row.end} is not {row.speaker!r}")
        elif row.start < 0 and row.speaker:
            yield Problem(place, "offsets", f"no offsets for {row.speaker!r}")
        key = (" ".join(row.text.lower().split()), row.start, row.end)
        first = seen.setdefault(key, place)
        if first != place:
            same = rows[first].label == row.label
            yield Problem(place, "duplicate" if same else "conflict", f"with row {first}: {rows[first].text}")


def check_actors(rows: Sequence[Row], known: Collection[str]) -> Iterator[Problem]:
    """Yield the rows whose actor the catalogue does not know."""
    for place, row in enumerate(rows):
        if row.actor not in known and row.actor not in NO_STATE:
            yield Problem(place, "actor", row.actor)


def check_overlap(rows: Sequence[Row], real: Sequence[Sequence[str]], hashes: Collection[str]) -> Iterator[Problem]:
    """Yield the rows that are too like material kept for measuring: lists of `real` texts, or hashed word sequences."""
    for place, row in enumerate(rows):
        shared = shared_shingles(row.text, hashes)
        if shared >= SHINGLE_LIMIT:
            yield Problem(place, "sequences", f"{shared} word sequences are kept apart for measuring")
    counted = count_ngrams([row.text for row in rows])
    for others in real:
        for place, other, cosine in alike(counted, count_ngrams(others), LIKENESS_LIMIT):
            yield Problem(place, "likeness", f"{cosine:.2f} to: {others[other]}")


def near_duplicates(rows: Sequence[Row]) -> list[tuple[int, int, float]]:
    """Pairs of rows of different groups whose texts are almost the same."""
    counted = count_ngrams([row.text for row in rows])
    pairs = alike(counted, counted, NEAR_DUPLICATE)
    return [(one, two, cosine) for one, two, cosine in pairs if one < two and rows[one].group != rows[two].group]


def template_share(rows: Sequence[Row], words: int = 4) -> tuple[str, float]:
    """The most frequent opening of that many words, and the share of rows that have it."""
    openings = Counter(" ".join(row.text.lower().split()[:words]) for row in rows)
    (opening, count), *_ = openings.most_common(1)
    return opening, count / len(rows)


def neithers_with_war_and_settlement(rows: Sequence[Row]) -> float:
    """The share of `neither` rows that name both a side of the war and a word of settlement."""
    war = ("ukrain", "russia", "kyiv", "kiev", "moscow", "kremlin", "putin", "zelensk", "war")
    settlement = (
        "talk",
        "truce",
        "peace",
        "deal",
        "ceasefire",
        "cease-fire",
        "negotiat",
        "settle",
        "diploma",
        "summit",
    )
    neithers = [row.text.lower() for row in rows if row.label == "neither"]
    both = [any(word in text for word in war) and any(word in text for word in settlement) for text in neithers]
    return sum(both) / max(1, len(both))


def triple_share(rows: Sequence[Row]) -> float:
    """The share of rows whose group holds more than one label."""
    labels: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        labels[row.group].add(row.label)
    return sum(len(labels[row.group]) > 1 for row in rows) / max(1, len(rows))
