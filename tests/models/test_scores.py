"""Scores and calibration."""

import numpy as np
import pytest

from models.calibration import calibrate, probabilities
from models.scores import calibrated_error, calibration_error, interval, score


def sure(*labels: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    return np.eye(3)[list(labels)] * 0.97 + 0.01


def test_scores_of_a_case_worked_by_hand() -> None:
    labels = np.array([0, 0, 1, 2, 2, 2])
    found = score(labels, sure(0, 2, 1, 2, 1, 2))
    # favor: P 1, R 1/2, F1 2/3; against: P 1/2, R 1, F1 2/3; neither: P 2/3, R 2/3, F1 2/3.
    assert found.f1 == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert found.macro_f1 == pytest.approx(2 / 3)
    assert found.neither_as_stance == pytest.approx(1 / 3)
    assert found.confusion.tolist() == [[1, 0, 1], [0, 1, 0], [0, 1, 2]]


def test_a_reader_sure_of_itself_and_half_right_is_badly_calibrated() -> None:
    labels = np.array([0, 1, 0, 1])
    assert calibration_error(labels, sure(0, 0, 0, 0)) == pytest.approx(0.98 - 0.5)
    assert calibration_error(labels, sure(0, 1, 0, 1)) == pytest.approx(1 - 0.98)


def test_the_interval_is_wider_when_rows_hang_together() -> None:
    random = np.random.default_rng(0)
    labels = np.repeat(random.integers(0, 3, 30), 10)
    predicted = np.where(np.repeat(random.random(30) < 0.7, 10), labels, (labels + 1) % 3)
    apart = interval(labels, predicted, [str(place) for place in range(300)])
    together = interval(labels, predicted, [str(place // 10) for place in range(300)])
    assert together[1] - together[0] > 1.5 * (apart[1] - apart[0])


def test_calibration_brings_overconfidence_down_and_the_prior_to_the_streams() -> None:
    random = np.random.default_rng(1)
    labels = random.integers(0, 3, 3000)
    logits = random.normal(size=(3000, 3)) + 2.0 * np.eye(3)[labels]
    temperature, bias = calibrate(logits * 5, labels, (0.2, 0.1, 0.7))
    assert temperature == pytest.approx(5 / 2, rel=0.3)
    assert bias[2] > bias[0] > bias[1]
    even, no_bias = calibrate(logits * 5, labels, (1 / 3, 1 / 3, 1 / 3))
    assert calibration_error(labels, probabilities(logits * 5, even, no_bias)) < 0.03
    assert calibration_error(labels, probabilities(logits * 5, 1.0, (0, 0, 0))) > 0.05


def test_few_rows_show_an_error_though_the_probabilities_are_true_and_many_rows_do_not() -> None:
    random = np.random.default_rng(2)
    true = random.dirichlet((1.0, 1.0, 3.0), 4000)
    labels = (random.random((4000, 1)) > np.cumsum(true, 1)).sum(1)
    few, few_at_most = calibrated_error(true[:100])
    many, many_at_most = calibrated_error(true)
    assert few > 0.03 > 2 * many
    assert few < few_at_most
    assert calibration_error(labels, true) < 1.5 * many_at_most
