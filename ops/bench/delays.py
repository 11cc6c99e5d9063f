"""How long a shift takes to be noticed, and how often one is seen that never was: ours beside the oracle.

    python -m ops.bench.delays              (some ten minutes on one core)

Actors that are steady for a year and then flip from favor to against, or to mixed. Ours uses the shipped thresholds;
the oracle's bar is set to the same budget of false alarms on the same steady years. Days are medians.
"""

import math
import sys
from statistics import median

from ops.bench.actors import EPOCH, WORSE, World, speak
from ops.bench.detector import watch
from ops.bench.oracle import first_crossings
from streams.shift_settings import ShiftSettings

FLIP = 365.0
AFTER = 365.0
ACTORS = {0.2: 60, 1.0: 30, 5.0: 10}
BARS = (2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 7.0)
BUDGET = ShiftSettings().false_alerts_per_actor_year


def ours(world: World, before: float, after: float, seeds: range) -> tuple[float, float, list[float], list[float]]:
    """Return false confirmed alerts per year before the flip, the share found, and days to pending and to confirmed."""
    false, pending, confirmed = 0, list[float](), list[float]()
    for seed in seeds:
        readings = speak(world, lambda day: before if day < FLIP else after, FLIP + AFTER, seed)
        alerts = [alert for alert in watch(readings, ShiftSettings(), (None,)).alerts[None] if alert.kind == "shift"]
        days = {id(alert): (alert.at - EPOCH).total_seconds() / 86400.0 - FLIP for alert in alerts}
        false += sum(alert.status == "confirmed" and days[id(alert)] < 0 for alert in alerts)
        for status, into in (("pending", pending), ("confirmed", confirmed)):
            into.append(min((d for a in alerts if a.status == status and (d := days[id(a)]) >= 0), default=math.inf))
    return false / (len(seeds) * FLIP / 365.0), sum(d < math.inf for d in confirmed) / len(seeds), pending, confirmed


def oracle(world: World, before: float, after: float, seeds: range) -> tuple[float, float]:
    """Return the bar's false alarms per year, nearest below the budget, and the median days at that bar."""
    start = EPOCH.timestamp() + FLIP * 86400.0
    false, delays = dict.fromkeys(BARS, 0), {bar: list[float]() for bar in BARS}
    for seed in seeds:
        readings = speak(world, lambda day: before if day < FLIP else after, FLIP + AFTER, seed)
        alarms, delay = first_crossings(readings, world, before, after, BARS, start)
        for bar in BARS:
            false[bar] += alarms[bar]
            delays[bar].append(delay.get(bar, math.inf))
    bar = next((bar for bar in BARS if false[bar] / len(seeds) <= BUDGET), BARS[-1])
    return false[bar] / len(seeds), median(delays[bar])


def main() -> None:
    out = sys.stdout
    out.write("readings/day  reader    flip             false/yr   pending  confirmed  found | oracle false/yr  days\n")
    for rate, actors in ACTORS.items():
        for reader, confusion in (("measured", World.confusion), ("worse", WORSE)):
            world = World(rate=rate, confusion=confusion)
            for name, before, after in (("favor->against", 0.9, 0.1), ("favor->mixed", 0.9, 0.5)):
                seeds = range(90_000, 90_000 + actors)
                false, found, pending, confirmed = ours(world, before, after, seeds)
                bar_false, days = oracle(world, before, after, seeds)
                waits = f"{median(pending):7.0f}d  {median(confirmed):8.0f}d  {found:5.0%}"
                out.write(
                    f"{rate:12g}  {reader:8}  {name:15}  {false:8.2f}  {waits} | {bar_false:15.2f}  {days:4.0f}d\n"
                )
                out.flush()


if __name__ == "__main__":
    main()
