"""What more workers, a longer archive and more actors cost."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from ops.bench.speed.made import make_reading
from ops.bench.speed.path import apache, relevant, run_path
from ops.bench.speed.row import Row, compare, median
from ops.bench.speed.texts import articles, fresh
from streams.evidence import follow
from streams.memory import Memory
from streams.records import Pulse, Reading, content_id

START = datetime(2025, 1, 1, tzinfo=UTC)
ARCHIVES = (1_000, 10_000, 100_000)
ACTORS = (50, 500, 5_000)
LAST = 1_000  # Readings whose cost is taken, at the end of each archive.
A_DAY = 200


def measure_workers(rounds: int) -> Row:
    """Two workers and the ingester, the broker and the server of feeds on the same two cores: contention, mostly."""
    once = relevant(articles())
    own = list(islice(fresh(once, datetime.now(UTC)), 10 * len(once)))

    def run(workers: int) -> float:
        with apache() as kafka:
            return run_path(kafka, own, workers)

    return compare("two workers to one, on Apache Kafka", "articles/s", "one worker", lambda: run(2), lambda: run(1),
                   rounds, None, "on two cores that the broker, the ingester and the feeds use too")  # fmt: skip


def made_reading(number: int, actors: int) -> Reading:
    """One of `A_DAY` readings a day, its actor and words drawn from its number."""
    name = content_id("bench", number)
    at = START + timedelta(days=number / A_DAY)
    return make_reading(name, f"actor-{int(name[:8], 16) % actors}", f"Outlet {number % 50}", at)


class Archive:
    """A memory that has followed `count` readings of so many actors, and follows more of them, one at a time."""

    def __init__(self, count: int, actors: int) -> None:
        self._memory = Memory()
        self._actors = actors
        self._number = 0
        # Each looks at every actor, once a day: for thousands of them the benchmark has fewer days.
        self._a_look = A_DAY * max(1, actors // 500)
        while self._number < count:
            self.follow()

    def follow(self) -> float:
        """Follow the next reading; returns its processor time in seconds, the day's look at every actor apart."""
        one = made_reading(self._number, self._actors)
        if self._number % self._a_look == 0:
            self._memory.put(follow(Pulse(minute=one.time), self._memory).states)
        self._number += 1
        began = time.thread_time()
        self._memory.put(follow(one, self._memory).states)
        return time.thread_time() - began


def measure_growth(rounds: int, sizes: Sequence[int], actors: Sequence[int]) -> Iterator[Row]:
    """Yield how the cost of one reading grows with the archive and with the actors; 1 is flat.

    The archives take turns, reading by reading, and processor time is taken: what else the machine does slows all.
    """
    archives = {
        place: Archive(*place)
        for place in [*((size, ACTORS[0]) for size in sizes), *((sizes[1], some) for some in actors)]
    }
    found: dict[tuple[int, int], list[float]] = {place: [] for place in archives}
    for _ in range(rounds):
        taken: dict[tuple[int, int], list[float]] = {place: [] for place in archives}
        for _ in range(LAST // rounds):
            for place, archive in archives.items():
                taken[place].append(archive.follow())
        for place, some_taken in taken.items():
            found[place].append(median(some_taken))
    first = (sizes[0], ACTORS[0])
    for size in sizes[1:]:
        yield _growth(f"archive of {size:,} to {sizes[0]:,}", found[size, ACTORS[0]], found[first])
    for some in actors[1:]:
        yield _growth(f"{some:,} actors to {actors[0]}", found[sizes[1], some], found[sizes[1], actors[0]])


def _growth(name: str, costs: Sequence[float], bases: Sequence[float]) -> Row:
    ratios = [base / cost for base, cost in zip(bases, costs, strict=True)]
    return Row(
        f"cost per reading, {name}", f"{median(costs) * 1e6:.0f} µs", f"{median(bases) * 1e6:.0f} µs", median(ratios),
        min(ratios), max(ratios), 0.8, "1 is flat", len(ratios),
    )  # fmt: skip
