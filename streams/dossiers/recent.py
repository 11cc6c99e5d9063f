"""Events in their order -> how much was said since a time, and by whom; the same as counting them all from scratch.

What is asked is nearly always the last three months up to now. So a window is kept that moves with the question, and
an event is counted when it comes in and when it goes out, not with every question. Counts are added as whole
numbers, since a sum of fractions would remember in which order they came and went.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from streams.dossiers.events import Event

UNITS: Final = 1_000_000_000


class Tally(NamedTuple):
    """What one event counted when it was weighed: an event changes in place, and must go out as it came in."""

    start: float
    units: int
    outlets: frozenset[str]


class Recent:
    """The tallies of one key's events, and the sum over those from `_low` on."""

    def __init__(self) -> None:
        self._tallies: list[Tally] = []
        self._low = 0
        self._units = 0
        self._outlets: Counter[str] = Counter()

    def cut(self, first: int) -> None:
        """Forget the events from the `first` on."""
        for tally in self._tallies[max(first, self._low) :]:
            self._take_out(tally)
        del self._tallies[first:]
        self._low = min(self._low, first)

    def append(self, event: Event) -> None:
        """Count the next event."""
        tally = Tally(event.start, round(event.count * UNITS), event.outlets)
        self._tallies.append(tally)
        self._take_in(tally)

    def since(self, time: float) -> tuple[float, AbstractSet[str]]:
        """Return the effective number of events that started at `time` or later, and their outlets."""
        low = bisect_left(self._tallies, time, key=_start_of)
        for tally in self._tallies[low : self._low]:
            self._take_in(tally)
        for tally in self._tallies[self._low : low]:
            self._take_out(tally)
        self._low = low
        return self._units / UNITS, self._outlets.keys()

    def _take_in(self, tally: Tally) -> None:
        self._units += tally.units
        for outlet in tally.outlets:
            self._outlets[outlet] += 1

    def _take_out(self, tally: Tally) -> None:
        self._units -= tally.units
        for outlet in tally.outlets:
            self._outlets[outlet] -= 1
            if not self._outlets[outlet]:
                del self._outlets[outlet]


def _start_of(tally: Tally) -> float:
    return tally.start
