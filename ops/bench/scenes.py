"""A world and a course -> when each detector raised its alarms, actor by actor; judges nobody."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import process_time
from typing import Final, Protocol

from ops.bench.actors import EPOCH, Course, World, speak
from ops.bench.moments import Moment, follow
from streams.shift_settings import DAY, ShiftSettings

SHIPPED: Final = ShiftSettings()


class Panel(Protocol):
    """One kind of detector at several settings."""

    def take(self, moment: Moment) -> Sequence[Hashable]:
        """Return the settings at which an alarm is raised at this moment."""


Alarm = tuple[str, Hashable]


@dataclass
class Alarms:
    """By kind and setting, and by actor: the days since the beginning on which alarms were raised.

    `moments` counts what the detectors were shown, `seconds` what each kind took for it, the filter's own under "".
    """

    days: dict[Alarm, dict[int, list[float]]] = field(default_factory=dict)
    moments: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def of(self, kind: str, setting: Hashable, seed: int) -> list[float]:
        """Return the days on which this one alarmed at that actor."""
        return self.days.get((kind, setting), {}).get(seed, [])


def watch(
    world: World, course: Course, days: float, seeds: Iterable[int], make: Callable[[int], Mapping[str, Panel]],
    change: float | None = None, settings: ShiftSettings = SHIPPED,
) -> Alarms:  # fmt: skip
    """Show what each actor says to a fresh set of detectors, of one setting each where there is a `change`.

    `settings` are those by which evidence is gathered and filtered. An actor's story ends when all of them have alarmed
    after the day of the change.
    """
    alarms = Alarms()
    for seed in seeds:
        panels = dict(make(seed))
        clock = process_time()
        for moment in follow(speak(world, course, days, seed), settings):
            clock = _charge(alarms, "", clock)
            alarms.moments += 1
            day = (moment.now - EPOCH.timestamp()) / DAY
            for kind in list(panels):
                for setting in panels[kind].take(moment):
                    alarms.days.setdefault((kind, setting), {}).setdefault(seed, []).append(day)
                    if change is not None and day >= change:
                        panels.pop(kind, None)
                clock = _charge(alarms, kind, clock)
            if not panels:
                break
    return alarms


def _charge(alarms: Alarms, kind: str, since: float) -> float:
    now = process_time()
    alarms.seconds[kind] = alarms.seconds.get(kind, 0.0) + now - since
    return now
