"""Everything that lies on a topic now, read to its end however slowly the machine goes."""

import time
from typing import Any

from kafka import KafkaConsumer, TopicPartition


def read_topic(name: str, seconds: float = 120.0, **options: Any) -> list[Any]:
    """Return the topic's records by partition and offset; fails the test when that takes longer.

    `options` are the consumer's, where the broker is and how to speak to it among them.
    """
    consumer = KafkaConsumer(**options, auto_offset_reset="earliest", enable_auto_commit=False)
    try:
        places = [TopicPartition(name, one) for one in sorted(consumer.partitions_for_topic(name) or ())]
        consumer.assign(places)
        ends = consumer.end_offsets(places)
        consumer.seek_to_beginning()
        found: list[Any] = []
        deadline = time.monotonic() + seconds
        while any(consumer.position(place) < ends[place] for place in places):
            assert time.monotonic() < deadline, f"{name} cannot be read"
            found += [record for records in consumer.poll(500).values() for record in records]
        return sorted(found, key=lambda record: (record.partition, record.offset))
    finally:
        consumer.close(autocommit=False)


def read_embedded(bootstrap: str, name: str) -> list[Any]:
    """Return the records of a topic of the embedded broker."""
    return read_topic(name, bootstrap_servers=bootstrap, api_version=(2, 3))
