"""The four topics -> the projection, in a thread of its own; the offsets are stored with the rows they brought.

No consumer group: every desk reads everything. What is in the file and how far it was read are one transaction, so
that nothing is read twice or left out, whatever happens in between; the topics are the only source.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from services import metrics
from services.broker.cluster import pinned_version, read_cluster_id
from services.broker.security import client_security
from services.desk.database import Projection
from services.desk.project import DECODERS, project
from services.errors import BrokerProblem
from streams.topics import TOPICS, Malformed

log = logging.getLogger("parley.desk")

POLL_MS: Final = 100
ASK_MS: Final = 5_000
ASK_EVERY: Final = 10.0
SILENT_MOST: Final = 3
RETRY_FIRST: Final = 0.5
RETRY_MOST: Final = 10.0


class Reader:
    """Projects what arrives until `stop`.

    `told` is called, in this thread, with what kinds of record were news; `tend`, in this thread too, whenever all is
    read, every few seconds, and returns with what kinds it made news itself.
    """

    def __init__(
        self,
        bootstrap: str,
        api_version: str,
        projection: Projection,
        told: Callable[[frozenset[type]], None],
        tend: Callable[[], frozenset[type]] = frozenset,
    ) -> None:
        self._bootstrap, self._api_version = bootstrap, api_version
        self._projection, self._told, self._tend = projection, told, tend
        self._stop = threading.Event()
        self._silent = 0
        self.caught_up = threading.Event()
        self.problem = "not connected to the broker yet"

    def stop(self) -> None:
        """Ask `run` to end; it does within about a second."""
        self._stop.set()

    def run(self) -> None:
        """Read until `stop`, through any number of broker outages; raises ParleyError where the disk fails."""
        wait = RETRY_FIRST
        while not self._stop.is_set():
            try:
                cluster = read_cluster_id(self._bootstrap, self._api_version)
                # The offsets in it mean something for this cluster and these versions of the topics alone.
                if self._projection.stamp(" ".join((cluster, *(topic.name for topic in TOPICS)))):
                    log.warning("%s was made from another cluster or other topics: made anew", self._projection.path)
                self._follow()
                return
            except (KafkaError, BrokerProblem) as error:
                self.problem = str(error) if isinstance(error, BrokerProblem) else type(error).__name__
                log.warning("the topics cannot be read: %s; trying again in %.1f s", self.problem, wait)
                metrics.READY.set(0)
                self.caught_up.clear()
                self._stop.wait(wait)
                wait = min(wait * 2, RETRY_MOST)

    def _follow(self) -> None:
        consumer = KafkaConsumer(
            bootstrap_servers=self._bootstrap,
            api_version=pinned_version(self._api_version),
            **client_security(),
            client_id="parley-desk",
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
            max_partition_fetch_bytes=8 * 1024 * 1024,
            reconnect_backoff_max_ms=2_000,
        )
        try:
            partitions = [TopicPartition(topic.name, number) for topic in TOPICS for number in range(topic.partitions)]
            consumer.assign(partitions)
            for partition, following in self._following().items():
                consumer.seek(partition, following)
            for partition in set(partitions) - set(self._following()):
                consumer.seek_to_beginning(partition)
            self._read(consumer)
        finally:
            metrics.READY.set(0)
            consumer.close(autocommit=False, timeout_ms=1000)

    def _following(self) -> dict[TopicPartition, int]:
        with self._projection.write() as db:
            rows = db.execute("SELECT topic, partition, following FROM offsets").fetchall()
        return {TopicPartition(topic, partition): following for topic, partition, following in rows}

    def _read(self, consumer: KafkaConsumer) -> None:
        asked = 0.0
        while not self._stop.is_set():
            batch = consumer.poll(timeout_ms=POLL_MS, max_records=1000)
            if batch:
                self._take(batch)
            now = time.monotonic()
            if now - asked >= (ASK_EVERY if self.caught_up.is_set() else 0.5):
                asked = now
                self._ask_ends(consumer)

    def _take(self, batch: Mapping[TopicPartition, list[Any]]) -> None:
        news: set[type] = set()
        with self._projection.write() as db:
            for partition, messages in batch.items():
                for message in messages:
                    try:
                        record = DECODERS[message.topic](message.value)
                    except Malformed as error:
                        # The worker puts such records aside for somebody to look at; here they are only not shown.
                        metrics.DESK_RECORDS.labels(message.topic, "malformed").inc()
                        log.warning("%s/%d/%d: %s", message.topic, message.partition, message.offset, error)
                        continue
                    if project(db, record):
                        news.add(type(record))
                    metrics.DESK_RECORDS.labels(message.topic, "projected").inc()
                db.execute(
                    "INSERT OR REPLACE INTO offsets VALUES (?, ?, ?)",
                    (partition.topic, partition.partition, messages[-1].offset + 1),
                )
        if news:
            self._told(frozenset(news))

    def _ask_ends(self, consumer: KafkaConsumer) -> None:
        """Ask where the partitions end: `poll` says nothing about a broker that is away."""
        partitions = list(consumer.assignment())
        try:
            ends = consumer.end_offsets(partitions, timeout_ms=ASK_MS)
            lag = {one: max(0, ends[one] - (consumer.position(one, timeout_ms=ASK_MS) or 0)) for one in partitions}
        except KafkaError as error:
            self._silent += 1
            self.problem = f"broker {self._bootstrap} does not answer ({type(error).__name__})"
            log.warning("%s; waiting for it", self.problem)
            metrics.READY.set(0)
            self.caught_up.clear()
            if self._silent >= SILENT_MOST:
                self._silent = 0
                raise
            return
        self._silent, self.problem = 0, ""
        metrics.READY.set(1)
        for one, records in lag.items():
            metrics.LAG.labels(one.topic, one.partition).set(records)
        if not any(lag.values()):
            if news := self._tend():
                self._told(news)
            self.caught_up.set()
