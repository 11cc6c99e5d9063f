"""Asks how far form alone gives a row's label away: length, punctuation, quotation marks and style, never a word."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from models.corpus.rows import LABELS, Row
from models.scores import macro_f1

FOLDS = 3
MARKS = ",;:?!-–—'’\"“”()…."


def form_features(rows: Sequence[Row]) -> NDArray[np.float64]:
    """Return (rows, features), each feature with mean 0 and deviation 1."""
    styles = sorted({row.style for row in rows})
    features = np.array([_form(row.text) + [float(row.style == style) for style in styles] for row in rows], np.float64)
    deviation = features.std(0)
    return np.asarray((features - features.mean(0)) / np.where(deviation > 0, deviation, 1.0), np.float64)


def _form(text: str) -> list[float]:
    words = len(text.split())
    return [
        float(words),
        float(words > 12),
        float(words > 25),
        float(len(text)),
        float(text.endswith(".")),
        float(text.startswith(('"', "“"))),
        float(bool(re.match(r"[\w' ]{2,30}:", text))),
        float(bool(re.search(r"[—–-] \w+$", text))),
        float(any(character.isdigit() for character in text)),
        *(float(text.count(mark)) for mark in MARKS),
    ]


def form_macro_f1(rows: Sequence[Row]) -> float:
    """The macro-F1 of a softmax regression on form alone, over three folds that keep groups whole.

    Labels are weighted to equal shares: otherwise it would only ever answer `neither`, and hide what form tells.
    """
    features = form_features(rows)
    labels = np.array([LABELS.index(row.label) for row in rows])
    fold = np.array([int(hashlib.sha256(f"form/{row.group}".encode()).hexdigest(), 16) % FOLDS for row in rows])
    predicted = np.zeros(len(rows), np.int64)
    for held in range(FOLDS):
        test = fold == held
        if test.any() and not test.all():
            predicted[test] = _predict(_fit(features[~test], labels[~test]), features[test])
    return macro_f1(labels, predicted)


def _with_constant(features: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.hstack([features, np.ones((len(features), 1))])


def _fit(features: NDArray[np.float64], labels: NDArray[np.int64], penalty: float = 1e-3) -> NDArray[np.float64]:
    inputs = _with_constant(features)
    targets = np.eye(len(LABELS))[labels]
    weight = 1.0 / np.maximum(np.bincount(labels, minlength=len(LABELS)), 1)[labels]
    weight /= weight.sum()
    shape = (inputs.shape[1], len(LABELS))

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape)
        scores = inputs @ weights
        scores -= scores.max(1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(1, keepdims=True)
        value = -(weight * np.log((chances * targets).sum(1) + 1e-12)).sum() + penalty * (weights**2).sum()
        slope = inputs.T @ ((chances - targets) * weight[:, None]) + 2 * penalty * weights
        return float(value), slope.ravel()

    start = np.zeros(shape[0] * shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 60})
    return np.asarray(found.x, np.float64).reshape(shape)


def _predict(weights: NDArray[np.float64], features: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.asarray((_with_constant(features) @ weights).argmax(1), np.int64)
