"""How often each kind of alert is false: of shifts, conditions, allies, ministers and deputies.

    .venv/bin/python -m ops.bench.kinds --budget 0.5

Every confirmed alert on an actor that stands still is false. What no desk can know is drawn for each pair of allies, as
for the thresholds (`ops.bench.thresholds`); half of the allies and of the deputies stand where their government stands,
the others somewhere else, and half of the actors ask for one thing, the others now for one and now for another. Each
actor of the simulation has one ally, two ministers and a deputy; the sum is given for the number of allies that an
actor of `streams/relations.yaml` has, on average and at most.
"""

import argparse
import math
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from scipy.stats import chi2

from ops.bench.actors import World
from ops.bench.thresholds import MIXES, draw
from ops.bench.voices import DEPUTY, MINISTERS, PAIR, PRESIDENT, Cast, Demand, Story, steady, tell
from streams.records import ShiftAlert
from streams.relations import read_relations
from streams.shift_settings import ShiftSettings

YEAR = 365.25
# What is counted, in the order of the table.
KINDS = ("shift", "shift of a deputy", "condition-change", "departure", "ally-split")
PURE = 0.9


def kind_of(alert: ShiftAlert) -> str:
    """Return what the alert counts as: a deputy's own shift is told beside the actor's."""
    return "shift of a deputy" if alert.kind == "shift" and alert.speaker else alert.kind


def draw_demand(rng: random.Random) -> Demand:
    """Return what an actor asks for, day in, day out: mostly one thing, or now one and now its neighbour."""
    first = rng.randrange(3)
    other = rng.choice([place for place in range(3) if abs(place - first) == 1])
    main = 1.0 if rng.random() < 0.5 else rng.uniform(0.5, 1.0)
    shares = tuple(main if place == first else 1.0 - main if place == other else 0.0 for place in range(3))
    return lambda _: (shares[0], shares[1], shares[2])


def draw_world(rng: random.Random) -> World:
    """Return a world as for the thresholds, with news and copies that can be followed for many years in minutes."""
    world = vars(draw(rng))
    return World(**{**world, "rate": math.exp(rng.uniform(math.log(0.2), math.log(2.0))), "copies": 0.3})


def draw_pair(rng: random.Random) -> tuple[Cast, Cast]:
    """Return two allies."""
    worlds = draw_world(rng), draw_world(rng)
    first = rng.choice(MIXES)
    second = first if rng.random() < 0.5 else rng.choice(MIXES)
    casts = []
    for actor, world, mix in zip(PAIR, worlds, (first, second), strict=True):
        own = {voice.speaker: mix if rng.random() < 0.5 else rng.choice(MIXES) for voice in (*MINISTERS, DEPUTY)}
        courses = {PRESIDENT.speaker: steady(mix)} | {speaker: steady(share) for speaker, share in own.items()}
        casts.append(Cast(actor, world, courses, draw_demand(rng), rng.uniform(0.05, 0.5)))
    return casts[0], casts[1]


@dataclass
class Counts:
    """False alerts by kind, over the actors' years with a known position and the pairs' with two."""

    alerts: Counter[str] = field(default_factory=Counter)
    years: float = 0.0
    pair_years: float = 0.0

    def add(self, story: Story) -> None:
        """Count one pair's story."""
        since = list(story.known.values())
        self.years += sum((story.until - one) / timedelta(days=YEAR) for one in since)
        if len(since) == len(PAIR):
            self.pair_years += (story.until - max(since)) / timedelta(days=YEAR)
        self.alerts.update(kind_of(alert) for alert in story.confirmed if alert.kind != "first-position")

    def rows(self) -> Iterator[tuple[str, int, float]]:
        """Yield each kind, its false alerts and the years that bore them."""
        for kind in KINDS:
            yield kind, self.alerts[kind], self.pair_years if kind == "ally-split" else self.years


def allies_an_actor() -> tuple[float, int]:
    """Return how many allies an actor of the catalogue has that has any, on average, and at most."""
    count = Counter(actor for pair in read_relations().allies for actor in pair)
    return sum(count.values()) / len(count), max(count.values())


def bound(alarms: int, years: float) -> float:
    """Return the upper end of the exact 95 % interval of the rate."""
    return float(chi2.ppf(0.975, 2 * alarms + 2)) / 2 / years if years else math.inf


def describe(counts: Counts, budget: float) -> Iterator[str]:
    """Yield the lines of the table."""
    yield f"budget {budget:g} a year; {counts.years:.0f} actor-years, {counts.pair_years:.0f} years of pairs of allies"
    rates = {}
    for kind, alarms, years in counts.rows():
        rates[kind] = alarms / years if years else 0.0
        yield f"  {kind:18} {alarms:5} false, {rates[kind]:.3f} a year (at most {bound(alarms, years):.3f})"
    # A split is told of one of the two.
    alone = sum(rate for kind, rate in rates.items() if kind != "ally-split")
    mean, most = (alone + allies / 2 * rates["ally-split"] for allies in allies_an_actor())
    yield f"  all kinds: {mean:.2f} an actor and year, {most:.2f} with as many allies as any actor has"


def count_false(numbers: Sequence[int], budget: float, years: float = 0.0) -> Iterator[Counts]:
    """Yield what the pairs of those numbers have given so far, after each of them."""
    counts, settings = Counts(), ShiftSettings(false_alerts_per_actor_year=budget)
    for number in numbers:
        rng = random.Random(f"kinds {number}")
        casts = draw_pair(rng)
        slowest = min(cast.world.rate for cast in casts)
        long = years or min(12.0, max(2.0, 3.0 / slowest))
        counts.add(tell(casts, long * 365.0, number, settings))
        sys.stderr.write(f"\r{number - numbers[0] + 1} of {len(numbers)}")
        yield counts
    sys.stderr.write("\n")


def tables(numbers: Sequence[int], budget: float, years: float) -> Iterator[str]:
    """Yield the table after every tenth pair and after the last."""
    for done, counts in enumerate(count_false(numbers, budget, years), 1):
        if done % 10 == 0 or done == len(numbers):
            yield from describe(counts, budget)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--budget", type=float, default=0.5, help="false alerts an actor may cause in a year")
    parser.add_argument("--first", type=int, default=0, help="number of the first pair")
    parser.add_argument("--pairs", type=int, default=60, help="how many")
    parser.add_argument("--years", type=float, default=0.0, help="of each pair; by default more where news is rare")
    options = parser.parse_args()
    for line in tables(range(options.first, options.first + options.pairs), options.budget, options.years):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
