"""Fits the temperature and the prior that turn a network's logits into probabilities one can act on."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

# The shares of favor, against and neither among statements that pass the relevance rule: an estimate, and the one
# number here that is a judgement. The corpus is richer in stances than the stream, on purpose.
STREAM: Final = (0.20, 0.13, 0.67)


def shares(labels: Labels, count: int = 3) -> Floats:
    """The share of each label."""
    return np.bincount(labels, minlength=count) / len(labels)


def calibrate(logits: Floats, labels: Labels, stream: tuple[float, ...] = STREAM) -> tuple[float, tuple[float, ...]]:
    """Return (temperature, bias) that minimise the log loss of held-out rows, weighted to the stream's shares.

    The bias is log(stream share / corpus share), the prior shift of Saerens et al. (2002) with known shares; the
    temperature is that of Guo et al. (2017).
    """
    present = shares(labels)
    bias = np.log(np.array(stream) / present)
    bias -= bias.mean()
    weights = (np.array(stream) / present)[labels]

    def loss(log_temperature: float) -> float:
        scores = logits / np.exp(log_temperature) + bias
        scores = scores - scores.max(1, keepdims=True)
        log_probabilities = scores - np.log(np.exp(scores).sum(1, keepdims=True))
        return float(-(weights * log_probabilities[np.arange(len(labels)), labels]).sum() / weights.sum())

    best = minimize_scalar(loss, bounds=(-2.5, 2.0), method="bounded")
    return round(float(np.exp(best.x)), 4), tuple(round(float(value), 4) for value in bias)


def probabilities(logits: Floats, temperature: float, bias: tuple[float, ...]) -> Floats:
    """The calibrated probabilities (rows, labels)."""
    scores = logits / temperature + np.array(bias)
    weights = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(weights / weights.sum(1, keepdims=True), np.float64)
