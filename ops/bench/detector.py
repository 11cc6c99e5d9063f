"""Moments -> the shifts that Parley confirms, at several thresholds at once, by the code that the stream runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from ops.bench.moments import KEY, Moment
from streams.cases import Case
from streams.lives import Life
from streams.records import Reading, ShiftAlert
from streams.shift_settings import ShiftSettings
from streams.shifts import Cause, advance


def _unquoted(_: str) -> Reading | None:
    """A benchmark shows nobody any evidence."""
    return None


@dataclass
class Parley:
    """A threshold of None is the shipped table's. `alerts` are all states of all alerts, by threshold."""

    thresholds: Sequence[float | None]
    settings: ShiftSettings = field(default_factory=ShiftSettings)
    alerts: dict[float | None, list[ShiftAlert]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._settings = {bar: replace(self.settings, confirm=bar) for bar in self.thresholds}
        self._lives = dict.fromkeys(self.thresholds, Life())
        self.alerts = {bar: [] for bar in self.thresholds}

    def take(self, moment: Moment) -> list[float | None]:
        """Return the thresholds at which a shift was confirmed at this moment."""
        alarms: list[float | None] = []
        alike: dict[int, list[float | None]] = {}
        for bar in sorted(self.thresholds, key=lambda bar: -1.0 if bar is None else bar):
            # The table's threshold moves with the evidence, so no other says what it decides.
            alike.setdefault(id(self._lives[bar]) if bar is not None else 0, []).append(bar)
        for bars in alike.values():
            self._advance(bars, moment, alarms)
        return alarms

    def _advance(self, bars: list[float | None], moment: Moment, alarms: list[float | None]) -> None:
        """Advance lives that are one: what the lowest and the highest threshold agree on, those between do as well."""
        low = self._step(bars[0], moment)
        if len(bars) > 1 and low != self._step(bars[-1], moment):
            middle = len(bars) // 2
            self._advance(bars[:middle], moment, alarms)
            self._advance(bars[middle:], moment, alarms)
            return
        life, told = low
        for bar in bars:
            self._lives[bar] = life
            self.alerts[bar] += told
        if any(alert.kind == "shift" and alert.status == "confirmed" for alert in told):
            alarms += bars

    def _step(self, bar: float | None, moment: Moment) -> tuple[Life, tuple[ShiftAlert, ...]]:
        time = moment.reading.time.timestamp()
        case = Case(KEY, moment.dossier, moment.now, _unquoted, self._settings[bar], time)
        return advance(self._lives[bar], case, Cause(reading=moment.reading))
