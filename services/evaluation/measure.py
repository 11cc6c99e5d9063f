"""Reads labelled rows with the stance reader and scores it, whole and by field; never looks at a row's label first."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.corpus.rows import LABELS, Row
from models.scores import Scores, calibrated_error, interval, score
from models.spans import Span
from services.classify.speaker import find_speaker
from services.classify.statement import make_statement
from streams.catalogue import Catalogue
from streams.records import Probabilities, Statement

Read = Callable[[Sequence[Statement]], Sequence[Probabilities]]


class Wrong(NamedTuple):
    """A row that was read wrongly, and what it was read as."""

    row: Row
    predicted: str
    probability: float


class Measured(NamedTuple):
    """`whole` over all rows, `low` and `high` its macro-F1's 95 % interval, `parts` the scores by (field, value).

    `chance` is the calibration error that true probabilities would show on so many rows: on average, and 95 in 100
    times below.
    """

    whole: Scores
    low: float
    high: float
    clusters: int
    chance: tuple[float, float]
    parts: dict[tuple[str, str], Scores]
    wrong: list[Wrong]


def measure(rows: Sequence[Row], read: Read, catalogue: Catalogue, by: Sequence[str] = ()) -> Measured:
    """Return the scores of `read` on `rows`, with the speaker's words found as they would be for a caller's line."""
    statements = [make_statement(row.text, speaker_of(row, catalogue), row.actor, row.day, catalogue) for row in rows]
    probabilities = np.array([(each.favor, each.against, each.neither) for each in read(statements)]).reshape(-1, 3)
    labels = np.array([LABELS.index(row.label) for row in rows], np.int64)
    clusters = [event_of(row, place) for place, row in enumerate(rows)]
    predicted = probabilities.argmax(1) if len(rows) else np.zeros(0, np.int64)
    low, high = interval(labels, predicted, clusters)
    return Measured(
        whole=score(labels, probabilities),
        low=low,
        high=high,
        clusters=len(set(clusters)),
        chance=calibrated_error(probabilities) if len(rows) else (0.0, 0.0),
        parts={(field, value): part for field in by for value, part in _by(rows, field, labels, probabilities)},
        wrong=[
            Wrong(row, LABELS[guess], float(chances[guess]))
            for row, guess, label, chances in zip(rows, predicted, labels, probabilities, strict=True)
            if guess != label
        ],
    )


def speaker_of(row: Row, catalogue: Catalogue) -> Span | None:
    """The row's own offsets, else the speaker's or the actor's words as the catalogue finds them."""
    if row.span:
        return row.span
    return find_speaker(row.text, row.actor, row.speaker, row.day, catalogue.find_mentions, catalogue.resolve)


def event_of(row: Row, place: int) -> str:
    """The event a row belongs to: its ISO week and actor, else its group, else itself."""
    if row.day:
        year, week, _ = row.day.isocalendar()
        return f"{year}-{week}/{row.actor}"
    return row.group or f"row {place}"


def _by(
    rows: Sequence[Row], field: str, labels: NDArray[np.int64], probabilities: NDArray[np.float64]
) -> list[tuple[str, Scores]]:
    values = np.array([getattr(row, field) or "(not noted)" for row in rows])
    names, counts = np.unique(values, return_counts=True)
    # The largest parts first; a part of a few rows says little, and a hundred lines of them hide the rest.
    order = np.argsort(-counts, kind="stable")[:25]
    return [
        (str(names[place]), score(labels[values == names[place]], probabilities[values == names[place]]))
        for place in order
    ]
