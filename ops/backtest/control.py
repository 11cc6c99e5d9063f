"""Events of steady stretches in another order -> how often a shift is seen that the order alone can have made.

Whole events change places, so that what hangs together stays together; their times, outlets and readers' errors are
the archive's own. A stretch that no reference calls steady is left out.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from msgspec.structs import replace

from ops.backtest.reference import Reference, Stretch
from ops.bench.detector import Parley
from ops.bench.moments import follow
from streams.dossiers.dossier import Dossier
from streams.dossiers.emissions import is_evidence, make_emissions, position_key
from streams.records import Reading
from streams.shift_settings import DAY, ShiftSettings

YEAR = 365.25


@dataclass(frozen=True)
class Control:
    """Confirmed shifts in so many actor-years of shuffled stretches."""

    alarms: int
    years: float


def permuted_alarms(readings: Sequence[Reading], reference: Reference, permutations: int) -> Control:
    """Return what Parley confirms on the actors' events in `permutations` random orders."""
    alarms, years = 0, 0.0
    actors = sorted({stretch.actor for stretch in reference.stretches})
    for actor in actors:
        own = [r for r in readings if is_evidence(r) and position_key(r) == actor]
        blocks = gather_blocks(own)
        for number in range(permutations):
            rng = random.Random(f"{actor} {number}")
            shuffled = [r for stretch in reference.steady(actor) for r in shuffle(blocks, stretch, rng)]
            detector, since, now = Parley((None,)), 0.0, 0.0
            for moment in follow(sorted(shuffled, key=lambda r: (r.fetched, r.id)), ShiftSettings()):
                alarms += len(detector.take(moment))
                now = moment.now
                since = since or (now if moment.dossier.known is not None else 0.0)
            years += (now - since) / DAY / YEAR if since else 0.0
    return Control(alarms, years)


def gather_blocks(readings: Iterable[Reading]) -> list[list[Reading]]:
    """Return the readings by the event that they belong to; copies go with the report that stands for them."""
    dossier = Dossier(ShiftSettings(), make_emissions(ShiftSettings()))
    found = {reading.id: reading for reading in readings}
    for reading in found.values():
        dossier.add(reading)
    dossier.refresh()
    return [
        [found[item] for report in event.leads for item in report.items if item in found] for event in dossier.events
    ]


def shuffle(blocks: Sequence[Sequence[Reading]], stretch: Stretch, rng: random.Random) -> Iterator[Reading]:
    """Yield the readings of the stretch, each event at the time at which another began."""
    inside = [block for block in blocks if block and stretch.since <= block[0].time.date() <= stretch.until]
    starts = [block[0].time for block in inside]
    order = list(range(len(inside)))
    rng.shuffle(order)
    for block, place in zip(inside, order, strict=True):
        shift: timedelta = starts[place] - block[0].time
        for reading in block:
            yield replace(reading, published=reading.published + shift, fetched=reading.fetched + shift)
