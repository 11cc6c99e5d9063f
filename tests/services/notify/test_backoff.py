"""When the next attempt is made, and when there is none."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.backoff import (
    JITTER,
    LONGEST_PAUSE,
    STANDARD,
    STEADY,
    Schedule,
    next_attempt,
    parse_retry_after,
    pause,
)

HOUR = 3600
RANDOM = st.integers(0, 2**32).map(Random)
SCHEDULES = st.sampled_from([STANDARD, STEADY])


def test_the_standard_schedule_is_that_of_the_specification() -> None:
    assert STANDARD.attempts == 10
    assert STANDARD.delays == (5, 300, 1800, *(hours * HOUR for hours in (2, 5, 10, 14, 20, 24)))


def test_a_chat_channel_is_asked_every_five_minutes_for_as_long() -> None:
    assert STEADY.delays[:4] == (5, 30, 120, 300)
    assert sum(STEADY.delays) == pytest.approx(sum(STANDARD.delays), rel=0.01)


@given(SCHEDULES, st.integers(1, 2000), st.floats(0, 1e10), RANDOM)
def test_a_retry_lies_within_a_tenth_of_its_delay_until_there_is_none(
    schedule: Schedule, attempts: int, now: float, random: Random
) -> None:
    due = next_attempt(schedule, attempts, now, None, random)
    if attempts >= schedule.attempts:
        assert due is None
    else:
        assert due is not None
        delay = schedule.delays[attempts - 1]
        assert delay * (1 - JITTER) - 1e-3 <= due - now <= delay * (1 + JITTER) + 1e-3


@given(SCHEDULES, st.integers(1, 5), st.floats(0, 10 * LONGEST_PAUSE), RANDOM)
def test_retry_after_is_never_cut_short_but_for_the_cap(
    schedule: Schedule, attempts: int, wished: float, random: Random
) -> None:
    due = next_attempt(schedule, attempts, 0.0, wished, random)
    assert due is not None
    assert due >= min(wished, LONGEST_PAUSE)
    assert due <= max(schedule.delays[attempts - 1], min(wished, LONGEST_PAUSE)) * (1 + JITTER) + 1e-6


@given(st.floats(0, 1e9), RANDOM)
def test_a_pause_is_at_least_what_was_asked_for_and_at_most_a_day(wished: float, random: Random) -> None:
    assert min(wished, LONGEST_PAUSE) <= pause(wished, random) <= LONGEST_PAUSE * (1 + JITTER)


@given(st.text())
def test_any_retry_after_is_read_or_passed_over(text: str) -> None:
    read = parse_retry_after(text, 1e9)
    assert read is None or 0 <= read <= LONGEST_PAUSE


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        (" 120 ", 120.0),
        ("99999999999999999999", LONGEST_PAUSE),
        ("Sun, 09 Sep 2001 01:46:50 GMT", 10.0),
        ("Sun, 09 Sep 2001 01:46:50", 10.0),
        ("Sun, 09 Sep 2001 00:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert parse_retry_after(header, 1_000_000_000.0) == seconds
