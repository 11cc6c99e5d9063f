"""Dead letters on Kafka: finds those that nobody has seen to, puts them back where they came from, or lets them be.

A letter that was seen to is marked by a record in its own partition whose header names the letter's offset. Committed
offsets could not say it, since dropping one letter would drop all before it; and a mark keeps, for as long as the
letter itself, who did what and when. A crash between a replay and its mark replays again, which ids make harmless.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from services.broker.cluster import knock, pinned_version
from services.broker.partitions import read_batches
from services.broker.security import client_security
from services.errors import BrokerProblem, InputProblem
from streams.topics import DEAD_REASON, DEAD_SOURCE, TOPICS

HANDLED: Final = "parley-handled"
OUTCOME: Final = "parley-outcome"
WITHIN: Final = 15.0
LARGEST: Final = 16 * 1024 * 1024

Place = tuple[str, int, int]  # Topic, partition, offset.


class Letter(NamedTuple):
    """One record that was put aside: where it lies, where it came from, and why."""

    place: Place
    source: Place
    reason: str
    key: bytes | None
    value: bytes | None
    at: datetime

    @property
    def kind(self) -> str:
        """The reason's own word, before the detail."""
        return self.reason.partition(":")[0]


class Filter(NamedTuple):
    """Which letters are meant; what is empty means all. Offsets and partitions are the source's."""

    topics: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    partitions: frozenset[int] = frozenset()
    offsets: frozenset[int] = frozenset()

    def takes(self, letter: Letter) -> bool:
        topic, partition, offset = letter.source
        return (
            (not self.topics or topic in self.topics or letter.place[0] in self.topics)
            and (not self.reasons or letter.kind in self.reasons)
            and (not self.partitions or partition in self.partitions)
            and (not self.offsets or offset in self.offsets)
        )


class DeadLetters:
    """The dead-letter topics of one broker. A context manager; raises BrokerProblem where the broker does not do."""

    def __init__(self, bootstrap: str, api_version: str) -> None:
        self._bootstrap = bootstrap
        self._options: dict[str, Any] = {
            "bootstrap_servers": bootstrap,
            "api_version": pinned_version(api_version),
            "client_id": "parley-dead-letters",
            **client_security(),
        }

    def __enter__(self) -> "DeadLetters":
        knock(self._bootstrap)
        try:
            self._consumer = KafkaConsumer(
                **self._options, enable_auto_commit=False, fetch_max_bytes=LARGEST, max_partition_fetch_bytes=LARGEST
            )
            # Without idempotence: a batch that expires in retry would wedge the producer, and a repetition is harmless.
            self._producer = KafkaProducer(
                **self._options,
                acks="all",
                enable_idempotence=False,
                max_in_flight_requests_per_connection=1,
                max_request_size=LARGEST,
            )
        except KafkaError as error:
            raise BrokerProblem(f"broker {self._bootstrap}: cannot be reached ({type(error).__name__})") from None
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close(autocommit=False)
        self._producer.close(timeout=1)

    def waiting(self, wanted: Filter) -> Iterator[Letter]:
        """Yield the letters that nobody has seen to, as of now, in the order of each partition.

        Reads twice, since marks come after their letters and all letters together may not fit into memory.
        """
        for topic in TOPICS:
            for partition in sorted(self._consumer.partitions_for_topic(topic.dead) or ()):
                handled: set[int] = set()
                for record in self._read(topic.dead, partition):
                    if (mark := dict(record.headers).get(HANDLED)) is not None:
                        handled.add(int(mark))
                for record in self._read(topic.dead, partition):
                    if record.offset not in handled and HANDLED not in dict(record.headers):
                        letter = read_letter(record)
                        if wanted.takes(letter):
                            yield letter

    def replay(self, letter: Letter) -> None:
        """Put the record back on its source, in the partition it came from, and then mark it."""
        topic, partition, offset = letter.source
        if offset < 0:
            raise InputProblem(f"{show(letter.place)} does not say where it came from; it can only be dropped")
        value = letter.value if letter.value is not None else self._left_out(letter.source)
        self._send(topic, letter.key, value, partition, [])
        self._mark(letter, "replayed")

    def drop(self, letter: Letter) -> None:
        """Mark the letter; nothing else will be done about it."""
        self._mark(letter, "dropped")

    def _mark(self, letter: Letter, outcome: str) -> None:
        topic, partition, offset = letter.place
        headers = [(HANDLED, str(offset).encode()), (OUTCOME, outcome.encode())]
        # A record needs a key or a value, and not every letter has a key.
        self._send(topic, letter.key if letter.key is not None else b"", None, partition, headers)

    def _send(
        self, topic: str, key: bytes | None, value: bytes | None, partition: int, headers: list[tuple[str, bytes]]
    ) -> None:
        try:
            self._producer.send(topic, value, key, headers, partition).get(timeout=WITHIN)
        except KafkaError as error:
            raise BrokerProblem(f"{topic} did not take the record ({type(error).__name__})") from None

    def _left_out(self, source: Place) -> bytes | None:
        """Return the source's own value where the letter has none, since one too large for a letter is left out."""
        topic, partition, offset = source
        for record in self._read(topic, partition, offset):
            value: bytes | None = record.value if record.offset == offset else None
            return value
        return None

    def _read(self, topic: str, partition: int, start: int = 0) -> Iterator[Any]:
        """Yield the records from `start` to the end as it is now."""
        place = TopicPartition(topic, partition)
        try:
            start = max(start, self._consumer.beginning_offsets([place])[place])
            end = self._consumer.end_offsets([place])[place]
            for records in read_batches(self._consumer, place, start, end, 100):
                yield from records
        except KafkaError as error:
            raise BrokerProblem(f"{topic} cannot be read ({type(error).__name__})") from None


def read_letter(record: Any) -> Letter:
    """Return a consumed record of a dead-letter topic; one without our headers has an unknown source (offset -1)."""
    headers = dict(record.headers)
    topic, partition, offset = record.topic.removesuffix(".dead"), record.partition, -1
    source = headers.get(DEAD_SOURCE, b"").decode(errors="replace").rsplit("/", 2)
    if len(source) == 3 and source[1].isdecimal() and source[2].isdecimal():
        topic, partition, offset = source[0], int(source[1]), int(source[2])
    return Letter(
        (record.topic, record.partition, record.offset),
        (topic, partition, offset),
        headers.get(DEAD_REASON, b"unknown").decode(errors="replace"),
        record.key,
        record.value,
        datetime.fromtimestamp(max(record.timestamp or 0, 0) / 1000, UTC),
    )


def show(place: Place) -> str:
    """`topic/partition/offset`."""
    return "/".join(str(part) for part in place)
