"""Invented actors that speak, and the readings that a newsroom's day would make of it; knows nothing of detectors.

A simulated actor holds a course over time. Its occasions come as a Poisson process; each draws one stance from the
course's mix, is told in several readings over some two days (a reading keeps the occasion's stance with probability
`cohesion`, else it draws its own), by several outlets, some of them copying one another's text. The reader then
confuses stances as its confusion says, and is surer of what it got right than of what it did not.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from streams.records import Capacity, Probabilities, Reading, Stance, content_id

EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
STANCES: tuple[Stance, Stance, Stance] = ("favor", "against", "neither")
# Share of favor among the stances, by day.
Course = Callable[[float], float]


@dataclass(frozen=True)
class World:
    """How news is made. `confusion` has a row for each true stance: P(read as favor, against, neither)."""

    rate: float = 1.0  # readings a day, copies not counted, neithers counted
    size: float = 2.5  # readings of an occasion, on average
    spread: float = 0.5  # days after the occasion that a reading comes, on average
    # Real events up to 2025 agree so much within that 0.7 gave half of their correlation (ops/backtest/correlation.py).
    cohesion: float = 0.9
    retold: float = 0.5  # share of readings whose headline shares the occasion's words
    copies: float = 1.0  # copies of a reading, on average
    outlets: int = 20
    neither: float = 0.6
    late: float = 0.05  # share of readings that reach us days later
    # How sure the reader is of a right label and of a wrong one: the range in which 80 % of 140 real headlines lay.
    sure: tuple[tuple[float, float], tuple[float, float]] = ((0.75, 0.96), (0.55, 0.90))
    confusion: tuple[tuple[float, float, float], ...] = ((0.80, 0.03, 0.17), (0.05, 0.72, 0.23), (0.10, 0.07, 0.83))


WORSE = ((0.65, 0.08, 0.27), (0.12, 0.55, 0.33), (0.15, 0.12, 0.73))
# As unsure of what is right as of what is wrong.
UNSURE = ((0.55, 0.97), (0.55, 0.97))
HEADS = ("bram", "clor", "dren", "fosk", "glin", "harv", "jolt", "krem", "lund", "morv")
WORDS = [head + tail for head in HEADS for tail in ("ast", "eld", "ink", "orm", "uth")]


def speak(world: World, course: Course, days: float, seed: int, actor: str = "ruritania") -> list[Reading]:
    """Return the readings of `days` days in the order in which they are fetched."""
    rng = random.Random(f"{seed} {actor}")
    readings = [
        r
        for number, day in enumerate(_occasions(world, days, rng))
        for r in _tell(world, course, day, f"{actor}{number}", rng, actor)
    ]
    return sorted((r for r in readings if r.time < EPOCH + timedelta(days=days)), key=lambda r: (r.fetched, r.id))


def _occasions(world: World, days: float, rng: random.Random) -> Iterator[float]:
    day = 0.0
    while (day := day + rng.expovariate(world.rate / world.size)) < days:
        yield day


def _draw(world: World, favor: float, rng: random.Random) -> Stance:
    if rng.random() < world.neither:
        return "neither"
    return "favor" if rng.random() < favor else "against"


def _tell(world: World, course: Course, day: float, name: str, rng: random.Random, actor: str) -> Iterator[Reading]:
    stance = _draw(world, course(day), rng)
    title = " ".join(rng.sample(WORDS, 6))
    told = 1
    while rng.random() > 1.0 / world.size:
        told += 1
    for n in range(told):
        when = day if n == 0 else day + min(2.9, rng.expovariate(1.0 / world.spread))
        true = stance if rng.random() < world.cohesion else _draw(world, course(day), rng)
        read = rng.choices(STANCES, world.confusion[STANCES.index(true)])[0]
        sure = rng.uniform(*world.sure[read != true])
        rest = rng.uniform(0.2, 0.8) * (1.0 - sure)
        others = dict(zip([s for s in STANCES if s != read], (rest, 1.0 - sure - rest), strict=True))
        probabilities = Probabilities(**{read: sure, **others})
        signature = tuple(rng.getrandbits(32) for _ in range(64))
        own = title if rng.random() < world.retold else " ".join(rng.sample(WORDS, 6))
        copies = 0
        while rng.random() < world.copies / (1.0 + world.copies):
            copies += 1
        for copy in range(copies + 1):
            yield _reading(name, n, copy, when + copy / 48, world, rng, actor, probabilities, signature, own)


def _reading(
    name: str, n: int, copy: int, when: float, world: World, rng: random.Random, actor: str,
    probabilities: Probabilities, signature: tuple[int, ...], title: str,
) -> Reading:  # fmt: skip
    article = f"{name}-{n}-{copy}"
    moment = EPOCH + timedelta(days=when)
    late = timedelta(days=rng.uniform(0.2, 5.0)) if rng.random() < world.late else timedelta()
    capacity: Capacity = "unnamed" if rng.random() < 0.1 else "leader"
    return Reading(
        id=content_id(article, actor), article=article, revision=0, actor=actor, speaker="President", capacity=capacity,
        quote=title, start=0, end=len(title), probabilities=probabilities, model="simulated",
        outlet=f"outlet {rng.randrange(world.outlets)}", url="", title=title, published=moment, fetched=moment + late,
        signature=signature,
    )  # fmt: skip
