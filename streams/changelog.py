"""A partition of the evidence table's changelog -> its rows, from an offset to its end as of now; never writes.

Faust's own recovery is not used: it skips the first record of a partition, goes on when taking in the rows failed, and
keeps its own idea of what was read, which a rebalance in a rebalance can part from ours.
"""

from collections.abc import Mapping
from contextlib import aclosing
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.partition_log import open_consumer, read_batches
from streams.rows import Row
from streams.topics import CHANGELOG


class Read(NamedTuple):
    """The rows found, and the offset after the last of them."""

    rows: list[Row]
    following: int


class MadeAnew(Exception):
    """The log ends before what was read of it: it is not the log that was read."""


class Changelog:
    """Reads with a connection of its own, since the group's consumer is busy with what the rows are needed for."""

    def __init__(self, bootstrap: str, security: Mapping[str, Any] | None = None) -> None:
        """`security` are arguments of aiokafka's clients, for brokers that want TLS or a name."""
        self._bootstrap, self._security = bootstrap, dict(security or {})
        # Of records read in this process, so that a long reading can be told from one that hangs.
        self.count = 0

    async def read(self, partition: int, start: int) -> Read:
        """Return every row from offset `start` on; a later row of a key stands for all before it.

        Raises what the client raises, TimeoutError when the broker gives nothing for half a minute, and MadeAnew when
        the log ends before `start`.
        """
        async with open_consumer(self._bootstrap, self._security, "parley-changelog") as consumer:
            return await self._read(consumer, TopicPartition(CHANGELOG.name, partition), start)

    async def _read(self, consumer: AIOKafkaConsumer, place: TopicPartition, start: int) -> Read:
        consumer.assign([place])
        first = (await consumer.beginning_offsets([place]))[place]
        end = (await consumer.end_offsets([place]))[place]
        if start > end:
            raise MadeAnew(f"{CHANGELOG.name}/{place.partition} ends at {end}, and was read up to {start} before")
        start = max(start, first)
        rows: dict[str, Row] = {}
        async with aclosing(read_batches(consumer, place, start, end)) as batches:
            async for batch in batches:
                self.count += len(batch.records)
                for record in batch.records:
                    # Taken out and put back, so that the rows keep the order in which they were last written.
                    key = record.key.decode()
                    rows.pop(key, None)
                    rows[key] = Row(key.partition(" ")[2], None if record.value is None else record.value.decode())
                start = batch.following
        return Read(list(rows.values()), start)
