"""Which partition a key has, and a partition's records up to a given end, with the caller's own consumer."""

from collections.abc import Iterator
from typing import Any, Final

from kafka import KafkaConsumer, TopicPartition
from kafka.partitioner.default import murmur2

from services.errors import BrokerProblem

WITHIN: Final = 15.0


def partition_of(key: bytes, partitions: int) -> int:
    """The partition that Kafka's own rule gives a key."""
    return int((murmur2(key) & 0x7FFFFFFF) % partitions)


def read_batches(
    consumer: KafkaConsumer, place: TopicPartition, start: int, end: int, most: int
) -> Iterator[list[Any]]:
    """Yield the records from offset `start` up to the one before `end`, at most `most` at a time.

    Raises what the client raises, and BrokerProblem when the broker gives nothing for WITHIN seconds.
    """
    while start < end:
        # The position is set each time, because the caller may have read elsewhere in between.
        consumer.assign([place])
        consumer.seek(place, start)
        records = consumer.poll(timeout_ms=int(WITHIN * 1000), max_records=most).get(place, [])
        # What compaction has taken away at the end leaves nothing to read.
        following = records[-1].offset + 1 if records else consumer.position(place)
        if following <= start:
            raise BrokerProblem(f"{place.topic}: the broker gives no records from offset {start} on")
        start = following
        yield [record for record in records if record.offset < end]
