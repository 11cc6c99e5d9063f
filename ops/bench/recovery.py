"""How long a new worker takes to rebuild its tables from Apache Kafka: live rows, and ten times as many writes.

    .venv/bin/python -m ops.bench.recovery [ROWS…]

Starts a broker of its own, fills one partition of the changelog with rows (and then the same rows nine times more),
lets the broker compact, and reads it as the worker does, into a Memory. Prints one line per measurement.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from confluent_kafka import Producer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from services.broker.apache import ApacheKafka
from services.broker.topics import ensure_topics
from streams.changelog import Changelog
from streams.memory import Memory
from streams.produce import Send
from streams.rows import Row, reading_row
from streams.tables import changes
from streams.topics import CHANGELOG
from tests.streams.made import reading

LIBS = Path(".parley/kafka/libs")
ROWS = (1_000, 10_000, 100_000)
REPEATS = 10
PARTITION = 1
COMPACTED_WITHIN = 240.0
FLUSHED_WITHIN = 600.0
# Small segments and no patience, so that compaction happens while we look on.
EAGER = {
    "segment.bytes": str(4 * 1024 * 1024),
    "segment.ms": "5000",
    "min.cleanable.dirty.ratio": "0.01",
    "min.compaction.lag.ms": "0",
    "max.compaction.lag.ms": "5000",
}


def make_rows(count: int) -> list[Row]:
    """Return rows of readings of two hundred keys over a month, as evidence is kept."""
    return [
        reading_row(
            reading(f"a{number}", 30.0 * number / count, outlet=f"O{number % 50}", actor=f"actor-{number % 200}")
        )
        for number in range(count)
    ]


def send(bootstrap: str, sends: list[Send]) -> None:
    """Write all and wait for the acknowledgements, with the one client that takes a million records in seconds."""
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all", "linger.ms": 20})
    for one in sends:
        while True:
            try:
                producer.produce(one.topic, one.value, one.key, one.partition, on_delivery=_delivered)
                break
            except BufferError:
                producer.poll(0.1)
    assert not producer.flush(FLUSHED_WITHIN)


def _delivered(error: object, _: object) -> None:
    assert error is None, error


async def recover(bootstrap: str) -> tuple[int, float, float]:
    """Return the rows read, the seconds to read them and the seconds to take them in."""
    started = time.perf_counter()
    found = await Changelog(bootstrap).read(PARTITION, 0)
    read = time.perf_counter()
    Memory().put(found.rows)
    return len(found.rows), read - started, time.perf_counter() - read


def log_bytes(directory: Path) -> int:
    folder = directory / "logs" / f"{CHANGELOG.name}-{PARTITION}"
    return sum(file.stat().st_size for file in folder.glob("*.log"))


def measure(count: int) -> None:
    with tempfile.TemporaryDirectory() as directory, ApacheKafka(LIBS, Path(directory)) as kafka:
        ensure_topics(kafka.bootstrap, 1)
        admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
        wanted = ConfigResource(ConfigResourceType.TOPIC, CHANGELOG.name, {**CHANGELOG.config, **EAGER})
        # The client first asks the broker which settings there are, and a topic of this moment may have none yet.
        admin.alter_configs([wanted], raise_on_unknown=False)
        admin.close()
        sends = changes(PARTITION, make_rows(count))
        send(kafka.bootstrap, sends)
        report(f"{count} rows, written once", count, asyncio.run(recover(kafka.bootstrap)))
        once = log_bytes(Path(directory))
        for _ in range(REPEATS - 1):
            send(kafka.bootstrap, sends)
        full = log_bytes(Path(directory))
        report(
            f"{count} rows, written {REPEATS} times, before compaction", count, asyncio.run(recover(kafka.bootstrap))
        )
        deadline, least = time.monotonic() + COMPACTED_WITHIN, full
        while time.monotonic() < deadline:
            # A segment is closed, and can be compacted, only when something is written after its time.
            send(kafka.bootstrap, sends[-1:])
            time.sleep(5)
            least = log_bytes(Path(directory))
            if least < once * 1.2:
                break
        report(
            f"{count} rows, written {REPEATS} times, compacted from {full / 1e6:.1f} to {least / 1e6:.1f} MB",
            count,
            asyncio.run(recover(kafka.bootstrap)),
        )


def report(what: str, expected: int, found: tuple[int, float, float]) -> None:
    rows, read, taken = found
    assert rows == expected, (rows, expected)
    print(f"{what}: {read + taken:.2f} s ({read:.2f} s to read, {taken:.2f} s to take in)", flush=True)


def main() -> None:
    for count in [int(argument) for argument in sys.argv[1:]] or ROWS:
        measure(count)


if __name__ == "__main__":
    main()
