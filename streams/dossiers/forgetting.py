"""Frozen days older than half a year -> where the filter stood after them; never a position that differs for it.

What the days said is in the filter's state after the last of them, exactly: going on from there gives the same numbers
to the last bit. What is lost is the days themselves: an article that is withdrawn, or turns up, so late changes
nothing any more. That bounds what a key takes, however long it is followed. A key whose position never was known, and
of which nothing but such a state is left, goes altogether: that bounds what all who are quoted once in their lives
take.
"""

from bisect import bisect_right
from collections.abc import Sequence
from math import exp, log1p

from msgspec import Struct

from streams.dossiers.emissions import Triple
from streams.dossiers.events import Event
from streams.dossiers.passages import Node
from streams.dossiers.reports import Report


class Past(Struct, frozen=True):
    """The filter after the last event of `day`; all up to that day is forgotten. `since` is when each stay began."""

    day: str
    time: float
    filtered: Triple
    stayed: Triple
    entered: Triple
    best: Triple
    since: Triple
    latest: float
    known: bool

    def node(self) -> Node:
        """Return the filter's first node; an index of 0 in its `since` means `self.since`."""
        return Node(self.time, self.filtered, self.stayed, self.entered, self.best, (0, 0, 0), self.entered)

    def event(self) -> Event:
        """Return an event that holds the first place and says nothing."""
        lead = Report((self.time, "", -1), "", None, frozenset(), self.time, {})
        return Event(leads=[lead], latest=self.latest, frozen=True)


def make_past(
    day: str, nodes: Sequence[Node], position_since: float, since: Triple, latest: float, known: bool
) -> Past:
    """Return what is kept of all `nodes`; the weights of having begun a stay with any of them are summed up.

    Only those after `position_since` count, when the position was taken that a shift would leave: what began before
    that was no passage from it.
    """
    last, before = nodes[-1], bisect_right(nodes, position_since, key=_time_of)
    summed = last.summed if before == 0 else _minus(last.summed, nodes[before - 1].summed)
    return Past(day, last.time, last.filtered, last.stayed, summed, last.best, since, latest, known)


def _time_of(node: Node) -> float:
    return node.time


def _minus(logs: Triple, others: Triple) -> Triple:
    """Return the logarithms of the differences; where nothing is left, of a number that never matters."""
    left = [a + log1p(-exp(b - a)) if b < a else -1e300 for a, b in zip(logs, others, strict=True)]
    return left[0], left[1], left[2]
