"""How often a feed is visited."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.schedule import (
    DAY,
    FAILURE_CAP,
    GAP_FLOOR,
    HOUR,
    Pace,
    delay_after_failure,
    delay_after_gap,
    delay_after_recovery,
    next_delay,
    pace_of_dates,
)

SHORTEST, LONGEST = 300.0, DAY
NOW = datetime(2026, 2, 16, 12, 0, tzinfo=UTC)

seconds = st.floats(0.0, 10 * DAY)
chances = st.floats(0.0, 1.0, exclude_max=True)


def delay(pace: Pace, fresh_for: float = 0.0, retry_after: float = 0.0, gap: float = 0.0, chance: float = 0.0) -> float:
    return next_delay(
        pace,
        shortest=SHORTEST,
        longest=LONGEST,
        fresh_for=fresh_for,
        retry_after=retry_after,
        gap_delay=gap,
        chance=chance,
    )


def visited(entries_per_day: float, days: int = 14) -> Pace:
    """The pace of a steady feed after that many days of visits at the interval it asks for."""
    pace, at, next_entry = Pace(), 0.0, 0.0
    while at < days * DAY:
        step = delay(pace) if at else HOUR
        at += step
        new = 0
        while next_entry <= at:
            new += 1
            next_entry += DAY / entries_per_day
        pace = pace.after(new, step)
    return pace


@pytest.mark.parametrize(("per_day", "shortest", "longest"), [(1000, 300, 301), (24, 200, 600), (4, 1000, 3600)])
def test_a_busy_feed_is_visited_more_often(per_day: float, shortest: float, longest: float) -> None:
    assert shortest <= delay(visited(per_day)) <= longest


def test_a_feed_that_never_changes_is_visited_once_a_day() -> None:
    assert delay(Pace()) == LONGEST
    pace = visited(24)
    for _ in range(200):
        pace = pace.after(0, HOUR * 6)
    assert delay(pace) == LONGEST


def test_a_burst_is_noticed_within_one_visit() -> None:
    quiet = visited(4)
    burst = quiet.after(5, 900.0)
    assert delay(burst) < delay(quiet) / 2


def test_visiting_more_often_does_not_change_the_estimate() -> None:
    often = rarely = Pace()
    for _ in range(100):
        for new in (1, 0, 0, 0):
            often = often.after(new, 900.0)
        rarely = rarely.after(1, 3600.0)
    assert often.slow == pytest.approx(rarely.slow, rel=0.05)


def test_a_new_feeds_dates_give_a_first_estimate() -> None:
    hourly = [NOW - timedelta(hours=n) for n in range(24)]
    assert pace_of_dates(hourly, NOW).interval == pytest.approx(HOUR / 10, rel=0.1)


@pytest.mark.parametrize("dates", [[], [NOW], [NOW + timedelta(days=9), NOW]])
def test_dates_that_say_nothing_give_no_estimate(dates: list[datetime]) -> None:
    assert pace_of_dates(dates, NOW).interval == math.inf


@given(st.floats(0.0, 10.0), st.floats(0.0, HOUR), st.floats(0.0, DAY), chances)
def test_the_delay_keeps_its_bounds_and_every_floor(
    rate: float, fresh_for: float, retry_after: float, chance: float
) -> None:
    found = delay(Pace(rate, rate / 2), fresh_for, retry_after, chance=chance)
    assert found >= max(SHORTEST, fresh_for, retry_after)
    assert found <= max(LONGEST, retry_after)


@given(st.integers(0, 1000), st.floats(0.001, 10 * DAY), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_pace_is_never_negative_and_never_above_what_was_seen(
    new: int, elapsed: float, slow: float, fast: float
) -> None:
    after = Pace(slow, fast).after(new, elapsed)
    for before, now in ((slow, after.slow), (fast, after.fast)):
        assert min(before, new / elapsed) * 0.999 <= now <= max(before, new / elapsed) * 1.001


def test_a_feed_that_loses_entries_goes_below_five_minutes_and_back() -> None:
    gap = 300.0
    for _ in range(10):
        gap = delay_after_gap(gap, SHORTEST)
    assert gap == GAP_FLOOR
    assert delay(visited(1000), fresh_for=3600.0, gap=gap) == GAP_FLOOR
    steps = 0
    while gap:
        gap, steps = delay_after_recovery(gap, SHORTEST), steps + 1
    assert steps == 4


def test_a_plea_to_stay_away_beats_a_gap() -> None:
    assert delay(Pace(), retry_after=900.0, gap=30.0) == 900.0


def test_a_gap_never_makes_the_sample_slower() -> None:
    assert delay_after_gap(0.5, 0.25) == 0.25


def test_failures_double_the_delay_up_to_two_hours() -> None:
    delays = [
        delay_after_failure(n, shortest=SHORTEST, longest=LONGEST, retry_after=0.0, chance=0.0) for n in range(1, 9)
    ]
    assert delays == [300, 600, 1200, 2400, 4800, 7200, 7200, 7200]


@given(st.integers(1, 10**9), chances, st.floats(0.0, DAY))
def test_a_failing_feed_comes_back_in_time(failures: int, chance: float, retry_after: float) -> None:
    found = delay_after_failure(failures, shortest=SHORTEST, longest=LONGEST, retry_after=retry_after, chance=chance)
    assert max(SHORTEST, retry_after) <= found <= max(1.5 * FAILURE_CAP, retry_after)
