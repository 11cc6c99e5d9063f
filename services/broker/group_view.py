"""Where a group stands on its topics, seen from outside; joins nothing, commits nothing."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from kafka import KafkaConsumer, TopicPartition

from services.broker.cluster import pinned_version
from services.broker.security import client_security

ANSWER_MS: Final = 15_000


class Waits(NamedTuple):
    """A partition with records that the group has not committed, and the first of them."""

    topic: str
    partition: int
    offset: int


class GroupView:
    """A connection of its own. Methods raise what kafka-python raises, which is not only KafkaError."""

    def __init__(self, bootstrap: str, api_version: str, group: str, topics: Iterable[str]) -> None:
        self._topics = list(topics)
        self._consumer = KafkaConsumer(
            bootstrap_servers=bootstrap,
            api_version=pinned_version(api_version),
            client_id=f"{group}-view",
            group_id=group,
            enable_auto_commit=False,
            request_timeout_ms=ANSWER_MS,
            **client_security(),
        )

    def waiting(self) -> set[Waits]:
        """Return every partition that ends after what the group has committed."""
        places = [
            TopicPartition(topic, partition)
            for topic in self._topics
            for partition in self._consumer.partitions_for_topic(topic) or ()
        ]
        ends = self._consumer.end_offsets(places) if places else {}
        found = set()
        for place in places:
            committed = self._consumer.committed(place, timeout_ms=ANSWER_MS) or 0
            if committed < ends[place]:
                found.add(Waits(place.topic, place.partition, committed))
        return found

    def readable(self, place: Waits) -> bool:
        """Return whether there is a record at or after the offset: it may have expired, or have been compacted away."""
        where = TopicPartition(place.topic, place.partition)
        self._consumer.assign([where])
        self._consumer.seek(where, max(place.offset, self._consumer.beginning_offsets([where])[where]))
        return bool(self._consumer.poll(timeout_ms=ANSWER_MS, max_records=1))

    def close(self) -> None:
        self._consumer.close(autocommit=False)
