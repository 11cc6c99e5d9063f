"""A partition of `readings.v1`, from a place or a time to a given end, in chunks; never joins a group, never writes."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.partition_log import open_consumer, read_batches
from streams.topics import READINGS


class Chunk(NamedTuple):
    """Values in the log's order, None for a deletion, and the offset after the last of them."""

    values: list[bytes | None]
    following: int


class ReadingsLog:
    """Reads with a connection of its own: the group's consumer is busy with what is new."""

    def __init__(self, bootstrap: str, security: Mapping[str, Any] | None = None, keeps_times: bool = True) -> None:
        """`keeps_times` says whether the broker can look an offset up by a time; the embedded one cannot."""
        self._bootstrap, self._security = bootstrap, dict(security or {})
        self._keeps_times = keeps_times

    async def chunks(
        self, partition: int, start: int, since_ms: int, end: int, most: int
    ) -> AsyncGenerator[Chunk, None]:  # fmt: skip
        """Yield what lies from offset `start`, and not before the time `since_ms`, up to the offset before `end`.

        Raises what the client raises, and TimeoutError when the broker gives nothing for half a minute.
        """
        place = TopicPartition(READINGS.name, partition)
        async with open_consumer(self._bootstrap, self._security, "parley-rereading") as consumer:
            consumer.assign([place])
            start = max(start, await self._first(consumer, place, since_ms, end))
            async with aclosing(read_batches(consumer, place, start, end, most)) as batches:
                async for records, following in batches:
                    yield Chunk([record.value for record in records if record.offset < end], min(following, end))

    async def _first(self, consumer: AIOKafkaConsumer, place: TopicPartition, since_ms: int, end: int) -> int:
        if not self._keeps_times:
            return int((await consumer.beginning_offsets([place]))[place])
        found = (await consumer.offsets_for_times({place: max(0, since_ms)})).get(place)
        return end if found is None else int(found.offset)
