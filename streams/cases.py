"""What a key's evidence says for and against a passage, and the readings that say it; decides nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from streams.dossiers.dossier import Dossier
from streams.dossiers.emissions import Triple
from streams.dossiers.passages import UNIFORM, passed
from streams.dossiers.reports import Item, Report
from streams.positions import at_time, likeliest, recent_events, split_key
from streams.records import Evidence, Reading, State
from streams.shift_settings import STATES, ShiftSettings

INDEX = {state: index for index, state in enumerate(STATES)}


@dataclass(frozen=True, slots=True)
class Case:
    """A key's evidence at one moment of the stream. `find` looks a reading up by its id.

    `cause_time` is the event time of the reading that made us look, or `now` where something else did.
    """

    key: str
    dossier: Dossier
    now: float
    find: Callable[[str], Reading | None]
    settings: ShiftSettings
    cause_time: float

    @property
    def actor(self) -> str:
        return split_key(self.key)[0]

    @property
    def speaker(self) -> str | None:
        return split_key(self.key)[1]

    @property
    def known(self) -> bool:
        """Whether there has been evidence enough for a position."""
        return self.dossier.known is not None

    @property
    def filtered(self) -> Triple:
        """The states' probabilities after the last evidence: silence alone argues for nothing."""
        return self.dossier.nodes[-1].filtered if self.dossier.nodes else UNIFORM

    @property
    def likeliest(self) -> State:
        return STATES[likeliest(self.filtered)]

    def probability(self, state: State) -> float:
        return self.filtered[INDEX[state]]

    def passed(self, state: State, after: float) -> float:
        """Return P(in `state` now, entered later than `after`)."""
        return passed(self.dossier.nodes, INDEX[state], after)

    def since(self, state: State) -> datetime:
        """Return the time of the first evidence of the present stay in `state`."""
        return at_time(self.dossier.events[self._first(state)].start)

    def rate(self) -> float:
        """Return the effective events per day, over the last 90 days."""
        return recent_events(self.dossier, self.now)[0] / self.settings.known_days

    def outlets(self, after: State, before: State) -> set[str]:
        """Return the outlets that independently report named evidence for `after` over `before` since the change."""
        return {
            report.outlet for weight, _, report, item in self._supporting(after, before) if weight > 0 and item.named
        }

    def evidence(self, after: State, before: State | None) -> tuple[Evidence, ...]:
        """Return the readings that speak loudest for `after` over `before` (the mean of the others for None).

        One from each report: a headline and the sentence it was made from would say the same twice.
        """
        found = sorted(
            self._supporting(after, before),
            key=lambda support: (-round(support[0], 9), -support[2].time, support[3].reading),
        )
        shown: dict[str, Evidence] = {}
        for _, share, report, item in found:
            article = report.order[1]
            reading = self.find(item.reading) if article not in shown else None
            if reading is not None:
                shown[article] = _quote(reading, min(1.0, round(share * item.weight, 6)))
            if len(shown) == self.settings.evidence_shown:
                break
        return tuple(shown.values())

    def speaks_for(self, reading: Reading, after: State, before: State) -> bool:
        """Whether the reading is likelier under `after` than under `before`."""
        evidence = self.dossier.emissions.weigh(reading)
        return evidence[INDEX[after]] > evidence[INDEX[before]]

    def _first(self, state: State) -> int:
        return self.dossier.nodes[-1].since[INDEX[state]]

    def _supporting(self, after: State, before: State | None) -> list[tuple[float, float, Report, Item]]:
        index = INDEX[after]
        found = []
        for event in self.dossier.events[self._first(after) :]:
            for report in event.leads:
                for item in report.items.values():
                    other = (
                        (sum(item.evidence) - item.evidence[index]) / 2
                        if before is None
                        else item.evidence[INDEX[before]]
                    )
                    gain = event.share * item.weight * (item.evidence[index] - other)
                    if gain > 0:
                        found.append((gain, event.share, report, item))
        return found


def _quote(reading: Reading, weight: float) -> Evidence:
    return Evidence(
        reading=reading.id,
        article=reading.article,
        outlet=reading.outlet,
        url=reading.url,
        title=reading.title,
        published=reading.published,
        speaker=reading.speaker,
        capacity=reading.capacity,
        quote=reading.quote,
        start=reading.start,
        end=reading.end,
        label=reading.probabilities.label,
        probabilities=reading.probabilities,
        weight=weight,
        condition=reading.condition,
    )
