"""Records of `alerts.v1` that could not be read -> its dead-letter topic, byte for byte; returns when it is there."""

import logging
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, MessageSizeTooLargeError

from services import metrics
from services.broker.cluster import pinned_version
from services.broker.security import client_security
from services.errors import BrokerProblem
from streams.topics import ALERTS, DEAD_REASON, DEAD_SOURCE

log = logging.getLogger("parley.notify")

ACKNOWLEDGED_WITHIN = 10.0
REASON_MOST = 500


class DeadLetters:
    """Sends dead letters, one at a time; connects with the first."""

    def __init__(self, bootstrap: str, api_version: str) -> None:
        self._bootstrap, self._api_version = bootstrap, api_version
        self._producer: KafkaProducer | None = None

    def send(self, message: Any, reason: str, detail: str) -> None:
        """Put a consumed message aside; raises BrokerProblem when the broker does not acknowledge it."""
        source = f"{message.topic}/{message.partition}/{message.offset}"
        log.error("%s goes to %s: %s: %s", source, ALERTS.dead, reason, detail)
        try:
            try:
                self._put(message.key, message.value, source, f"{reason}: {detail}")
            except MessageSizeTooLargeError:
                # With our headers it is over the broker's limit. Its source still has it, at the place named.
                size = len(message.value or b"")
                self._put(message.key, None, source, f"{reason}: {detail} (value of {size} bytes left out)")
        except KafkaError as error:
            self.close()
            raise BrokerProblem(f"{ALERTS.dead} did not take a dead letter ({type(error).__name__})") from None
        metrics.DEAD_LETTERS.labels(ALERTS.name, reason).inc()

    def close(self) -> None:
        """Let go of the connection."""
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            producer.close(timeout=1)
        except KafkaError as error:
            # It raises when the broker is down; what matters was acknowledged before.
            log.debug("closing the producer: %s", type(error).__name__)

    def _put(self, key: bytes | None, value: bytes | None, source: str, reason: str) -> None:
        headers = [(DEAD_REASON, reason[:REASON_MOST].encode()), (DEAD_SOURCE, source.encode())]
        self._open().send(ALERTS.dead, value, key, headers).get(timeout=ACKNOWLEDGED_WITHIN)

    def _open(self) -> KafkaProducer:
        if self._producer is None:
            # Without idempotence: a batch that expires in retry would wedge the producer for good, and a dead letter
            # that is there twice names the same source.
            self._producer = KafkaProducer(
                bootstrap_servers=self._bootstrap,
                api_version=pinned_version(self._api_version),
                **client_security(),
                client_id="parley-notify-dead",
                acks="all",
                enable_idempotence=False,
                max_in_flight_requests_per_connection=1,
                max_request_size=16 * 1024 * 1024,
            )
        return self._producer
