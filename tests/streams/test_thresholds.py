"""The threshold keeps a desk's budget: more false alerts allowed, a lower bar; and it lies where the table says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.shift_settings import ShiftSettings
from streams.thresholds import SUREST, confirm_at, read_table

budgets = st.floats(0.01, 50.0)
rates = st.floats(0.0, 100.0)


def test_the_table_s_own_points_come_back() -> None:
    table = read_table()
    for row in table.rates:
        for budget, threshold in zip(table.budgets, row.confirm, strict=True):
            settings = ShiftSettings(false_alerts_per_actor_year=budget)
            assert confirm_at(row.events_per_day, settings) == pytest.approx(threshold, abs=1e-9)


@given(rates, budgets, budgets)
def test_a_larger_budget_never_raises_the_bar(rate: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    strict = confirm_at(rate, ShiftSettings(false_alerts_per_actor_year=low))
    assert confirm_at(rate, ShiftSettings(false_alerts_per_actor_year=high)) <= strict + 1e-12


@given(rates, budgets)
def test_the_bar_lies_above_pending_and_below_certainty(rate: float, budget: float) -> None:
    settings = ShiftSettings(false_alerts_per_actor_year=budget)
    assert settings.pending < confirm_at(rate, settings) < 1.0


@given(rates)
def test_a_kind_with_a_part_of_a_small_budget_needs_more_than_the_table_s_last_column(rate: float) -> None:
    last = min(read_table().budgets)
    bars = [confirm_at(rate, ShiftSettings(false_alerts_per_actor_year=last * part)) for part in (1.0, 0.5, 0.1)]
    assert bars[0] < bars[1] < bars[2] <= SUREST + 1e-12
    slope = ShiftSettings(false_alerts_per_actor_year=last * 0.999999)
    assert confirm_at(rate, slope) == pytest.approx(bars[0], abs=1e-5), "the line goes on without a step"


def test_an_experiment_may_set_the_bar_itself() -> None:
    assert confirm_at(1.0, ShiftSettings(confirm=0.123)) == 0.123
