"""The speed table: ratios are of rates taken in turn, and a fall is found by ratio."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.bench.speed.__main__ import fallen
from ops.bench.speed.row import compare, quantiles


def test_a_ratio_is_the_median_of_the_rounds_and_not_of_the_rates() -> None:
    ours, peer = iter([10.0, 40.0, 30.0]), iter([5.0, 10.0, 30.0])
    row = compare("row", "things/s", "peer", lambda: next(ours), lambda: next(peer), 3, aim=2.5)
    assert (row.ratio, row.low, row.high, row.met) == (2.0, 1.0, 4.0, False)


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_quantiles_are_values_that_were_measured_in_order(values: list[float]) -> None:
    found = quantiles(values)
    assert set(found) <= set(values)
    assert list(found) == sorted(found)


@pytest.mark.parametrize(("now", "lines"), [(4.0, 0), (2.9, 0), (2.7, 1)])
def test_a_ratio_that_fell_by_more_than_three_tenths_is_a_regression(now: float, lines: int) -> None:
    assert len(fallen({"row": {"ratio": now}}, {"row": {"ratio": 4.0}, "gone": {"ratio": 1.0}})) == lines
