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
LAST = 500  # Readings whose cost is taken, at the end of each archive.
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


def seconds_a_reading(count: int, actors: int) -> float:
    """Return the median cost of one of the last readings of an archive of `count`, in seconds."""
    memory = Memory()
    taken = []
    for number in range(count):
        one = made_reading(number, actors)
        # Each looks at every actor, once a day: for thousands of them the benchmark has fewer days.
        if number % (A_DAY * max(1, actors // 500)) == 0:
            memory.put(follow(Pulse(minute=one.time), memory).states)
        began = time.perf_counter()
        memory.put(follow(one, memory).states)
        if number >= count - LAST:
            taken.append(time.perf_counter() - began)
    return median(taken)


def measure_growth(sizes: Sequence[int], actors: Sequence[int]) -> Iterator[Row]:
    """Yield how the cost of one reading grows with the archive and with the actors; 1 is flat."""
    base = seconds_a_reading(sizes[0], ACTORS[0])
    for size in sizes[1:]:
        cost = seconds_a_reading(size, ACTORS[0])
        yield _growth(f"cost per reading, archive of {size:,} to {sizes[0]:,}", cost, base)
    base = seconds_a_reading(sizes[1], actors[0])
    for some in actors[1:]:
        cost = seconds_a_reading(sizes[1], some)
        yield _growth(f"cost per reading, {some:,} actors to {actors[0]}", cost, base)


def _growth(name: str, cost: float, base: float) -> Row:
    return Row(name, f"{cost * 1e6:.0f} µs", f"{base * 1e6:.0f} µs", base / cost, aim=0.8, note="1 is flat")
