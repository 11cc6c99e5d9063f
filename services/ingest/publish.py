"""The outbox to the broker, then the minute's pulse: one thread that outlives every outage; never touches a feed.

A row leaves the outbox only after its acknowledgement. A crash in between sends the same bytes again.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from services import metrics
from services.broker.cluster import read_cluster_id
from services.broker.topics import ensure_topics
from services.errors import BrokerProblem, ParleyError
from services.ingest.broker import Line, Record
from services.ingest.outbox import Waiting
from services.ingest.pulse import Pulses
from services.ingest.store import Store
from services.logs import about
from services.settings import Settings
from streams.topics import ARTICLES, READINGS, encode

log = logging.getLogger("parley.ingest")

# Records under way at once: what kafka-python holds in memory, which has no bound of its own.
BATCH: Final = 500
BACKOFF: Final = (0.5, 10.0)
# An outage that lasts is said again after so many seconds, not with every try.
REPEAT_LOG: Final = 300.0
TOO_LARGE: Final = frozenset({"MessageSizeTooLargeError", "RecordListTooLargeError"})


class Publisher(threading.Thread):
    """Publishes until `finish`. Whoever adds to the outbox sets `awake`.

    `failed` is called once, from this thread, when it has to give up; `failure` then says why. `said` is the last
    minute that every partition has acknowledged.
    """

    def __init__(
        self, settings: Settings, store: Store, pulses: Pulses, awake: threading.Event, failed: Callable[[], object]
    ) -> None:
        super().__init__(name="publisher", daemon=True)
        self.failure: ParleyError | None = None
        self.said: datetime | None = None
        self._settings = settings
        self._store = store
        self._pulses = pulses
        self._failed = failed
        self._line: Line | None = None
        self._awake = awake
        self._finishing = threading.Event()
        self._deadline: float | None = None
        self._told: tuple[str, float] = ("", 0.0)
        # The sample newsroom's clock jumps; a real minute is hit well enough within a second.
        self._pause = 0.2 if settings.clock else 1.0
        self._idle = False
        metrics.start_at_zero(metrics.ARTICLES_IN, ("live",), ("backfill",))

    def finish(self, seconds: float) -> bool:
        """Send what waits, then end, after `seconds` at the latest; returns whether nothing is left."""
        self._deadline = time.monotonic() + seconds
        self._finishing.set()
        self._awake.set()
        self.join(seconds + 1.0)
        return not self.is_alive() and self.failure is None and self._store.outbox.count() == 0

    def run(self) -> None:
        backoff = BACKOFF[0]
        try:
            while not self._over():
                problem = self._turn()
                if problem is None:
                    backoff = BACKOFF[0]
                    if self._idle and self._finishing.is_set():
                        return
                    if self._idle:
                        self._awake.wait(self._pause)
                        self._awake.clear()
                    continue
                self._drop(problem)
                # New articles do not shorten this pause; the end of the process does.
                if self._finishing.wait(backoff):
                    time.sleep(min(backoff, BACKOFF[0]))
                backoff = min(backoff * 2, BACKOFF[1])
        except ParleyError as error:
            self.failure = error
        except sqlite3.Error as error:
            self.failure = ParleyError(f"state {self._settings.state}: cannot be used ({error})")
        finally:
            metrics.READY.set(0)
            if self._line is not None:
                self._line.close(1.0)
            if self.failure is not None and not self._finishing.is_set():
                self._failed()

    def _turn(self) -> BrokerProblem | None:
        """Work once; returns what was wrong with the broker. Raises what no other try would mend."""
        try:
            self._idle = self._work()
        except BrokerProblem as error:
            return error
        except (ParleyError, sqlite3.Error):
            raise
        except Exception as error:
            # A fault in the client library, or ours: news would stop without a word if this thread ended.
            log.exception("publishing failed; the connection is made anew")
            return BrokerProblem(f"broker {self._settings.kafka}: {type(error).__name__}")
        return None

    def _work(self) -> bool:
        """Send one batch, or the pulse where nothing waits before it; returns whether there was nothing to do."""
        line = self._line or self._connect()
        batch = self._store.outbox.take(BATCH)
        if batch:
            self._publish(line, batch)
        pulse = self._pulses.due()
        if pulse is not None:
            value = encode(pulse)
            records = [Record(READINGS.name, None, value, partition) for partition in range(READINGS.partitions)]
            self._check(line.send(records, self._over))
            self._pulses.sent(pulse)
            self.said = pulse.minute
            metrics.PULSE.set(pulse.minute.timestamp())
        return not batch and pulse is None

    def _publish(self, line: Line, batch: Sequence[Waiting]) -> None:
        outcomes = line.send([Record(waiting.topic, waiting.key, waiting.value) for waiting in batch], self._over)
        done = [waiting for waiting, outcome in zip(batch, outcomes, strict=True) if not outcome]
        self._store.outbox.remove([waiting.seq for waiting in done])
        for waiting in done:
            metrics.ARTICLES_IN.labels(waiting.kind).inc()
            level = logging.INFO if waiting.kind == "live" else logging.DEBUG
            extra = about("article-published", article=waiting.key, kind=waiting.kind)
            log.log(level, "article %s: on %s", waiting.key, waiting.topic, extra=extra)
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if outcome in TOO_LARGE and not self._store.outbox.halve(waiting):
                metrics.ARTICLES_DROPPED.labels("too-large").inc()
                log.error(
                    "article %s: the broker takes no record of %d bytes", waiting.key, len(waiting.value),
                    extra=about("article-too-large", article=waiting.key),
                )  # fmt: skip
                self._store.outbox.remove([waiting.seq])
        self._check([outcome for outcome in outcomes if outcome not in TOO_LARGE])

    def _check(self, outcomes: Sequence[str]) -> None:
        errors = [outcome for outcome in outcomes if outcome]
        for error in errors:
            metrics.PUBLISH_FAILURES.labels(error).inc()
        if errors:
            raise BrokerProblem(f"broker {self._settings.kafka}: {len(errors)} records not acknowledged ({errors[0]})")

    def _connect(self) -> Line:
        settings = self._settings
        self._store.belong_to(read_cluster_id(settings.kafka, settings.kafka_api_version))
        if not settings.kafka_api_version:
            # The embedded broker, for which the version is pinned, cannot create topics and has them all.
            ensure_topics(settings.kafka, settings.replication)
        line = Line(settings)
        try:
            line.check([ARTICLES, READINGS])
        except BrokerProblem:
            line.close()
            raise
        self._line = line
        self._told = ("", 0.0)
        metrics.READY.set(1)
        log.info("broker %s: connected, %d articles wait", settings.kafka, self._store.outbox.count())
        return line

    def _drop(self, error: BrokerProblem) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None
        self._pulses.skip()
        metrics.READY.set(0)
        text, now = str(error), time.monotonic()
        if text != self._told[0] or now - self._told[1] > REPEAT_LOG:
            self._told = (text, now)
            log.warning("not ready: %s; %d articles wait on disk", text, self._store.outbox.count())

    def _over(self) -> bool:
        return self._deadline is not None and time.monotonic() >= self._deadline
