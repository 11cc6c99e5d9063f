"""A partition's records up to a given end, with a connection of its own; never joins a group, never writes.

The group's consumer is busy with what is new, or with what the rows are needed for.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

POLL_MS: Final = 1_000
SILENT_MOST: Final = 30


class Batch(NamedTuple):
    """Records in the log's order, and the offset to go on from: it passes what compaction took away."""

    records: list[Any]
    following: int


@asynccontextmanager
async def open_consumer(bootstrap: str, security: Mapping[str, Any], client_id: str) -> AsyncIterator[AIOKafkaConsumer]:
    """Give a consumer of no group. `security` are arguments of aiokafka's clients."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=[address.strip() for address in bootstrap.split(",")],
        **security,
        client_id=client_id,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


async def read_batches(
    consumer: AIOKafkaConsumer, place: TopicPartition, start: int, end: int, most: int | None = None
) -> AsyncGenerator[Batch, None]:
    """Yield what lies from offset `start` on until `end` is reached; the last records may lie behind it.

    Raises what the client raises, and TimeoutError when the broker gives nothing for half a minute.
    """
    consumer.seek(place, start)
    silent = 0
    while start < end:
        records = (await consumer.getmany(place, timeout_ms=POLL_MS, max_records=most)).get(place, [])
        # The position passes what compaction took away, which the last record's offset does not.
        position = await consumer.position(place)
        silent = silent + 1 if position == start else 0
        if silent >= SILENT_MOST:
            raise TimeoutError(f"{place.topic}/{place.partition}: nothing came after offset {start}, end {end}")
        if position != start:
            yield Batch(records, position)
        start = position
