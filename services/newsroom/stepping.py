"""The timeline's own clock: (state, event) -> state, stop by stop; never asks what time it is, nor serves anything.

The clock stands shortly after the newest article that is out and runs in real seconds, until it jumps to the next
stop. It moves only while somebody reads it, and only once the feed that carries the newest article has been fetched,
so that a slow machine shows the same as a fast one. Real time comes in as `at`: seconds that only grow.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

BACKLOG: Final = timedelta(days=10)
AFTER: Final = timedelta(minutes=1)
LONG_GAP: Final = timedelta(days=20)
MOST_PAUSES: Final = 3
PATIENCE: Final = 10.0


class Release(NamedTuple):
    """At `at` the feed of `outlet` shows something new: an article, or with `edits` 1 its edited text."""

    at: datetime
    outlet: str
    article: str
    edits: int = 0


class Stop(NamedTuple):
    """Where the clock stands: how many releases are out, and whose feeds have to be fetched before it goes on."""

    at: datetime
    released: int
    awaits: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stepping:
    """The clock's state.

    `since` is the real second at which it came to this stop, None before it was first read; `visited` is the real
    second of the first fetch of any feed, None before it.
    """

    stops: tuple[Stop, ...]
    step: float
    patience: float = PATIENCE
    index: int = 0
    since: float | None = None
    awaited: frozenset[str] = frozenset()
    visited: float | None = None

    @property
    def released(self) -> int:
        """How many releases the feeds show."""
        return self.stops[self.index].released


def plan_stops(releases: Sequence[Release], outlets: Iterable[str]) -> tuple[Stop, ...]:
    """Where the clock will stand, one stop after the other; `releases` are in order of time and there is at least one.

    The first stop has ten days of articles out already and awaits every feed, so that each feed's first visit finds
    its backlog and nothing later. Long gaps get pauses without an article, in which positions age. A last stop awaits
    the last feed once more: who fetches it again has dealt with what it fetched before.
    """
    backlog = sum(release.at <= releases[0].at + BACKLOG for release in releases)
    stops = [Stop(releases[backlog - 1].at + AFTER, backlog, frozenset(outlets))]
    for count, release in enumerate(releases[backlog:], backlog + 1):
        last = stops[-1]
        gap = release.at - last.at
        pauses = min(MOST_PAUSES, gap // LONG_GAP)
        stops += [Stop(last.at + gap * n / (pauses + 1), last.released, frozenset()) for n in range(1, pauses + 1)]
        stops.append(Stop(max(last.at, release.at + AFTER), count, frozenset([release.outlet])))
    last = stops[-1]
    return (*stops, last._replace(at=last.at + AFTER, awaits=frozenset([releases[-1].outlet])))


def begin(stops: tuple[Stop, ...], step: float, patience: float = PATIENCE) -> Stepping:
    """The clock before it is first read: it stands at its first stop, and so do its feeds."""
    return Stepping(stops, step, patience, awaited=stops[0].awaits)


def look(clock: Stepping, at: float) -> Stepping:
    """Somebody reads the clock: it starts, or goes on by one stop where that is due."""
    if clock.since is None:
        return replace(clock, since=at)
    if clock.index + 1 == len(clock.stops) or not _due(clock, at):
        return clock
    following = clock.index + 1
    return replace(clock, index=following, since=at, awaited=clock.stops[following].awaits)


def fetch(clock: Stepping, outlet: str, at: float) -> Stepping:
    """Somebody fetches an outlet's feed."""
    visited = at if clock.visited is None else clock.visited
    return replace(clock, awaited=clock.awaited - {outlet}, visited=visited)


def read(clock: Stepping, at: float) -> datetime:
    """The timeline's time: it never runs back, and never past what the next stop will release."""
    stop = clock.stops[clock.index]
    if clock.since is None:
        return stop.at
    now = stop.at + timedelta(seconds=max(0.0, at - clock.since))
    if clock.index + 1 == len(clock.stops):
        return now
    return min(now, max(stop.at, clock.stops[clock.index + 1].at - AFTER))


def is_done(clock: Stepping, at: float) -> bool:
    """Whether the last article is out and has been taken notice of."""
    return clock.index + 1 == len(clock.stops) and _due(clock, at)


def _due(clock: Stepping, at: float) -> bool:
    if clock.since is None or at - clock.since < clock.step:
        return False
    # A reader that reads the time but has fetched nothing yet is still starting: that is waited for without end.
    return not clock.awaited or (clock.visited is not None and at - max(clock.since, clock.visited) >= clock.patience)
