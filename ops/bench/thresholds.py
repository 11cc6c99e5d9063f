"""Makes streams/thresholds.toml: how sure a shift must be, by the rate of events and the false alarms a desk will bear.

    .venv/bin/python -m ops.bench.thresholds > streams/thresholds.toml      (some ten minutes on one core)

Invented actors that stand still are followed for years; every confirmed shift is a false alarm, since nobody moves. All
that a desk cannot know is drawn for each of them and so integrated over: how often it is in the news, how many
readings an event has and how much they agree, the share of neither, the outlets, the copies, the actor's mix and the
reader's errors. A Poisson regression of the alarms on threshold and rate smooths what is counted; the same with size,
outlets and neither beside the rate says whether they matter, and is written above the table.
"""

import argparse
import math
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ops.bench.actors import UNSURE, WORSE, World, speak
from ops.bench.detector import Parley
from ops.bench.moments import Moment, follow
from streams.shift_settings import DAY, ShiftSettings

GRID = (0.5, 0.55, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.96, 0.98, 0.99)
BUDGETS = (0.1, 0.25, 0.5, 1.0, 2.0)
MIXES = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
RATES = (0.03, 0.07, 0.15, 0.3, 0.6, 1.2)
LOWEST, HIGHEST = 0.51, 0.995
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Followed:
    """What one actor's years gave. `seen` is what the detector sees: events a day, readings an event, outlets."""

    world: World
    years: float
    seen: tuple[float, float, float]
    alarms: tuple[int, ...]


def draw(rng: random.Random) -> World:
    """Return a world; everything that varies between newsrooms and actors varies in it."""
    worse = rng.random() < 0.5
    return World(
        rate=math.exp(rng.uniform(math.log(0.1), math.log(6.0))),
        size=1.1 + rng.expovariate(1 / 1.2),
        neither=rng.uniform(0.35, 0.8),
        outlets=rng.choice((2, 3, 5, 10, 20, 40)),
        cohesion=rng.uniform(0.7, 1.0),
        copies=rng.uniform(0.1, 2.0),
        confusion=WORSE if worse else World.confusion,
        sure=UNSURE if worse else World.sure,
    )


def follow_actor(number: int) -> Followed | None:
    """Return what the actor of that number gave; None where it never had a position."""
    rng = random.Random(f"thr {number}")
    world, mix = draw(rng), rng.choice(MIXES)
    years = min(15.0, max(1.5, 6.0 / world.rate))
    detector, seen, since, now = Parley(GRID), list[tuple[float, float, float]](), 0.0, 0.0
    for count, moment in enumerate(follow(speak(world, lambda _: mix, years * 365.0, number), ShiftSettings()), 1):
        detector.take(moment)
        now = moment.now
        if moment.dossier.known is not None:
            since = since or now
            if count % 10 == 0:
                seen.append(look(moment))
    if not seen or now <= since:
        return None
    alarms = tuple(
        sum(alert.kind == "shift" and alert.status == "confirmed" for alert in detector.alerts[bar]) for bar in GRID
    )
    means = [sum(values) / len(seen) for values in zip(*seen, strict=True)]
    return Followed(world, (now - since) / (365.0 * DAY), (means[0], means[1], means[2]), alarms)


def look(moment: Moment) -> tuple[float, float, float]:
    """Return effective events a day, readings an event and outlets of the last 90 days."""
    since = moment.now - 90.0 * DAY
    events = [event for event in moment.dossier.events[-400:] if event.start >= since]
    outlets = {outlet for event in events for outlet in event.outlets}
    size = sum(event.count / event.share for event in events) / max(1, len(events))
    return sum(event.count for event in events) / 90.0, size, float(len(outlets))


# --- the regression -------------------------------------------------------------------------------------------------


def features(threshold: float, rate: float, others: Sequence[float] = ()) -> list[float]:
    """Return what the logarithm of the false alarms a year is linear in."""
    bar, often = logit(threshold), math.log(max(rate, 0.01))
    return [1.0, bar, often, often * often, bar * often, *others, *(bar * other for other in others)]


def others_of(actor: Followed) -> list[float]:
    """Return what may matter beside the rate, each about zero in the middle of its range."""
    return [math.log(actor.seen[1] / 1.6), math.log(actor.seen[2] / 6.0), actor.world.neither - 0.6]


def regress(actors: Sequence[Followed], beside: bool) -> tuple[Numbers, Numbers]:
    """Return the coefficients of the Poisson regression by Newton's method, and their errors, clustered by actor."""
    rows = np.array(
        [[features(bar, a.seen[0], others_of(a) if beside else ()) for bar in GRID] for a in actors], np.float64
    )
    counts = np.array([actor.alarms for actor in actors], np.float64)
    years = np.array([[actor.years] for actor in actors], np.float64)
    width = rows.shape[-1]
    b, hessian = np.zeros(width), np.eye(width)
    b[0] = math.log(counts.sum() / (years.sum() * len(GRID)))
    for _ in range(100):
        expected = years * np.exp(np.clip(rows @ b, -30.0, 10.0))
        # A little is taken off what the counts alone would say, so that rare settings cannot run away.
        hessian = np.einsum("nti,nt,ntj->ij", rows, expected, rows) + 0.5 * np.eye(width)
        step = np.linalg.solve(hessian, np.einsum("nti,nt->i", rows, counts - expected))
        b += step
        if np.abs(step).max() < 1e-9:
            break
    scores = np.einsum("nti,nt->ni", rows, counts - years * np.exp(rows @ b))
    inverse = np.linalg.inv(hessian)
    return b, np.sqrt(np.diag(inverse @ (scores.T @ scores) @ inverse))


