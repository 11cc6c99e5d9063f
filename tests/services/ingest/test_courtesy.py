"""Patience with hosts."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.courtesy import FORGET_AFTER, Courtesy


def test_two_at_once_and_a_second_apart() -> None:
    courtesy = Courtesy(2, 1.0)
    assert courtesy.claim("a", 0.0) == 0
    assert courtesy.claim("a", 0.4) == 0.6
    assert courtesy.claim("a", 1.0) == 0
    assert courtesy.claim("a", 5.0) > 0
    courtesy.release("a")
    assert courtesy.claim("a", 5.0) == 0


def test_hosts_do_not_wait_for_each_other() -> None:
    courtesy = Courtesy(1, 1.0)
    assert [courtesy.claim(host, 0.0) for host in "abc"] == [0, 0, 0]


def test_quiet_hosts_are_forgotten_and_busy_ones_are_not() -> None:
    courtesy = Courtesy(1, 1.0)
    courtesy.claim("busy", 0.0)
    courtesy.claim("quiet", 0.0)
    courtesy.release("quiet")
    courtesy.claim("other", 3 * FORGET_AFTER)
    assert sorted(courtesy.hosts) == ["busy", "other"]
    assert courtesy.claim("busy", 3 * FORGET_AFTER) > 0


@given(
    st.integers(1, 3),
    st.floats(0.0, 2.0),
    st.lists(st.tuples(st.booleans(), st.floats(0.0, 1.0)), max_size=60),
)
def test_no_order_of_claims_exceeds_what_was_promised(
    at_once: int, delay: float, steps: list[tuple[bool, float]]
) -> None:
    courtesy, running, now, starts = Courtesy(at_once, delay), 0, 0.0, []
    for release, wait in steps:
        now += wait
        if release and running:
            courtesy.release("h")
            running -= 1
        elif courtesy.claim("h", now) == 0:
            running += 1
            starts.append(now)
        assert running <= at_once
    assert all(later - earlier >= delay - 1e-9 for earlier, later in pairwise(starts))
