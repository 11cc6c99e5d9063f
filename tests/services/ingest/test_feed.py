"""What a visit changes in what is remembered of a feed."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from msgspec.structs import replace

from services.ingest.feed import (
    DEAF_AFTER,
    Bounds,
    Feed,
    Seen,
    after_failure,
    after_gone,
    after_no_change,
    after_reading,
    lost_entries,
)
from services.ingest.response import Answer, Validators

BOUNDS = Bounds(300.0, 86400.0)
AT = 1_771_243_200.0
HOURLY = [datetime.fromtimestamp(AT, UTC) - timedelta(hours=n) for n in range(12)]


def answer(etag: str = '"1"', **fields: float) -> Answer:
    return Answer("fresh", validators=Validators(etag), **fields)  # type: ignore[arg-type]


def seen(*ids: str) -> Seen:
    return Seen("hash-" + "-".join(ids), ids, HOURLY[: len(ids)])


def read(feed: Feed, *ids: str, at: float = AT, moved: str = "") -> Feed:
    return after_reading(feed, answer(), seen(*ids), moved, BOUNDS, at, 0.0)


def test_the_first_reading_is_remembered_and_paces_the_second() -> None:
    feed = read(Feed(), "a", "b", "c")
    assert (feed.read, feed.entries, feed.body) == (True, ("a", "b", "c"), "hash-a-b-c")
    assert feed.validators == Validators('"1"')
    assert feed.due == AT + feed.delay
    assert feed.delay == pytest.approx(3600 / 10)


def test_new_entries_quicken_a_feed_and_none_slow_it_down() -> None:
    feed = read(Feed(), "a", "b", "c")
    busy = read(feed, "d", "e", "f", "c", at=AT + 600)
    quiet = after_no_change(feed, answer(), "", BOUNDS, AT + 6 * 3600, 0.0)
    assert busy.delay < feed.delay < quiet.delay


def test_sharing_no_entry_is_a_gap_that_halves_the_delay() -> None:
    feed = replace(read(Feed(), "a", "b"), delay=600.0)
    assert lost_entries(feed, ["c", "d"])
    assert not lost_entries(feed, ["b", "c"])
    assert not lost_entries(feed, [])
    assert not lost_entries(Feed(), ["c"])
    gap = read(feed, "c", "d", at=AT + 600)
    assert gap.delay == 300.0
    assert read(gap, "e", "f", at=AT + 900).delay == 150.0


def test_a_304_keeps_the_entries_and_what_it_does_not_replace() -> None:
    feed = read(Feed(), "a")
    after = after_no_change(feed, Answer("unchanged"), "", BOUNDS, AT + 600, 0.0)
    assert (after.entries, after.body, after.validators) == (feed.entries, feed.body, feed.validators)


def test_a_failure_keeps_what_is_known_and_a_success_clears_it() -> None:
    feed = read(Feed(), "a")
    failing = after_failure(feed, "http-503", 900.0, BOUNDS, AT, 0.0)
    assert (failing.state, failing.reason, failing.delay) == ("failing", "http-503", 900.0)
    assert (failing.entries, failing.validators, failing.visited) == (feed.entries, feed.validators, feed.visited)
    again = after_no_change(failing, Answer("unchanged"), "", BOUNDS, AT + 900, 0.0)
    assert (again.state, again.reason, again.failures) == ("live", "", 0)


def test_an_outlet_is_deaf_after_three_failures_or_before_the_first_reading() -> None:
    feed = read(Feed(), "a")
    assert not Feed().alive
    for _ in range(DEAF_AFTER - 1):
        feed = after_failure(feed, "timeout", 0.0, BOUNDS, AT, 0.0)
    assert feed.alive
    assert not after_failure(feed, "timeout", 0.0, BOUNDS, AT, 0.0).alive


def test_a_move_is_remembered_until_it_has_failed_three_times() -> None:
    feed = read(Feed(), "a", moved="https://new.example/")
    assert feed.moved == "https://new.example/"
    assert read(feed, "a").moved == "https://new.example/"
    for _ in range(DEAF_AFTER):
        feed = after_failure(feed, "dns", 0.0, BOUNDS, AT, 0.0)
    assert (feed.moved, feed.validators, feed.body) == ("", Validators(), "")
    assert feed.entries == ("a",)


def test_gone_is_a_state_of_its_own() -> None:
    feed = after_gone(read(Feed(), "a"), AT)
    assert (feed.state, feed.alive) == ("gone", False)


def test_what_is_stored_comes_back_and_an_older_row_still_reads() -> None:
    feed = read(Feed(), "a", moved="https://new.example/")
    assert msgspec.json.decode(msgspec.json.encode(feed), type=Feed) == feed
    assert msgspec.json.decode(b'{"read": true, "later": 1}', type=Feed).read
