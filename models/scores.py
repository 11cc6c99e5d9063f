"""Scores predicted stances against labels: macro-F1, confusion, calibration, and intervals that respect events."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.corpus.rows import LABELS

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
NEITHER = LABELS.index("neither")
AGAINST = LABELS.index("against")


class Scores(NamedTuple):
    """All shares are between 0 and 1. `confusion` counts (label, prediction), both in the order of LABELS."""

    rows: int
    macro_f1: float
    precision: tuple[float, ...]
    recall: tuple[float, ...]
    f1: tuple[float, ...]
    confusion: NDArray[np.int64]
    neither_as_stance: float
    calibration_error: float


def confusion(labels: Labels, predicted: Labels) -> NDArray[np.int64]:
    """Counts (label, prediction)."""
    table = np.zeros((len(LABELS), len(LABELS)), np.int64)
    np.add.at(table, (labels, predicted), 1)
    return table


def per_class(table: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 of each label; 0 where they are undefined, as scikit-learn has it."""
    hits = np.diag(table).astype(np.float64)
    named, present = table.sum(0), table.sum(1)
    precision = np.divide(hits, named, out=np.zeros(len(hits)), where=named > 0)
    recall = np.divide(hits, present, out=np.zeros(len(hits)), where=present > 0)
    both = precision + recall
    return precision, recall, np.divide(2 * precision * recall, both, out=np.zeros(len(hits)), where=both > 0)


def macro_f1(labels: Labels, predicted: Labels) -> float:
    """The mean F1 of the labels that occur among `labels`."""
    table = confusion(labels, predicted)
    return float(per_class(table)[2][table.sum(1) > 0].mean())


def calibration_error(labels: Labels, probabilities: Floats, bins: int = 10) -> float:
    """Expected calibration error: the mean gap between confidence and accuracy over bins of equal width."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        (places == place).mean() * abs(confidence[places == place].mean() - right[places == place].mean())
        for place in range(bins)
        if (places == place).any()
    ]
    return float(sum(gaps))


def calibrated_error(probabilities: Floats, rounds: int = 300, seed: int = 0) -> tuple[float, float]:
    """What `calibration_error` a reader with these probabilities shows if they are true: the mean, and 95 in 100 below.

    With a hundred rows chance alone makes some 0.05; an error says something only where it exceeds that.
    """
    random = np.random.default_rng(seed)
    cumulated = np.cumsum(probabilities, 1)
    found = []
    for _ in range(rounds):
        labels = (random.random((len(probabilities), 1)) > cumulated).sum(1).clip(0, probabilities.shape[1] - 1)
        found.append(calibration_error(labels, probabilities))
    return float(np.mean(found)), float(np.percentile(found, 95))


def score(labels: Labels, probabilities: Floats) -> Scores:
    """Return every score of `probabilities` (rows, labels) against `labels` (positions in LABELS)."""
    predicted = probabilities.argmax(1)
    table = confusion(labels, predicted)
    precision, recall, f1 = per_class(table)
    neithers = table[NEITHER].sum()
    return Scores(
        rows=len(labels),
        macro_f1=macro_f1(labels, predicted),
        precision=tuple(precision.tolist()),
        recall=tuple(recall.tolist()),
        f1=tuple(f1.tolist()),
        confusion=table,
        neither_as_stance=float(1 - table[NEITHER, NEITHER] / neithers) if neithers else 0.0,
        calibration_error=calibration_error(labels, probabilities),
    )


def interval(
    labels: Labels, predicted: Labels, clusters: Sequence[str], rounds: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """The 95 % bootstrap interval of macro-F1, drawing whole clusters with replacement.

    Headlines on one event stand or fall together; drawing rows one by one would promise too narrow an interval.
    """
    names, member = np.unique(np.asarray(clusters), return_inverse=True)
    tables = np.zeros((len(names), len(LABELS), len(LABELS)), np.int64)
    np.add.at(tables, (member, labels, predicted), 1)
    random = np.random.default_rng(seed)
    found = []
    for _ in range(rounds):
        table = tables[random.integers(0, len(names), len(names))].sum(0)
        found.append(per_class(table)[2][table.sum(1) > 0].mean())
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)
