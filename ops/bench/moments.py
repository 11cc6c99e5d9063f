"""Readings in the order in which they are fetched -> the evidence after each of them, which every detector is shown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from streams.dossiers.dossier import Dossier
from streams.dossiers.emissions import is_evidence, make_emissions
from streams.records import Reading
from streams.shift_settings import DAY, ShiftSettings

KEY = "ruritania"


@dataclass(frozen=True, slots=True)
class Moment:
    """One reading has come. `copy` says that another report stands for its own, `opens` that it began an event.

    `value` is what a detector of change in a mean is fed: +1 is surely favor, -1 surely against. `now` in seconds.
    """

    reading: Reading
    dossier: Dossier
    now: float
    copy: bool
    opens: bool

    @property
    def value(self) -> float:
        return self.reading.probabilities.favor - self.reading.probabilities.against


def follow(readings: Iterable[Reading], settings: ShiftSettings) -> Iterator[Moment]:
    """Yield a moment for each reading that is evidence, once there is a position to leave."""
    dossier = Dossier(settings, make_emissions(settings))
    now = 0.0
    for reading in readings:
        if not is_evidence(reading):
            continue
        dossier.add(reading)
        dossier.refresh()
        now = max(now, reading.fetched.timestamp())
        copy, opens = _place(reading, dossier)
        yield Moment(reading, dossier, now, copy, opens)


def _place(reading: Reading, dossier: Dossier) -> tuple[bool, bool]:
    earliest = reading.time.timestamp() - 4 * DAY
    for event in reversed(dossier.events):
        if event.start < earliest:
            break
        for report in event.leads:
            if reading.id in report.items:
                return False, report is event.leads[0]
    return True, False
