"""The timeline's clock, with time passed in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.newsroom.stepping import (
    AFTER,
    Release,
    Stepping,
    begin,
    fetch,
    is_done,
    look,
    plan_stops,
    read,
)

START = datetime(2022, 2, 24, tzinfo=UTC)
OUTLETS = ("a", "b")


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def clock_of(*releases: Release, step: float = 0.5) -> Stepping:
    return begin(plan_stops(releases, OUTLETS), step)


def after_first_visit(clock: Stepping) -> Stepping:
    clock = look(clock, 0.0)
    for outlet in OUTLETS:
        clock = fetch(clock, outlet, 0.0)
    return clock


THREE = (Release(day(0), "a", "x"), Release(day(12), "b", "y"), Release(day(13), "a", "z"))


def test_the_first_ten_days_are_out_before_anybody_asks() -> None:
    clock = clock_of(Release(day(0), "a", "x"), Release(day(10), "b", "y"), Release(day(10.1), "b", "z"))
    assert clock.released == 2
    assert read(clock, 1000.0) == day(10) + AFTER


def test_the_clock_stands_until_it_is_first_read() -> None:
    clock = clock_of(*THREE)
    assert read(clock, 0.0) == read(clock, 99.0)
    assert read(look(clock, 99.0), 101.0) == day(0) + AFTER + timedelta(seconds=2)


def test_nothing_is_released_before_every_feed_was_visited_once() -> None:
    clock = fetch(look(clock_of(*THREE), 0.0), "a", 1.0)
    assert look(clock, 5.0).released == 1
    assert look(fetch(clock, "b", 5.0), 5.0).released == 2


def test_a_slow_start_is_waited_for_without_end() -> None:
    assert look(look(clock_of(*THREE), 0.0), 3600.0).released == 1


def test_at_the_start_patience_begins_with_the_first_fetch() -> None:
    clock = fetch(look(clock_of(*THREE), 0.0), "a", 60.0)
    assert look(clock, 69.9).released == 1
    assert look(clock, 70.0).released == 2


def test_the_next_article_comes_after_a_step_and_the_clock_jumps_to_it() -> None:
    clock = after_first_visit(clock_of(*THREE))
    assert look(clock, 0.4).released == 1
    clock = look(clock, 0.5)
    assert clock.released == 2
    assert read(clock, 0.5) == day(12) + AFTER


def test_one_look_releases_one_article_however_late_it_comes() -> None:
    assert look(after_first_visit(clock_of(*THREE)), 300.0).released == 2


def test_the_feed_that_carries_the_article_holds_back_the_next() -> None:
    clock = look(after_first_visit(clock_of(*THREE)), 1.0)
    assert look(fetch(clock, "a", 1.1), 5.0).released == 2, "another outlet's feed does not count"
    assert look(fetch(clock, "b", 1.1), 5.0).released == 3


def test_a_feed_that_nobody_fetches_is_given_up_after_ten_seconds() -> None:
    clock = look(after_first_visit(clock_of(*THREE)), 1.0)
    assert look(clock, 10.9).released == 2
    assert look(clock, 11.0).released == 3


def test_a_fetch_before_the_release_does_not_count_for_it() -> None:
    clock = look(fetch(after_first_visit(clock_of(*THREE)), "b", 0.9), 1.0)
    assert clock.awaited == {"b"}


@pytest.mark.parametrize(("gap", "pauses"), [(1, 0), (20, 0), (21, 1), (45, 2), (61, 3), (400, 3)])
def test_long_gaps_get_pauses_in_which_positions_age(gap: int, pauses: int) -> None:
    stops = plan_stops(
        [Release(day(0), "a", "x"), Release(day(11), "a", "y"), Release(day(11 + gap), "a", "z")], OUTLETS
    )
    between = [stop for stop in stops if day(11) + AFTER < stop.at < day(11 + gap)]
    assert len(between) == pauses
    assert all(stop.released == 2 and not stop.awaits for stop in between)


def test_an_edit_is_a_release_of_its_own() -> None:
    clock = clock_of(Release(day(0), "a", "x"), Release(day(11), "a", "x", 1))
    assert look(after_first_visit(clock), 1.0).released == 2


def test_done_means_that_the_last_feed_was_fetched_twice() -> None:
    clock = look(after_first_visit(clock_of(*THREE[:2])), 1.0)
    clock = look(fetch(clock, "b", 1.1), 2.0)
    assert not is_done(clock, 3.0), "what was fetched may still be in hand"
    clock = fetch(clock, "b", 3.0)
    assert is_done(clock, 3.0)


def test_after_the_end_time_runs_on() -> None:
    clock = look(after_first_visit(clock_of(*THREE[:2])), 1.0)
    clock = look(fetch(clock, "b", 1.1), 2.0)
    assert read(clock, 3602.0) - read(clock, 2.0) == timedelta(hours=1)
    assert look(clock, 3602.0) == clock


def test_while_it_waits_the_clock_does_not_pass_the_next_article() -> None:
    clock = look(clock_of(Release(day(0), "a", "x"), Release(day(10.5), "a", "y"), Release(day(11), "a", "z")), 0.0)
    assert read(clock, 1e9) <= day(10.5)


gaps = st.lists(st.integers(0, 90 * 24 * 60), min_size=1, max_size=12)
happenings = st.lists(st.tuples(st.sampled_from(["look", "a", "b"]), st.floats(0, 15)), max_size=120)


@given(gaps=gaps, happenings=happenings)
def test_time_never_runs_back_and_articles_appear_one_by_one_in_order(
    gaps: list[int], happenings: list[tuple[str, float]]
) -> None:
    times = [START]
    for gap in gaps:
        times.append(times[-1] + timedelta(minutes=gap))
    releases = [Release(time, OUTLETS[n % 2], f"{n:02}") for n, time in enumerate(times)]
    clock, at = clock_of(*releases), 0.0
    for what, wait in happenings:
        before_time, before = read(clock, at), clock
        at += wait
        assert read(clock, at) >= before_time
        clock = look(clock, at) if what == "look" else fetch(clock, what, at)
        assert read(clock, at) >= before_time
        assert clock.released - before.released in (0, 1)
        if clock.released < len(releases):
            assert read(clock, at) <= max(releases[clock.released].at, clock.stops[clock.index].at)
        assert read(clock, at) > releases[clock.released - 1].at


@given(gaps=gaps)
def test_a_reader_who_looks_and_fetches_sees_every_article_and_an_end(gaps: list[int]) -> None:
    times = [START]
    for gap in gaps:
        times.append(times[-1] + timedelta(minutes=gap))
    clock = clock_of(*(Release(time, OUTLETS[n % 2], f"{n:02}") for n, time in enumerate(times)))
    at, seen = 0.0, 0
    for _ in range(len(clock.stops) * 2 + 2):
        at += 0.5
        clock = look(clock, at)
        for outlet in OUTLETS:
            clock = fetch(clock, outlet, at)
        assert clock.released >= seen
        seen = clock.released
    assert seen == len(times)
    assert is_done(clock, at + 0.5)
