"""Scores whole articles: which pairs (actor, favor or against) were found of those that are in them; never trains.

Run it as `python -m models.pair_scores FILE.jsonl [--errors]`. Lines are articles with `pairs` (asked for) and
`optional` (neither asked for nor wrong). Only speakers in office count: capacity leader or government.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, NamedTuple

from models.predict import StanceReader
from streams.catalogue import read_catalogue
from streams.records import Article, Probabilities, Statement
from streams.statements import find_statements

IN_OFFICE: Final = frozenset({"leader", "government"})
RESAMPLES: Final = 2_000

Pair = tuple[str, str]


class Case(NamedTuple):
    """One article, the pairs that are in it, those that are arguable, and those that were found."""

    article: Article
    pairs: frozenset[Pair]
    optional: frozenset[Pair]
    found: frozenset[Pair]

    @property
    def hits(self) -> int:
        return len(self.found & self.pairs)

    @property
    def wrong(self) -> int:
        return len(self.found - self.pairs - self.optional)

    @property
    def missed(self) -> int:
        return len(self.pairs - self.found)


class Score(NamedTuple):
    """Precision, recall and F1 of pairs."""

    precision: float
    recall: float
    f1: float


def score(cases: Iterable[Case]) -> Score:
    """Return the scores over all pairs of the cases; 0 where there is nothing to divide by."""
    cases = list(cases)
    hits, wrong, missed = (sum(getattr(case, name) for case in cases) for name in ("hits", "wrong", "missed"))
    precision = hits / (hits + wrong) if hits + wrong else 0.0
    recall = hits / (hits + missed) if hits + missed else 0.0
    return Score(precision, recall, 2 * hits / (2 * hits + wrong + missed) if hits + wrong + missed else 0.0)


def interval(cases: Sequence[Case], seed: int = 0) -> tuple[float, float]:
    """The 95 % bootstrap interval of F1, resampling weeks: articles of one week report the same events."""
    weeks: dict[tuple[int, int], list[Case]] = {}
    for case in cases:
        weeks.setdefault(case.article.published.isocalendar()[:2], []).append(case)
    clusters = list(weeks.values())
    dice = random.Random(seed)
    drawn = sorted(
        score(case for _ in clusters for case in dice.choice(clusters)).f1 for _ in range(RESAMPLES if clusters else 0)
    )
    return (drawn[len(drawn) // 40], drawn[-1 - len(drawn) // 40]) if drawn else (0.0, 0.0)


def pairs_of(statements: Sequence[Statement], stances: Sequence[Probabilities]) -> frozenset[Pair]:
    """Return the pairs that an article's readings amount to."""
    return frozenset(
        (statement.actor, stance.label)
        for statement, stance in zip(statements, stances, strict=True)
        if statement.capacity in IN_OFFICE and stance.label != "neither" and not statement.old
    )


def read_cases(lines: Iterable[str], reader: StanceReader) -> list[Case]:
    """Return the cases of JSON lines, read with `reader`."""
    catalogue = read_catalogue()
    cases = []
    for line in lines:
        row = json.loads(line)
        day = date.fromisoformat(row["published"])
        published = datetime(day.year, day.month, day.day, tzinfo=UTC)
        article = Article(
            id=row["id"],
            url="",
            outlet=row.get("outlet", ""),
            title=row["title"],
            text=row["text"],
            published=published,
            fetched=published,
        )
        statements = find_statements(article, catalogue)
        found = pairs_of(statements, reader.read(statements))
        cases.append(Case(article, _pairs(row["pairs"]), _pairs(row["optional"]), found))
    return cases


def _pairs(rows: Iterable[Sequence[str]]) -> frozenset[Pair]:
    return frozenset((actor, label) for actor, label in rows)


def main() -> None:
    """Print the scores of one file."""
    parser = argparse.ArgumentParser(description="Score (actor, stance) pairs of whole articles.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--errors", action="store_true", help="show the articles with a wrong or a missed pair")
    arguments = parser.parse_args()
    with arguments.file.open() as lines:
        cases = read_cases(lines, StanceReader.load())
    total, (low, high) = score(cases), interval(cases)
    out = sys.stdout
    if arguments.errors:
        for case in cases:
            if case.wrong or case.missed:
                wrong, missed = sorted(case.found - case.pairs - case.optional), sorted(case.pairs - case.found)
                out.write(f"{case.article.id} wrong {wrong} missed {missed} | {case.article.title}\n")
    out.write(
        f"{len(cases)} articles, {sum(len(case.pairs) for case in cases)} pairs: precision {total.precision:.3f}, "
        f"recall {total.recall:.3f}, F1 {total.f1:.3f} ({low:.3f} to {high:.3f})\n"
    )


if __name__ == "__main__":
    main()
