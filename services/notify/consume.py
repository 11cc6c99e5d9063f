"""`alerts.v1` -> the ledger: reads raw records in a thread of its own; never delivers, and never waits for a sink.

A record that is bad goes to the dead-letter topic. A failure that is not the record's ends the connection, and reading
starts again where the ledger says; nothing is committed before it is on disk.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError, KafkaTimeoutError

from services import metrics
from services.broker.cluster import read_cluster_id
from services.broker.topics import ensure_topics
from services.errors import BrokerProblem, ParleyError
from services.notify.connect import is_member, join_most, listens, open_consumer
from services.notify.dead import DeadLetters
from services.notify.deliveries import count_states
from services.notify.ledger import Ledger
from services.notify.record import Arrival, record
from services.notify.taste import Taste
from streams.topics import ALERTS, Malformed, decode_alert

log = logging.getLogger("parley.notify")

POLL_MS: Final = 250
COMMIT_MS: Final = 2_000
ASK_EVERY: Final = 10.0  # Seconds between two looks at where the partitions end.
RETRY_FIRST: Final = 0.5
RETRY_MOST: Final = 10.0
SILENT_MOST: Final = 3  # After so many, a connection to a broker that does listen is made anew.
BAD_IN_A_ROW: Final = 20


class Intake:
    """Records what arrives until `stop`; `arrived` is called, in this thread, when sinks may be owed something new."""

    def __init__(
        self,
        bootstrap: str,
        api_version: str,
        replication: int,
        ledger: Ledger,
        sinks: Mapping[str, Taste],
        clock: Callable[[], float],
        arrived: Callable[[], None],
    ) -> None:
        self._bootstrap, self._api_version, self._replication = bootstrap, api_version, replication
        self._ledger, self._sinks, self._clock, self._arrived = ledger, sinks, clock, arrived
        self._stop = threading.Event()
        self._next: dict[TopicPartition, int] = {}  # Of the partitions that are ours, the offset to be read next.
        self._bad = 0
        self._silent = 0  # How often in a row the broker did not say where the partitions end.
        self.caught_up = False

    def stop(self) -> None:
        """Ask `run` to end; it does within about a second."""
        self._stop.set()

    def run(self) -> None:
        """Read until `stop`, through any number of broker outages.

        Raises UsageProblem when the ledger belongs to another cluster, ParleyError when the ledger cannot be written
        or when twenty records in a row could not be read.
        """
        wait = RETRY_FIRST
        while not self._stop.is_set():
            try:
                self._ledger.stamp(read_cluster_id(self._bootstrap, self._api_version))
                if not self._api_version:
                    # The embedded broker, the only one that is pinned, has its topics from the start.
                    ensure_topics(self._bootstrap, self._replication)
                self._follow()
                return
            except (KafkaError, BrokerProblem) as error:
                reason = str(error) if isinstance(error, BrokerProblem) else type(error).__name__
                log.warning("alerts cannot be read: %s; trying again in %.1f s", reason, wait)
                self._forget()
                self._stop.wait(wait)
                wait = min(wait * 2, RETRY_MOST)

    def _follow(self) -> None:
        consumer = open_consumer(self._bootstrap, self._api_version)
        dead = DeadLetters(self._bootstrap, self._api_version)
        try:
            self._read(consumer, dead)
        finally:
            self._forget()
            dead.close()
            consumer.close(autocommit=False, timeout_ms=1000)

    def _read(self, consumer: KafkaConsumer, dead: DeadLetters) -> None:
        asked = joined = time.monotonic()
        while not self._stop.is_set():
            batch = consumer.poll(timeout_ms=POLL_MS)
            if is_member(consumer):
                joined = time.monotonic()
            elif time.monotonic() - joined > join_most():
                raise KafkaTimeoutError("the broker did not answer the request to join the group")
            if consumer.assignment() != self._next.keys():
                self._take_over(consumer)
                asked = 0.0
            self.caught_up = not batch and bool(self._next) and not self._silent
            if batch:
                self._take(consumer, batch, dead)
            if time.monotonic() - asked >= ASK_EVERY:
                self._ask_ends(consumer)
                asked = time.monotonic()
            else:
                self._show_lag({one: consumer.highwater(one) for one in consumer.assignment()})

    def _take_over(self, consumer: KafkaConsumer) -> None:
        """Note which partitions are ours now. What another had read and not committed comes again, and adds nothing."""
        # The broker may be another one than before the connection was lost.
        self._ledger.stamp(read_cluster_id(self._bootstrap, self._api_version))
        self._forget()
        for partition in consumer.assignment():
            self._next[partition] = consumer.position(partition, timeout_ms=COMMIT_MS) or 0
        metrics.READY.set(1 if self._next else 0)
        log.info("reading %s, partitions %s", ALERTS.name, sorted(one.partition for one in self._next))

    def _take(self, consumer: KafkaConsumer, batch: Mapping[TopicPartition, list[Any]], dead: DeadLetters) -> None:
        """Record a batch, then commit it; a commit that fails only makes the batch come again."""
        arrivals = []
        for message in (message for messages in batch.values() for message in messages):
            try:
                arrivals.append(Arrival(decode_alert(message.value), self._written(message)))
                self._bad = 0
            except Malformed as error:
                self._bad += 1
                if self._bad >= BAD_IN_A_ROW:
                    raise ParleyError(
                        f"{BAD_IN_A_ROW} records of {ALERTS.name} in a row cannot be read ({error}): "
                        "what writes them is not the same version; nothing more is committed"
                    ) from None
                dead.send(message, "malformed", str(error))
        ends = {partition: messages[-1].offset + 1 for partition, messages in batch.items()}
        skipped = record(self._ledger, arrivals, self._sinks, self._clock())
        for sink in self._sinks:
            if skipped[sink]:
                metrics.DELIVERIES.labels(sink, "skipped").inc(skipped[sink])
            metrics.PENDING.labels(sink).set(count_states(self._ledger, sink)[0])
        self._next.update(ends)
        self._arrived()
        try:
            consumer.commit({one: OffsetAndMetadata(end) for one, end in ends.items()}, timeout_ms=COMMIT_MS)
        except KafkaError as error:
            log.warning("offsets of %s were not committed (%s); the ledger has them", ALERTS.name, type(error).__name__)

    def _written(self, message: Any) -> float:
        """The record's time; where it has none, or one in the future, now."""
        now = self._clock()
        return min(message.timestamp / 1000, now) if message.timestamp and message.timestamp > 0 else now

    def _ask_ends(self, consumer: KafkaConsumer) -> None:
        """Ask where the partitions end, which also shows whether the broker is there: `poll` is silent about that."""
        try:
            ends = consumer.end_offsets(list(self._next), timeout_ms=COMMIT_MS) if self._next else {}
        except KafkaError as error:
            log.warning("broker %s does not answer (%s); waiting for it", self._bootstrap, type(error).__name__)
            self._silent += 1
            self.caught_up = False
            metrics.READY.set(0)
            if self._silent >= SILENT_MOST and listens(self._bootstrap):
                raise
            return
        self._silent = 0
        metrics.READY.set(1 if self._next else 0)
        self._show_lag(ends)

    def _show_lag(self, ends: Mapping[TopicPartition, int | None]) -> None:
        for partition, following in self._next.items():
            end = ends.get(partition)
            if end is not None:
                metrics.LAG.labels(ALERTS.name, partition.partition).set(max(0, end - following))

    def _forget(self) -> None:
        """Take back what is shown of partitions that are no longer ours."""
        metrics.READY.set(0)
        self.caught_up = False
        for partition in self._next:
            metrics.LAG.remove(ALERTS.name, str(partition.partition))
        self._next = {}
