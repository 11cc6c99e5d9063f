"""Two voices that may part, as they stand at one moment: how far apart, and who has moved; decides nothing.

Either may be one whose evidence is here or one of which another worker told (streams/sides.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from streams.dossiers.emissions import Triple
from streams.records import AlertKind, Evidence, State
from streams.shift_settings import ShiftSettings


class Side(Protocol):
    """One of the two, at this moment. Times are seconds; `events` are the effective ones of its present stay."""

    @property
    def name(self) -> str: ...

    @property
    def chances(self) -> Triple: ...

    @property
    def state(self) -> State: ...

    @property
    def since(self) -> float: ...

    @property
    def latest(self) -> float: ...

    @property
    def events(self) -> float: ...

    @property
    def drifted(self) -> bool:
        """Whether it stands where it does because a new model reads the same words otherwise."""
        ...

    def evidence(self, before: State) -> tuple[Evidence, ...]:
        """Return the readings that speak loudest for its state over `before`."""


@dataclass(frozen=True, kw_only=True)
class Parties:
    """Who may part: `actor` and `speaker` as an alert names them for the first side, `other` for the second.

    `is_news` says that it was a reading of today's that made us look, not time, an ally's word or a reading that was
    read again: the reader's own change shows in those.
    """

    kind: AlertKind
    one: Side
    other: Side
    now: float
    cause_time: float
    rate: float
    reading: str | None
    withdrawal: bool
    is_held: Callable[[], bool]
    settings: ShiftSettings
    is_news: bool = False

    @property
    def apart(self) -> float:
        """P(the two hold different positions)."""
        return 1.0 - sum(p * q for p, q in zip(self.one.chances, self.other.chances, strict=True))

    @property
    def mover(self) -> Side:
        """Whose present position is the newer one: a speaker's own, in a departure, whoever moved."""
        if self.kind == "departure" or self.one.since >= self.other.since:
            return self.one
        return self.other

    @property
    def stayer(self) -> Side:
        return self.other if self.mover is self.one else self.one

    @property
    def parted(self) -> float:
        """When the later of the two came to where it is."""
        return max(self.one.since, self.other.since)
