"""A broker under test, embedded or Apache Kafka itself: numbered inputs in, everything that came of them out."""

import contextlib
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from services.broker.apache import ApacheKafka
from services.broker.embedded import API_VERSION, EmbeddedBroker
from services.broker.security import client_security
from streams.records import Article, EvidenceRecord, Reading
from streams.topics import (
    ARTICLES,
    CHANGELOG,
    DEAD_REASON,
    DEAD_SOURCE,
    GROUP,
    READINGS,
    Topic,
    decode_evidence,
    encode,
)
from tests.services.received import read_topic

MORNING = datetime(2025, 3, 1, tzinfo=UTC)
# Invented headlines, each with one statement.
HEADLINES = (
    "Putin says Russia is ready for peace talks in round {}",
    "Zelensky says Ukraine is ready for peace talks in round {}",
    "Macron says France supports a ceasefire in round {}",
    "Trump says the United States wants a peace deal in round {}",
    "Merz says Germany supports a ceasefire in round {}",
    "Erdogan says Turkey is ready to host peace talks in round {}",
)


class Input(NamedTuple):
    """A numbered article and where it lies."""

    number: int
    place: str


def article(number: int) -> Article:
    """Return the article with this number; its id is the number."""
    when = MORNING + timedelta(minutes=number)
    return Article(
        id=f"a{number}",
        url=f"https://news.example/{number}",
        outlet=f"Outlet {number % 3}",
        title=HEADLINES[number % len(HEADLINES)].format(number),
        text="",
        published=when,
        fetched=when,
    )


class Kafka:
    """Either broker, as a test sees it."""

    def __init__(self, broker: EmbeddedBroker | ApacheKafka) -> None:
        self.broker = broker
        self.embedded = isinstance(broker, EmbeddedBroker)
        self.api_version = API_VERSION if self.embedded else ""
        self._options: dict[str, Any] = {
            "bootstrap_servers": broker.bootstrap,
            "api_version": (2, 3) if self.embedded else None,
            **client_security(),
        }

    @property
    def session(self) -> float:
        """The shortest session that the broker grants."""
        return 3.0 if self.embedded else 6.0

    def put(self, topic: Topic, records: Iterable[tuple[bytes | None, bytes | None]]) -> list[str]:
        """Produce keys and values, acknowledged; return their places, `topic/partition/offset`."""
        producer = KafkaProducer(**self._options, acks="all", enable_idempotence=False)
        sent = [producer.send(topic.name, value, key) for key, value in records]
        placed = [future.get(60) for future in sent]
        producer.close()
        return [f"{one.topic}/{one.partition}/{one.offset}" for one in placed]

    def put_row(self, partition: int, row: str, value: str) -> None:
        """Write a row of the evidence table, as a worker would."""
        producer = KafkaProducer(**self._options, acks="all", enable_idempotence=False)
        producer.send(CHANGELOG.name, value.encode(), f"{partition} {row}".encode(), partition=partition).get(60)
        producer.close()

    def put_articles(self, numbers: Iterable[int]) -> list[Input]:
        numbers = list(numbers)
        records = [(f"a{number}".encode(), encode(article(number))) for number in numbers]
        return [Input(*pair) for pair in zip(numbers, self.put(ARTICLES, records), strict=True)]

    def put_evidence(self, readings: Iterable[Reading]) -> None:
        self.put(READINGS, [(reading.actor.encode(), encode(reading)) for reading in readings])

    def read(self, name: str) -> list[Any]:
        """Return every record of the topic, partition by partition."""
        return read_topic(name, 60, **self._options)

    def evidence(self) -> dict[int, list[EvidenceRecord]]:
        """Return the evidence log, partition by partition."""
        found: dict[int, list[EvidenceRecord]] = {}
        for record in self.read(READINGS.name):
            found.setdefault(record.partition, []).append(decode_evidence(record.value))
        return found

    def lag(self, *topics: Topic) -> int:
        """Return how many records the workers' group has not committed."""
        consumer = KafkaConsumer(**self._options, group_id=GROUP, enable_auto_commit=False)
        try:
            places = [TopicPartition(topic.name, one) for topic in topics for one in range(topic.partitions)]
            ends = consumer.end_offsets(places)
            return sum(ends[place] - (consumer.committed(place) or 0) for place in places)
        finally:
            consumer.close(autocommit=False)

    def await_done(self, seconds: float = 180.0, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Wait until everything that is on the worker's topics was handled and committed."""

        def done() -> bool:
            meanwhile()
            # A broker that has just lost a node, or its share of a busy machine, may not answer this once.
            with contextlib.suppress(KafkaError):
                return self.lag(ARTICLES, READINGS) == 0
            return False

        until(done, seconds, "the worker is not done")

    def dead(self, topic: Topic) -> dict[str, str]:
        """Return the reasons of the topic's dead letters by their source."""
        letters = [dict(record.headers) for record in self.read(topic.dead)]
        return {headers[DEAD_SOURCE].decode(): headers[DEAD_REASON].decode() for headers in letters}

    def assert_none_lost(self, inputs: Iterable[Input]) -> None:
        """Every article ended as its reading or as its dead letter, and what came twice is the same to the byte."""
        dead = self.dead(ARTICLES)
        seen: dict[str, bytes] = {}
        for record in self.read(READINGS.name):
            reading = decode_evidence(record.value)
            if isinstance(reading, Reading):
                assert seen.setdefault(reading.id, record.value) == record.value
        read = {decode_evidence(value).article for value in seen.values()}  # type: ignore[union-attr]
        lost = [one.number for one in inputs if f"a{one.number}" not in read and one.place not in dead]
        assert lost == []


def until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until `true()`; fails the test when it takes longer."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