def threshold_for(budget: float, rate: float, b: Numbers) -> float:
    """Return the lowest threshold at which the regression expects no more than the budget, by bisection."""
    low, high = LOWEST, HIGHEST
    for _ in range(40):
        middle = (low + high) / 2
        within = float(np.array(features(middle, rate)) @ b) <= math.log(budget)
        low, high = (low, middle) if within else (middle, high)
    return high


def logit(p: float) -> float:
    return math.log(p / (1.0 - p))


def kept(actors: Sequence[Followed], b: Numbers, budget: float) -> float:
    """Return the false alarms a year that the thresholds of the regression give on these actors."""
    total = sum(
        float(np.interp(logit(threshold_for(budget, actor.seen[0], b)), [logit(p) for p in GRID], actor.alarms))
        for actor in actors
    )
    return total / sum(actor.years for actor in actors)


MARGINS: dict[str, tuple[Callable[[Followed], float], tuple[float, ...]]] = {
    "events a day": (lambda actor: actor.seen[0], (0.0, 0.1, 0.3, 0.8, 9.0)),
    "readings an event": (lambda actor: actor.seen[1], (1.0, 1.4, 1.9, 9.0)),
    "outlets in 90 days": (lambda actor: actor.seen[2], (0.0, 2.5, 5.5, 99.0)),
    "share of neither": (lambda actor: actor.world.neither, (0.35, 0.5, 0.65, 0.8)),
}


# --- the table ------------------------------------------------------------------------------------------------------


def describe(actors: Sequence[Followed]) -> Iterator[str]:
    """Yield the lines above the table."""
    years = sum(actor.years for actor in actors)
    yield "How sure a passage must be to be confirmed. Made by `python -m ops.bench.thresholds`; do not edit."
    yield f"{len(actors)} invented actors that stand still, {years:.0f} years; confirmed shifts a year:"
    for name, (value, edges) in MARGINS.items():
        for low, high in pairwise(edges):
            part = [actor for actor in actors if low < value(actor) <= high]
            time = sum(actor.years for actor in part) or math.nan
            alarms = [sum(actor.alarms[place] for actor in part) / time for place in range(len(GRID))]
            shown = "  ".join(f"{bar:g}: {alarm:.2f}" for bar, alarm in zip(GRID, alarms, strict=True) if bar != 0.55)
            yield f"  {name} {low:g} to {high:g} ({time:.0f} years): {shown}"
    b, error = regress(actors, beside=True)
    yield "Beside the rate, what doubling the readings an event, doubling the outlets and a tenth more neither do to"
    yield "the logarithm of the alarms, at a threshold of one half, and its standard error:"
    for name, place, unit in (("readings", 5, math.log(2)), ("outlets", 6, math.log(2)), ("neither", 7, 0.1)):
        yield f"  {name} {unit * b[place]:+.2f} ({unit * error[place]:.2f}), per unit of the threshold's log-odds" \
            f" {unit * b[place + 3]:+.2f} ({unit * error[place + 3]:.2f})"  # fmt: skip
    halves = actors[::2], actors[1::2]
    for budget in BUDGETS:
        found = [kept(other, regress(half, beside=False)[0], budget) for half, other in (halves, halves[::-1])]
        yield f"Thresholds from half of the actors for {budget:g} a year gave the rest {found[0]:.2f}, {found[1]:.2f}."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=0, help="number of the first actor")
    parser.add_argument("--actors", type=int, default=200, help="how many")
    options = parser.parse_args()
    numbers = range(options.first, options.first + options.actors)
    actors = []
    for number in numbers:
        followed = follow_actor(number)
        if followed is not None:
            actors.append(followed)
        sys.stderr.write(f"\r{number - options.first + 1} of {options.actors}")
    sys.stderr.write("\n")
    sys.stdout.writelines(f"{line}\n" for line in write_table(actors))


def write_table(actors: Sequence[Followed]) -> Iterator[str]:
    """Yield the lines of the file."""
    yield from (f"# {line}" for line in describe(actors))
    b, _ = regress(actors, beside=False)
    yield "\n# False alarms per actor and year that each column keeps to."
    yield f"budgets = {list(BUDGETS)}"
    yield "\n# Effective events a day -> the thresholds, one for each budget."
    for rate in RATES:
        thresholds = [round(threshold_for(budget, rate, b), 4) for budget in BUDGETS]
        yield f"[[rates]]\nevents_per_day = {rate:.4f}\nconfirm = {thresholds}"


if __name__ == "__main__":
    main()
