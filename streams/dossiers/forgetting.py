"""Frozen days older than half a year -> where the filter stood after them; never a position that differs for it.

What the days said is in the filter's state after the last of them, exactly: going on from there gives the same numbers
to the last bit. What is lost is the days themselves: an article that is withdrawn, or turns up, so late changes
nothing any more. That bounds what a key takes, however long it is followed.
"""

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
    known: bool

    def node(self) -> Node:
        """Return the filter's first node; an index of 0 in its `since` means `self.since`."""
        return Node(self.time, self.filtered, self.stayed, self.entered, self.best, (0, 0, 0), self.entered)

    def event(self) -> Event:
        """Return an event that holds the first place and says nothing."""
        lead = Report((self.time, "", -1), "", None, frozenset(), self.time, {})
        return Event(leads=[lead], latest=self.time, frozen=True)


def make_past(day: str, last: Node, since: Triple, known: bool) -> Past:
    """Return what is kept of all nodes up to `last`; the weights of having begun a stay with any are summed up."""
    return Past(day, last.time, last.filtered, last.stayed, last.summed, last.best, since, known)
