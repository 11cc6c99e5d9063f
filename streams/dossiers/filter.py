"""Events in their order -> the filter after each of them, and from which on a position is known; run again only from
the first event that changed.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from streams.dossiers.events import Event
from streams.dossiers.forgetting import Past
from streams.dossiers.passages import Node, passage_rate, step
from streams.dossiers.recent import Recent
from streams.shift_settings import DAY, ShiftSettings


@dataclass(slots=True)
class Filter:
    """One node for each event; `known` is the index of the first at which there was evidence enough, or None."""

    settings: ShiftSettings
    nodes: list[Node] = field(default_factory=list)
    known: int | None = None
    _recent: Recent = field(default_factory=Recent)

    def since(self, time: float) -> tuple[float, AbstractSet[str]]:
        """Return the effective number of events from `time` on, and their outlets; a view until the next question."""
        return self._recent.since(time)

    def run_again(self, events: Sequence[Event], first: int, past: Past | None) -> None:
        """Take in that the events from the `first` on are other ones; the filter starts from `past` where there is one.

        `past` then stands for the first of the events.
        """
        rate = passage_rate(self.settings)
        del self.nodes[first:]
        self._recent.cut(first)
        for event in events[first:]:
            self._recent.append(event)
        node = self.nodes[-1] if self.nodes else None
        if past is not None and first == 0:
            node, first = past.node(), 1
            self.nodes.append(node)
            self.known = 0 if past.known else None
        for index in range(first, len(events)):
            node = step(node, events[index], index, rate)
            self.nodes.append(node)
        if self.known is None or self.known >= first:
            self.known = next((i for i in range(first, len(events)) if self._known_at(events, i)), None)

    def _known_at(self, events: Sequence[Event], index: int) -> bool:
        count, outlets, since = 0.0, set[str](), events[index].start - self.settings.known_days * DAY
        while index >= 0 and events[index].start >= since:
            count += events[index].count
            outlets |= events[index].outlets
            if count >= self.settings.known_events - 1e-9 and len(outlets) >= self.settings.known_outlets:
                return True
            index -= 1
        return False
