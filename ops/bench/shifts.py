"""How long a shift takes to be noticed, at equal rates of false alarms: ours, river's detectors, and the oracle.

    make bench-shifts ARGS="--seed 90000"

Invented actors that stand still set each detector's bar: the loosest that alarms no oftener than the budget, half an
alarm a year, on actors that favor and never move. Then others move, and the days until each detector notices are
counted; the table has the medians. Ramps count from their half-way point. The last columns are what the shipped
thresholds do, which must hold for any mix of stances and not for these actors alone; they were made for the shipped
number of passages a year, and mean nothing with another one.
"""

import argparse
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

from msgspec.structs import replace

from ops.bench.actors import UNSURE, WORSE, World
from ops.bench.bars import make_all, make_chosen, set_bars, settings_of
from ops.bench.scenes import SHIPPED, Alarms, watch

BEFORE = 0.9
# Long enough for twenty effective events at the slowest rate, and for a position to be known.
CHANGE = 365.0
RIVER = ("ADWIN", "Page-Hinkley", "KSWIN")
# Actor-years that set the bars, and actors that move, by readings a day.
YEARS = {0.2: 60, 0.5: 40, 1.0: 24, 2.0: 12, 5.0: 6}
MOVERS = {0.2: 31, 0.5: 25, 1.0: 21, 2.0: 15, 5.0: 11}


@dataclass(frozen=True)
class Scene:
    """How an actor moves: from BEFORE to `after`, within `ramp` days around the change."""

    name: str
    after: float = 0.1
    ramp: float = 0.0

    def course(self, day: float) -> float:
        """Return the share of favor on that day."""
        done = min(1.0, max(0.0, (day - CHANGE) / self.ramp + 0.5)) if self.ramp else float(day >= CHANGE)
        return BEFORE + done * (self.after - BEFORE)


FLIP, PARTIAL = Scene("full flip"), Scene("to mixed", after=0.5)
RAMPS = tuple(Scene(f"ramp of {days} days", ramp=days) for days in (14, 60, 180))


def plan(quick: bool) -> Iterator[tuple[str, World, Sequence[Scene]]]:
    """Yield the readers, worlds and scenes of the table."""
    if quick:
        yield "measured", World(rate=1.0), (FLIP,)
        return
    for rate in YEARS:
        scenes = (FLIP, PARTIAL, *RAMPS) if rate == 1.0 else (FLIP, PARTIAL) if rate in {0.2, 5.0} else (FLIP,)
        yield "measured", World(rate=rate), scenes
    for rate in (0.2, 1.0):
        yield "worse", World(rate=rate, confusion=WORSE, sure=UNSURE), (FLIP,)
    yield "30 % late", World(rate=1.0, late=0.3), (FLIP,)


def delays(alarms: Alarms, since: float, seeds: Sequence[int]) -> dict[str, float]:
    """Return each detector's median days from the change to its first alarm after `since`, of its best setting."""
    found: dict[str, list[float]] = {}
    for kind, setting in alarms.days:
        waits = [
            min((day - CHANGE for day in alarms.of(kind, setting, seed) if day >= since), default=math.inf)
            for seed in seeds
        ]
        found.setdefault(kind, []).append(median(waits))
    return {kind: min(medians) for kind, medians in found.items()}


HEAD = """\
readings                              |                        | river, all as it comes  | river, without copies   |  moving | shipped table
   a day  reader     change           |  Parley  oracle  ratio |  fastest         Parley |  fastest         Parley | average |    days  false/yr
"""  # noqa: E501


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=90_000, help="of the first actor")
    parser.add_argument("--quick", action="store_true", help="one row from a few actors, to see that it runs")
    parser.add_argument("--scale", type=float, default=1.0, help="so many times as many actors")
    parser.add_argument("--passages", type=float, help="passages a year that the detector takes for granted")
    options = parser.parse_args()
    settings = replace(SHIPPED, passages_per_year=options.passages or SHIPPED.passages_per_year)
    out, began = sys.stdout, time.process_time()
    spent, moments = 0.0, 0
    out.write(HEAD)
    for reader, world, scenes in plan(options.quick):
        scale = 0.2 if options.quick else options.scale
        actors = max(1, round(YEARS[world.rate] * scale / 2))
        steady = range(options.seed, options.seed + actors)
        make = partial(make_all, world, BEFORE, [scene.after for scene in scenes], settings)
        panels = settings_of(make(0))
        alarms = watch(world, lambda _: BEFORE, 2 * 365.0, steady, make, settings=settings)
        bars = set_bars(alarms, panels, 2.0 * actors)
        shipped = sum(len(days) for days in alarms.days.get(("Parley", None), {}).values()) / (2.0 * actors)
        for scene in scenes:
            seeds = range(options.seed + 5000, options.seed + 5000 + max(3, round(MOVERS[world.rate] * scale)))
            after = 1000.0 if world.rate < 0.5 else 500.0
            moved = watch(
                world, scene.course, CHANGE + after, seeds,
                partial(make_chosen, world, BEFORE, scene.after, bars, settings), CHANGE - scene.ramp / 2, settings,
            )  # fmt: skip
            spent += moved.seconds.get("", 0.0) + moved.seconds.get("shipped", 0.0)
            moments += moved.moments
            out.write(row(world.rate, reader, scene, delays(moved, CHANGE - scene.ramp / 2, seeds), shipped))
            out.flush()
    out.write(f"\nParley: {1000 * spent / moments:.2f} ms of processor time a reading. ")
    out.write(f"All: {(time.process_time() - began) / 60:.1f} minutes of one core.\n")


def row(rate: float, reader: str, scene: Scene, days: Mapping[str, float], shipped: float) -> str:
    """Return one line of the table; beside river's fastest, Parley's days as a share of its days."""
    ours, oracle, table = (days.get(kind, math.inf) for kind in ("Parley", "oracle", "shipped"))
    raw = fastest(days, lambda kind: kind.startswith(RIVER) and ", all," in kind)
    helped = fastest(days, lambda kind: kind.startswith(RIVER) and ", all," not in kind)
    average = fastest(days, lambda kind: kind.startswith("moving"))
    cells = [
        f"{rate:8g}  {reader:9}  {scene.name:16}",
        f"{ours:6.1f}d {oracle:6.1f}d  {ratio(ours, oracle)}",
        *(f"{wait:6.1f}d {kind.split(',')[0]:>9.9}  {ratio(ours, wait)}" for wait, kind in (raw, helped)),
        f"{average[0]:6.1f}d",
        f"{table:6.1f}d  {shipped:8.2f}",
    ]
    return " | ".join(cells) + "\n"


def fastest(days: Mapping[str, float], among: Callable[[str], bool]) -> tuple[float, str]:
    """Return the shortest wait and whose it was."""
    return min(((wait, kind) for kind, wait in days.items() if among(kind)), default=(math.inf, "none"))


def ratio(one: float, other: float) -> str:
    return f"{one / other:5.2f}" if other > 0 and math.isfinite(one) and math.isfinite(other) else "    –"


if __name__ == "__main__":
    main()
