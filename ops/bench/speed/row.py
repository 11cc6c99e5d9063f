"""Times two ways of doing the same work in turn and gives the ratio of their medians with its spread."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

Timed = Callable[[], int]


class Row(NamedTuple):
    """One line of the table: `ratio` is ours to the peer's, above 1 where ours is faster or smaller.

    `low` and `high` are the least and the largest ratio of one round; `aim` is None for what is only shown.
    `rounds` is how often the two took turns.
    """

    name: str
    ours: str
    peer: str
    ratio: float | None
    low: float | None = None
    high: float | None = None
    aim: float | None = None
    note: str = ""
    rounds: int | None = None

    @property
    def met(self) -> bool | None:
        return None if self.aim is None or self.ratio is None else self.ratio >= self.aim


def per_second(work: Timed) -> float:
    """Run `work`, which returns how many things it did, and return things a second."""
    began = time.perf_counter()
    done = work()
    return done / (time.perf_counter() - began)


def compare(
    name: str,
    unit: str,
    peer_name: str,
    ours: Callable[[], float],
    peer: Callable[[], float],
    rounds: int,
    aim: float | None = None,
    note: str = "",
) -> Row:
    """Return the row of two rates, taken in turn `rounds` times: a noisy machine slows both alike."""
    pairs = [(ours(), peer()) for _ in range(rounds)]
    ratios = [mine / other for mine, other in pairs]
    return Row(
        name,
        f"{median([mine for mine, _ in pairs]):,.4g} {unit}",
        f"{median([other for _, other in pairs]):,.4g} {unit}: {peer_name}",
        median(ratios),
        min(ratios),
        max(ratios),
        aim,
        note,
        rounds,
    )


def median(values: Sequence[float]) -> float:
    return float(statistics.median(values))


def quantiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Return p50, p95 and p99 by the nearest rank."""
    ordered = sorted(values)
    p50, p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99))
    return p50, p95, p99
