"""The whole notifier in this process, on an embedded broker: what the tests of the topic side run."""

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from prometheus_client import REGISTRY

from services.notify.connect import GROUP
from services.notify.deliver.channel import Channel
from services.notify.ledger import Ledger, open_ledger
from services.notify.run import serve
from services.settings import read_settings
from streams.records import ShiftAlert
from streams.topics import ALERTS, encode

PINNED = (2, 3)


def publish(bootstrap: str, *values: ShiftAlert | bytes | None, key: bytes = b"ruritania") -> None:
    """Put records on `alerts.v1`, acknowledged."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, api_version=PINNED, enable_idempotence=False, acks="all")
    for value in values:
        raw = encode(value) if isinstance(value, ShiftAlert) else value
        producer.send(ALERTS.name, raw, key).get(60)
    producer.close()


def read_dead(bootstrap: str, count: int) -> list[Any]:
    """The first `count` records of the dead-letter topic, in order of their offsets."""
    found: list[Any] = []
    deadline = time.monotonic() + 120
    while len(found) < count and time.monotonic() < deadline:
        # kafka-python's metadata loop may end for good when the connection closes under it: then another is asked.
        found = _read_dead(bootstrap, count, time.monotonic() + 20)
    return found


def _read_dead(bootstrap: str, count: int, deadline: float) -> list[Any]:
    consumer = KafkaConsumer(ALERTS.dead, bootstrap_servers=bootstrap, api_version=PINNED, auto_offset_reset="earliest")
    found: list[Any] = []
    while len(found) < count and time.monotonic() < deadline:
        found += [record for records in consumer.poll(200).values() for record in records]
    consumer.close()
    return found


def committed(bootstrap: str) -> int:
    """How many records the notifier's group has behind it."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, api_version=PINNED, group_id=GROUP, enable_auto_commit=False)
    offsets = [consumer.committed(TopicPartition(ALERTS.name, partition)) for partition in range(ALERTS.partitions)]
    consumer.close(autocommit=False)
    return sum(offset or 0 for offset in offsets)


def metric(name: str, **labels: str) -> float:
    """A sample of this process's metrics; 0 where there is none."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


def total_lag() -> float:
    """Records of the topic that are not handled yet, over all partitions."""
    samples = [
        sample for family in REGISTRY.collect() if family.name == "parley_lag_records" for sample in family.samples
    ]
    return sum(sample.value for sample in samples if sample.labels["topic"] == ALERTS.name)


class Serving:
    """An async context manager around `serve`; leaving it stops the notifier and raises what ended it."""

    def __init__(
        self, bootstrap: str, state: Path, channels: Sequence[Channel], clock: Callable[[], float] = time.time
    ) -> None:
        self.settings = read_settings(kafka=bootstrap, kafka_api_version="2.3", state=state)
        self.ledger: Ledger = open_ledger(state)
        self._channels, self._clock = channels, clock
        self._stop = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Serving":
        running = serve(self.settings, self._channels, self.ledger, self._stop, self._clock, Random(7))
        self.task = asyncio.create_task(running)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        try:
            if self.task is not None:
                await self.task
        finally:
            self.ledger.close()
