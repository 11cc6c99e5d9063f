"""A partition of `readings.v1`, from a place or a time to a given end, in chunks; never joins a group, never writes."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.topics import READINGS

POLL_MS: Final = 1_000
SILENT_MOST: Final = 30


class Chunk(NamedTuple):
    """Values in the log's order, None for a deletion, and the offset after the last of them."""

    values: list[bytes | None]
    following: int


class ReadingsLog:
    """Reads with a connection of its own: the group's consumer is busy with what is new."""

    def __init__(self, bootstrap: str, security: Mapping[str, Any] | None = None, keeps_times: bool = True) -> None:
        """`keeps_times` says whether the broker can look an offset up by a time; the embedded one cannot."""
        self._bootstrap = [address.strip() for address in bootstrap.split(",")]
        self._security = dict(security or {})
        self._keeps_times = keeps_times

    async def chunks(
        self, partition: int, start: int, since_ms: int, end: int, most: int
    ) -> AsyncGenerator[Chunk, None]:  # fmt: skip
        """Yield what lies from offset `start`, and not before the time `since_ms`, up to the offset before `end`.

        Raises what the client raises, and TimeoutError when the broker gives nothing for half a minute.
        """
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            **self._security,
            client_id="parley-rereading",
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        try:
            await consumer.start()
            place = TopicPartition(READINGS.name, partition)
            consumer.assign([place])
            start = max(start, await self._first(consumer, place, since_ms, end))
            consumer.seek(place, start)
            silent = 0
            while start < end:
                records = (await consumer.getmany(place, timeout_ms=POLL_MS, max_records=most)).get(place, [])
                start, before = await consumer.position(place), start
                silent = silent + 1 if start == before else 0
                if silent >= SILENT_MOST:
                    raise TimeoutError(f"{READINGS.name}/{partition}: nothing came after offset {start}, end {end}")
                if start != before:
                    yield Chunk([record.value for record in records if record.offset < end], min(start, end))
        finally:
            await consumer.stop()

    async def _first(self, consumer: AIOKafkaConsumer, place: TopicPartition, since_ms: int, end: int) -> int:
        if not self._keeps_times:
            return int((await consumer.beginning_offsets([place]))[place])
        found = (await consumer.offsets_for_times({place: max(0, since_ms)})).get(place)
        return end if found is None else int(found.offset)
