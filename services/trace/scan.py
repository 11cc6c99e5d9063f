"""Partitions of a topic, read from a place to where they end now; writes nothing and joins no group."""

from collections.abc import Iterator
from typing import Any, Final

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from services.broker.cluster import knock, pinned_version
from services.broker.partitions import read_batches
from services.broker.security import client_security
from services.errors import BrokerProblem
from streams.topics import GROUP

LARGEST: Final = 16 * 1024 * 1024


class Scan:
    """A context manager; raises BrokerProblem where the broker does not do."""

    def __init__(self, bootstrap: str, api_version: str) -> None:
        self._bootstrap, self._api_version = bootstrap, api_version

    def __enter__(self) -> "Scan":
        knock(self._bootstrap)
        try:
            self._consumer = KafkaConsumer(
                bootstrap_servers=self._bootstrap,
                api_version=pinned_version(self._api_version),
                client_id="parley-trace",
                # Of the worker's group only so that its offsets can be asked for; it is never joined.
                group_id=GROUP,
                enable_auto_commit=False,
                fetch_max_bytes=LARGEST,
                max_partition_fetch_bytes=LARGEST,
                **client_security(),
            )
        except KafkaError as error:
            raise BrokerProblem(f"broker {self._bootstrap}: cannot be reached ({type(error).__name__})") from None
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close(autocommit=False)

    def partitions(self, topic: str) -> list[int]:
        """Return the topic's partitions; none where there is no such topic."""
        try:
            return sorted(self._consumer.partitions_for_topic(topic) or ())
        except KafkaError as error:
            raise BrokerProblem(f"{topic}: cannot be found ({type(error).__name__})") from None

    def records(
        self, topic: str, partitions: list[int], since_ms: int | None = None, until_ms: int | None = None
    ) -> Iterator[Any]:
        """Yield the records of the partitions, one after the other, from the first, or the first of that time.

        They end now, or before the first that is later than `until_ms`.
        """
        for partition in partitions:
            yield from self._read(TopicPartition(topic, partition), since_ms, until_ms)

    def committed(self, topic: str, partition: int) -> int | None:
        """Return the offset up to which the workers have committed the partition, None where they have not."""
        try:
            found = self._consumer.committed(TopicPartition(topic, partition))
        except KafkaError:
            return None
        return None if found is None else int(found)

    def ends(self, topic: str) -> dict[int, int]:
        """Return where each partition ends now."""
        places = [TopicPartition(topic, partition) for partition in self.partitions(topic)]
        try:
            found = self._consumer.end_offsets(places) if places else {}
        except KafkaError as error:
            raise BrokerProblem(f"{topic} cannot be read ({type(error).__name__})") from None
        return {place.partition: int(end) for place, end in found.items()}

    def onward(self, topic: str, offsets: dict[int, int]) -> list[Any]:
        """Return what has come since `offsets` (partition to next offset, 0 where missing), and move them on."""
        found = []
        for partition in self.partitions(topic):
            for record in self._read(TopicPartition(topic, partition), None, None, offsets.get(partition, 0)):
                offsets[partition] = record.offset + 1
                found.append(record)
        return found

    def _read(self, place: TopicPartition, since_ms: int | None, until_ms: int | None, start: int = 0) -> Iterator[Any]:
        try:
            start = max(start, self._consumer.beginning_offsets([place])[place])
            end = self._consumer.end_offsets([place])[place]
            # The embedded broker, for which the version is pinned, keeps no times to look offsets up by.
            if since_ms is not None and not self._api_version:
                found = self._consumer.offsets_for_times({place: since_ms}).get(place)
                start = end if found is None else max(start, found.offset)
            if until_ms is not None and not self._api_version:
                found = self._consumer.offsets_for_times({place: until_ms}).get(place)
                end = end if found is None else min(end, found.offset)
            for records in read_batches(self._consumer, place, start, end, 500):
                yield from records
        except KafkaError as error:
            raise BrokerProblem(f"{place.topic} cannot be read ({type(error).__name__})") from None
