"""Simulated readings through the real dossier and the real life of alerts, at several thresholds at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from streams.cases import Case
from streams.dossiers.dossier import Dossier
from streams.dossiers.emissions import is_evidence, make_emissions
from streams.records import Reading, ShiftAlert
from streams.shift_settings import ShiftSettings
from streams.shifts import Cause, Life, advance


@dataclass
class Run:
    """What one actor's readings gave: alerts by threshold, and the effective events per day as the detector saw it."""

    alerts: dict[float | None, list[ShiftAlert]]
    rates: list[float] = field(default_factory=list)
    known: float | None = None

    @property
    def rate(self) -> float:
        return sum(self.rates) / len(self.rates) if self.rates else 0.0

    def confirmed(self, threshold: float | None) -> list[ShiftAlert]:
        return [a for a in self.alerts[threshold] if a.kind == "shift" and a.status == "confirmed"]


def watch(
    readings: Iterable[Reading], settings: ShiftSettings, thresholds: Sequence[float | None], key: str = "ruritania"
) -> Run:
    """Follow the readings in their order; a threshold of None is the shipped table's. Only the alerts depend on it."""
    dossier = Dossier(settings, make_emissions(settings))
    chosen = {threshold: replace(settings, confirm=threshold) for threshold in thresholds}
    lives = dict.fromkeys(thresholds, Life())
    run = Run({threshold: [] for threshold in thresholds})
    now = 0.0
    for n, reading in enumerate(readings):
        if not is_evidence(reading):
            continue
        dossier.add(reading)
        dossier.refresh()
        now = max(now, reading.fetched.timestamp())
        cause = Cause(reading=reading)
        for threshold, own in chosen.items():
            case = Case(key, dossier, now, lambda _: None, own, reading.time.timestamp())
            lives[threshold], told = advance(lives[threshold], case, cause)
            run.alerts[threshold] += told
        if dossier.known is not None:
            run.known = run.known or now
            if n % 20 == 0:
                run.rates.append(case.rate())
    return run
