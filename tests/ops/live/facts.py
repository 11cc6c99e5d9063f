"""A desk's topics -> the positions and alerts that it knows, once nothing moves any more; writes nothing."""

import time
from typing import Any, NamedTuple

import pytest
from confluent_kafka import Consumer, TopicPartition

from streams.evidence import positions_of
from streams.memory import Memory
from streams.records import Position, ShiftAlert
from streams.rows import Row
from streams.shift_settings import ShiftSettings
from streams.topics import ALERTS, decode_alert
from tests.ops.live.runbook import WAIT, Desk


class Facts(NamedTuple):
    """What must not change: the positions that the workers' table holds, and each state of each alert."""

    positions: dict[str, Position]
    alerts: set[tuple[str, int]]


def read_all(desk: Desk, topic: str, partitions: int, only: int | None = None) -> list[Any]:
    """Every record of the topic, or of one partition, as it is now, in the order of each partition."""
    consumer = Consumer({"bootstrap.servers": desk.kafka, "group.id": "a-test", "enable.auto.commit": False})
    try:
        found = []
        for number in range(partitions) if only is None else [only]:
            low, high = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=WAIT)
            consumer.assign([TopicPartition(topic, number, low)])
            following = low
            while following < high:
                for message in consumer.consume(1000, timeout=1.0):
                    assert message.error() is None
                    following = message.offset() + 1
                    found.append(message)
                # What compaction took away leaves the position behind the last record.
                following = max(following, consumer.position([TopicPartition(topic, number)])[0].offset)
        return found
    finally:
        consumer.close()


def facts(desk: Desk) -> Facts:
    """The table is read as a worker does, and asked for every position at its clock."""
    positions: dict[str, Position] = {}
    for partition in range(desk.partitions):
        rows: dict[str, Row] = {}
        for message in read_all(desk, desk.changelog, desk.partitions, partition):
            key = message.key().decode()
            rows.pop(key, None)
            rows[key] = Row(key.partition(" ")[2], None if message.value() is None else message.value().decode())
        memory = Memory(ShiftSettings())
        memory.put(rows.values())
        positions |= {position_name(one): one for one in positions_of(memory)}
    return Facts(positions, {(alert.id, alert.revision) for alert in said(desk)})


def said(desk: Desk) -> list[ShiftAlert]:
    """Each state of an alert as often as it is on the topic; canaries, which come by themselves, left out."""
    alerts = [decode_alert(message.value()) for message in read_all(desk, ALERTS.name, ALERTS.partitions)]
    return [alert for alert in alerts if alert.kind != "canary"]


def position_name(position: Position) -> str:
    return f"{position.actor}/{position.speaker or ''}"


def settled(desk: Desk) -> bool:
    """Whether nothing waits anywhere: on the ingester's disk, before the workers, before the sinks."""
    workers = [name for name in desk.running() if name.startswith("stream-")]
    stream = [desk.metrics(name) for name in workers]
    notify, ingest = desk.metrics("notify-1"), desk.metrics("ingest-1")
    return (
        all(page.get("parley_ready") == 1.0 for page in (*stream, notify, ingest))
        and sum(page.get("parley_lag_records", 0.0) for page in stream) == 0
        and notify.get("parley_lag_records", 1.0) == 0
        and notify.get("parley_deliveries_pending", 1.0) == 0
        and ingest.get("parley_outbox_articles", 1.0) == 0
    )


def settle(desk: Desk) -> Facts:
    """Wait until nothing moves any more: settled twice, lags being told every five seconds, and the same facts."""
    for _ in range(10):
        desk.until("everything settled", lambda: settled(desk))
        before = facts(desk)
        time.sleep(6.0)
        if settled(desk) and facts(desk) == before:
            return before
    pytest.fail(f"nothing settled\n{desk.logs()}")
