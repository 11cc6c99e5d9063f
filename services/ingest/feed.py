"""What is remembered of a feed, and how a visit changes it; never fetches, and time and chance come in as arguments.

All times are seconds since the epoch on the machine's clock: they decide when to come back, never what an article is
stamped with.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from services.ingest.response import NO_VALIDATORS, Answer, Validators
from services.ingest.schedule import (
    Pace,
    delay_after_failure,
    delay_after_gap,
    delay_after_recovery,
    next_delay,
    pace_of_dates,
)

# After so many failures in a row an outlet counts as silent because we cannot hear it, and an address that a
# permanent redirect led to is given up for the one that the desk listed.
DEAF_AFTER: Final = 3


class Feed(Struct, frozen=True, kw_only=True):
    """A feed between two visits.

    `body` is the hash of the last body read, `moved` the address that permanent redirects led to, `entries` the ids
    that the last reading showed, `read` whether it was ever read (what it shows first is backfill), `gap_delay` the
    shortened interval of a feed that lost entries, or 0.
    """

    validators: Validators = NO_VALIDATORS
    body: str = ""
    moved: str = ""
    gone: bool = False
    failures: int = 0
    reason: str = ""
    pace: Pace = Pace()
    gap_delay: float = 0.0
    delay: float = 0.0
    visited: float = 0.0
    due: float = 0.0
    entries: tuple[str, ...] = ()
    read: bool = False

    @property
    def state(self) -> str:
        """The label of the metric: "gone", "failing" from the first failed visit on, else "live"."""
        return "gone" if self.gone else "failing" if self.failures else "live"

    @property
    def alive(self) -> bool:
        """Whether silence means that there is no news: one lost visit does not make us deaf, three do."""
        return self.read and not self.gone and self.failures < DEAF_AFTER


class Bounds(NamedTuple):
    """The shortest and the longest interval between two visits, in seconds."""

    shortest: float
    longest: float


class Seen(NamedTuple):
    """What a reading of a feed showed: the hash of its body, its entries' ids and the dates of those that have one."""

    body: str
    ids: tuple[str, ...]
    dates: Sequence[datetime]


def lost_entries(feed: Feed, ids: Sequence[str]) -> bool:
    """Whether entries may have come and gone unseen: this reading shares none with the one before."""
    return bool(feed.entries) and bool(ids) and set(feed.entries).isdisjoint(ids)


def after_reading(feed: Feed, answer: Answer, seen: Seen, moved: str, bounds: Bounds, at: float, chance: float) -> Feed:
    """The feed after a visit that brought a body and read it."""
    known = set(feed.entries)
    new = sum(1 for id_ in seen.ids if id_ not in known)
    pace = (
        feed.pace.after(new, at - feed.visited)
        if feed.read
        else pace_of_dates(seen.dates, datetime.fromtimestamp(at).astimezone())
    )
    if lost_entries(feed, seen.ids):
        gap_delay = delay_after_gap(feed.delay or bounds.shortest, bounds.shortest)
    else:
        gap_delay = delay_after_recovery(feed.gap_delay, bounds.shortest)
    feed = replace(
        feed, validators=answer.validators, body=seen.body, entries=seen.ids, read=True, pace=pace, gap_delay=gap_delay
    )
    return _planned(feed, answer, moved, bounds, at, chance)


def after_no_change(feed: Feed, answer: Answer, moved: str, bounds: Bounds, at: float, chance: float) -> Feed:
    """The feed after a 304, or a body that is the one read before."""
    feed = replace(
        feed,
        validators=feed.validators.updated(answer.validators),
        pace=feed.pace.after(0, at - feed.visited),
        gap_delay=delay_after_recovery(feed.gap_delay, bounds.shortest),
    )
    return _planned(feed, answer, moved, bounds, at, chance)


def after_failure(feed: Feed, reason: str, retry_after: float, bounds: Bounds, at: float, chance: float) -> Feed:
    """The feed after a visit that brought nothing usable. What is known of its entries stays."""
    failures = feed.failures + 1
    delay = delay_after_failure(
        failures, shortest=bounds.shortest, longest=bounds.longest, retry_after=retry_after, chance=chance
    )
    if feed.moved and failures >= DEAF_AFTER:
        # Validators belong to the address that gave them.
        feed = replace(feed, moved="", validators=NO_VALIDATORS, body="")
    return replace(feed, failures=failures, reason=reason, delay=delay, due=at + delay)


def after_gone(feed: Feed, at: float) -> Feed:
    """The feed after a 410: it is not visited again."""
    return replace(feed, gone=True, reason="http-410", visited=at)


def _planned(feed: Feed, answer: Answer, moved: str, bounds: Bounds, at: float, chance: float) -> Feed:
    delay = next_delay(
        feed.pace,
        shortest=bounds.shortest,
        longest=bounds.longest,
        fresh_for=answer.fresh_for,
        retry_after=answer.retry_after,
        gap_delay=feed.gap_delay,
        chance=chance,
    )
    return replace(feed, moved=moved or feed.moved, failures=0, reason="", delay=delay, visited=at, due=at + delay)
