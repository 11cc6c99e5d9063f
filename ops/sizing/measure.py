"""Articles and made readings -> the figures, by running the code that serves on one thread; a minute or two."""

import gc
import platform
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from models.predict import StanceReader
from ops.bench.speed import texts
from ops.sizing.figures import Figures
from services.ingest.relevance import judge
from streams.batch import read_batch
from streams.catalogue import read_catalogue
from streams.evidence import follow
from streams.memory import Memory
from streams.records import Reading, Statement
from streams.rows import Row, reading_row
from streams.statements import read_article
from streams.tables import changes
from streams.topics import encode
from tests.streams.made import pulse, reading

T = TypeVar("T")
BATCH = 16
ACTORS = (200, 2_000)
ROWS = 20_000
FOLLOWED = 4_000
DAYS = 30.0


def measure() -> Figures:
    """Return the figures of this machine as it is now: what else runs makes them worse."""
    found = texts.articles()
    judged, seconds = _timed(lambda: [judge(one.title, one.text).relevant for one in found])
    relevant = [one for one, keep in zip(found, judged, strict=True) if keep]
    catalogue = read_catalogue()
    statements: list[Statement] = [
        statement for one in relevant for statement in read_article(one, catalogue).statements
    ]
    model = StanceReader.load(threads=1)
    read = partial(read_batch, catalogue=catalogue, read_stances=model.read, model=model.version)
    values = [encode(one) for one in relevant]
    read(values[:BATCH])
    batches = [values[place : place + BATCH] for place in range(0, len(values), BATCH)]
    outcomes, read_seconds = _timed(lambda: [outcome for batch in batches for outcome in read(batch)])
    readings = [one for outcome in outcomes for one in outcome.readings]
    rows = made_rows(ACTORS[0])
    few, taken_in = _memory_of(rows)
    many, _ = _memory_of(made_rows(ACTORS[1]))
    actor = max(0.0, (many - few) / (ACTORS[1] - ACTORS[0]))
    # Made readings are longer than real ones: of their memory only what is made of a text is taken.
    text = _mean_of(sys.getsizeof(reading_row(one).value) for one in readings)
    return Figures(
        on=f"{datetime.now(UTC):%Y-%m-%d}",
        machine=f"{platform.machine()}, Python {platform.python_version()}, one thread",
        source=texts.source(),
        articles=len(found),
        relevant=len(relevant),
        judged=len(found) / seconds,
        article_bytes=_mean(values),
        statements=len(statements) / len(relevant),
        read=len(relevant) / read_seconds,
        readings=len(readings) / len(relevant),
        reading_bytes=_mean([encode(one) for one in readings]),
        row_bytes=_mean(_stored(reading_row(one)) for one in readings),
        followed=_follow(),
        state_reading=(few - actor * ACTORS[0]) / ROWS + text,
        state_text=text,
        state_actor=actor,
        rows_taken_in=len(rows) / taken_in,
    )


def made_readings(actors: int, count: int = ROWS) -> list[Reading]:
    """A month of readings of so many actors, in order of time."""
    return [
        reading(f"a{number}", DAYS * number / count, outlet=f"O{number % 50}", actor=f"actor-{number % actors}")
        for number in range(count)
    ]


def made_rows(actors: int) -> list[Row]:
    return [reading_row(one) for one in made_readings(actors)]


def _memory_of(rows: Sequence[Row]) -> tuple[int, float]:
    """Return the bytes that a memory makes of the rows, its positions worked out, and the seconds of taking them in.

    The growth of a worker in `make soak` is another figure: there readings leave as others come.
    """
    memory = Memory()
    _, seconds = _timed(lambda: memory.put(rows))
    # Python's own count of what is held. The texts of the rows are held as well, but were there before it began.
    held = Memory()
    gc.collect()
    tracemalloc.start()
    held.put([Row(str(row.key), row.value) for row in rows])
    for dossier in held.evidence.dossiers.values():
        dossier.refresh()
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size, seconds


def _follow() -> float:
    """Readings a second, in an order of time with a pulse before each, in a memory whose month is full."""
    memory = Memory()
    memory.put(made_rows(ACTORS[0]))
    follow(pulse(DAYS), memory)
    late = [
        reading(f"b{number}", DAYS + number / FOLLOWED, outlet=f"O{number % 50}", actor=f"actor-{number % ACTORS[0]}")
        for number in range(FOLLOWED)
    ]

    def take() -> None:
        for one in late:
            outcome = follow(one, memory)
            memory.put(outcome.states)

    _, seconds = _timed(take)
    return FOLLOWED / seconds


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """Seconds of this process's own work, so that what else runs counts less."""
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


def _stored(row: Row) -> bytes:
    (sent,) = changes(0, [row])
    return (sent.key or b"") + (sent.value or b"")


def _mean(values: Iterable[bytes]) -> float:
    return _mean_of(len(value) for value in values)


def _mean_of(sizes: Iterable[int]) -> float:
    found = list(sizes)
    return sum(found) / len(found)
