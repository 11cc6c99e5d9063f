"""Everything that lies on a topic now, read to its end however slowly the machine goes."""

import time
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from streams.topics import Topic


def read_topic(bootstrap: str, topic: Topic, seconds: float = 120.0) -> list[Any]:
    """Return the topic's records, each partition's in order; fails the test when that takes longer."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, api_version=(2, 3), group_id=None, enable_auto_commit=False)
    try:
        places = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        consumer.assign(places)
        consumer.seek_to_beginning()
        ends = consumer.end_offsets(places)
        found: list[Any] = []
        deadline = time.monotonic() + seconds
        while any(consumer.position(place) < ends[place] for place in places):
            assert time.monotonic() < deadline, f"{topic.name} cannot be read"
            found += [record for records in consumer.poll(500).values() for record in records]
        return found
    finally:
        consumer.close()
