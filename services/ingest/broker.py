"""A kafka-python producer that fails where it would otherwise hang; never decides what to send.

Idempotence is off on purpose: with it, a batch that expires while it is retried wedges kafka-python's producer for
good, no timeout fires, and news stops without an error. Instead there is one request in flight, which keeps the order;
a resent record carries the same id and revision, which downstream counts once. And a producer that has failed is never
trusted again: it is replaced.
"""

import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError

from services.broker.cluster import pinned_version
from services.broker.security import client_security
from services.errors import BrokerProblem
from services.settings import Settings
from streams.topics import Topic

# Short enough to stop within seconds whatever the broker does; the outbox is what survives a long outage.
BLOCK_MS: Final = 2_000
REQUEST_MS: Final = 10_000
DELIVERY_MS: Final = 20_000
PATIENCE: Final = DELIVERY_MS / 1000 + 5.0
# A record of the outbox's largest size, with room for its framing.
REQUEST_BYTES: Final = 1_000_000
SLICE: Final = 0.1


class Record(NamedTuple):
    """What is sent: to a partition of our choosing, or to the key's where it is None."""

    topic: str
    key: str | None
    value: bytes
    partition: int | None = None


class Line:
    """A connection to the broker, good until its first failure."""

    def __init__(self, settings: Settings) -> None:
        """Raises BrokerProblem when the broker cannot be reached within seconds."""
        try:
            self._producer = KafkaProducer(
                bootstrap_servers=settings.kafka,
                client_id="parley-ingest",
                api_version=pinned_version(settings.kafka_api_version),
                **client_security(),
                bootstrap_timeout_ms=BLOCK_MS,
                enable_idempotence=False,
                acks="all",
                max_in_flight_requests_per_connection=1,
                delivery_timeout_ms=DELIVERY_MS,
                request_timeout_ms=REQUEST_MS,
                max_block_ms=BLOCK_MS,
                max_request_size=REQUEST_BYTES,
                linger_ms=5,
                reconnect_backoff_max_ms=2_000,
                # A topic made by accident would have the broker's default number of partitions.
                allow_auto_create_topics=False,
            )
        except KafkaError as error:
            raise BrokerProblem(f"broker {settings.kafka}: cannot be reached ({type(error).__name__})") from None

    def check(self, topics: Sequence[Topic]) -> None:
        """Raises BrokerProblem when a topic is missing or has another number of partitions."""
        for topic in topics:
            try:
                found = self._producer.partitions_for(topic.name)
            except KafkaError as error:
                raise BrokerProblem(f"topic {topic.name}: cannot be found ({type(error).__name__})") from None
            if len(found) != topic.partitions:
                raise BrokerProblem(f"topic {topic.name}: has {len(found)} partitions instead of {topic.partitions}")

    def send(self, records: Sequence[Record], give_up: Callable[[], bool]) -> list[str]:
        """Send all and wait; returns for each "" once acknowledged, or the name of what went wrong.

        Ends within PATIENCE seconds, or soon after `give_up` says so.
        """
        outcomes = [""] * len(records)
        futures = []
        for number, record in enumerate(records):
            try:
                key = record.key.encode() if record.key is not None else None
                futures.append(
                    (number, self._producer.send(record.topic, record.value, key, partition=record.partition))
                )
            except KafkaError as error:
                outcomes[number] = type(error).__name__
                if isinstance(error, KafkaTimeoutError):
                    # No metadata: each of the others would wait as long for the same answer.
                    outcomes[number + 1 :] = ["NotSent"] * (len(records) - number - 1)
                    break
        deadline = time.monotonic() + PATIENCE
        for number, future in futures:
            while not future.is_done and time.monotonic() < deadline and not give_up():
                with contextlib.suppress(KafkaError):
                    future.get(timeout=SLICE)
            if not future.is_done:
                outcomes[number] = "NotAcknowledged"
            elif future.failed():
                outcomes[number] = type(future.exception).__name__
        return outcomes

    def close(self, seconds: float = 0.0) -> None:
        """Drop the connection; what was not acknowledged may or may not have arrived."""
        try:
            self._producer.close(seconds)
        except KafkaError:
            # With records still under way it raises before it has stopped its thread, which would go on sending them
            # for ever; there is no public way to stop it then.
            self._producer._sender.force_close()
