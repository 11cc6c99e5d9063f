"""The written reference -> where an actor stood on a day, and what it says of an alert; never reads the archive."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from streams.records import ShiftAlert, State

REFERENCE = Path(__file__).with_name("reference.toml")
# An alert may come so long after its shift: what the sample timeline is held to as well.
LATE = timedelta(days=60)

Certainty = Literal["sure", "likely", "arguable"]


class Stretch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One position of one actor."""

    actor: str
    position: State
    since: date = msgspec.field(name="from")
    until: date = msgspec.field(name="to")
    certainty: Certainty
    source: str


class Shift(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A passage that happened somewhere from `since` to `until`."""

    actor: str
    before: State
    after: State
    since: date = msgspec.field(name="from")
    until: date = msgspec.field(name="to")
    certainty: Certainty
    source: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    written_until: date
    stretch: tuple[Stretch, ...]
    shift: tuple[Shift, ...] = ()


@dataclass(frozen=True)
class Reference:
    """Where the archive's actors stood."""

    written_until: date
    stretches: tuple[Stretch, ...]
    shifts: tuple[Shift, ...]

    @classmethod
    def read(cls, path: Path) -> "Reference":
        """Read the file."""
        file = msgspec.toml.decode(path.read_bytes(), type=_File)
        return cls(file.written_until, file.stretch, file.shift)

    def steady(self, actor: str) -> list[Stretch]:
        """Return the stretches of one position, in order."""
        return sorted((s for s in self.stretches if s.actor == actor), key=lambda stretch: stretch.since)

    def verdict(self, alert: ShiftAlert) -> str:
        """Return in words what the reference says of the alert."""
        day = alert.at.date()
        if alert.speaker or day > self.written_until:
            return "open"
        for shift in self.shifts:
            if self._fits(shift, alert):
                return f"true shift, {shift.certainty}, {(day - shift.since).days} days after its first day"
        for stretch in self.steady(alert.actor):
            if stretch.since <= day <= stretch.until:
                return f"steady in {stretch.position}, {stretch.certainty}"
        return "open"

    def missed(self, alerts: Iterable[ShiftAlert]) -> Iterator[str]:
        """Yield the shifts for which there is no alert."""
        alerts = list(alerts)
        for shift in self.shifts:
            if not any(self._fits(shift, alert) for alert in alerts):
                passage = f"{shift.actor} {shift.before} -> {shift.after}, {shift.since} to {shift.until}"
                yield f"no alert for: {passage}, {shift.certainty}"

    def _fits(self, shift: Shift, alert: ShiftAlert) -> bool:
        who = (alert.actor, alert.speaker, alert.after) == (shift.actor, None, shift.after)
        return who and shift.since <= alert.at.date() <= shift.until + LATE
