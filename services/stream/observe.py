"""What the worker does -> metrics and log lines."""

import logging
import time
from collections.abc import Callable, Mapping
from itertools import product
from typing import Final, get_args

from services import metrics
from services.logs import about
from streams.admission import IGNORED
from streams.canary import KIND as CANARY_KIND
from streams.canary import is_canary
from streams.drift import Changes
from streams.positions import split_key
from streams.records import AlertKind, AlertStatus, Article, Position, Reading, ShiftAlert
from streams.topics import ARTICLES, READINGS

log = logging.getLogger("parley.stream")

OUTCOMES: Final = ("read", "silent", "canary", "dead")
KINDS: Final = tuple(kind for kind in get_args(AlertKind) if kind != CANARY_KIND)
DEAD_REASONS: Final = (
    *product([ARTICLES.name], ["malformed", "statements-failed", "read-failed", "killed-the-worker"]),
    *product([READINGS.name], ["malformed", "follow-failed", "killed-the-worker"]),
)


class MetricsObserver:
    """An Observer that counts. Position gauges are only set for actors: speakers would make labels without bound.

    `clock` is the machine's time in seconds. Gauges of a partition that has gone go with it: its new owner shows them,
    and two owners of one actor would be shown as two opinions of where it stands.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lag_labels: set[tuple[str, str]] = set()
        self._actors: dict[int, set[str]] = {}
        metrics.start_at_zero(metrics.ARTICLES_READ, *((outcome,) for outcome in OUTCOMES))
        metrics.start_at_zero(metrics.DEAD_LETTERS, *DEAD_REASONS)
        metrics.start_at_zero(metrics.READINGS_IGNORED, *((reason,) for reason in IGNORED))
        metrics.start_at_zero(metrics.REREAD_FAILURES, ("statement",), ("interruption",))
        metrics.start_at_zero(metrics.ALERTS, *product(KINDS, get_args(AlertStatus)))

    def batch_read(self, articles: int, statements: int, seconds: float) -> None:
        metrics.BATCH_ARTICLES.observe(articles)
        metrics.BATCH_STATEMENTS.observe(statements)
        metrics.INFERENCE_SECONDS.observe(seconds)

    def article_read(self, outcome: str, article: Article | None, readings: int) -> None:
        metrics.ARTICLES_READ.labels(outcome).inc()
        if article is not None:
            log.log(
                logging.DEBUG if outcome == "canary" else logging.INFO,
                "article %s: %s, %d readings", article.id, outcome, readings,
                extra=about("article-read", article=article.id, revision=article.revision, outcome=outcome),
            )  # fmt: skip

    def reader_hung(self) -> None:
        metrics.READER_HANGS.inc()

    def text_skipped(self, reason: str, times: int) -> None:
        metrics.TEXT_SKIPPED.labels(reason).inc(times)

    def reading_made(self, reading: Reading) -> None:
        if is_canary(reading):
            return
        chances = reading.probabilities
        metrics.READINGS.labels(reading.actor, chances.label).inc()
        metrics.CONFIDENCE.observe(max(chances.favor, chances.against, chances.neither))

    def reading_ignored(self, reason: str) -> None:
        metrics.READINGS_IGNORED.labels(reason).inc()

    def reading_reread(self, actor: str, changed: bool) -> None:
        metrics.REREAD.labels(actor, "changed" if changed else "same").inc()

    def reread_failed(self) -> None:
        metrics.REREAD_FAILURES.labels("statement").inc()

    def reread_done(self, partition: int, model: str, total: Changes, unusual: Mapping[str, Changes]) -> None:
        metrics.REREAD_LEFT.labels(str(partition)).set(0)
        if not total.read:
            return
        log.info(
            "%s/%d: %s read %d readings again; %d labels changed (%.1f %%)",
            READINGS.name, partition, model, total.read, total.changed, 100 * total.share,
            extra=about("read-again", model=model, partition=partition, read=total.read, changed=total.changed),
        )  # fmt: skip
        for actor, own in unusual.items():
            log.warning(
                "%s: %s changed %d of %d labels, more than chance allows beside the others",
                actor, model, own.changed, own.read,
                extra=about("model-drift", model=model, actor=actor, read=own.read, changed=own.changed),
            )  # fmt: skip

    def reread_stopped(self, partition: int) -> None:
        metrics.REREAD_FAILURES.labels("interruption").inc()

    def reread_left(self, partition: int, records: int) -> None:
        metrics.REREAD_LEFT.labels(str(partition)).set(records)

    def position_drifted(self, key: str) -> None:
        actor, _ = split_key(key)
        metrics.POSITIONS_DRIFTED.labels(actor).inc()
        log.warning(
            "position of %s taken in silence: only the change of the model moved it", key,
            extra=about("position-drifted", actor=actor),
        )  # fmt: skip

    def article_aged(self, seconds: float) -> None:
        metrics.PUBLICATION_TO_READING.observe(seconds)

    def position_moved(self, position: Position, partition: int) -> None:
        if position.speaker is not None:
            return
        # Before there is evidence enough the probabilities are little more than the prior, and must not look like more.
        unknown = position.stance == "unknown"
        self._actors.setdefault(partition, set()).add(position.actor)
        metrics.POSITION.labels(position.actor, "unknown").set(1.0 if unknown else 0.0)
        for stance, probability in position.probabilities.items():
            metrics.POSITION.labels(position.actor, stance).set(0.0 if unknown else probability)
        metrics.POSITION_EVENTS.labels(position.actor).set(position.events)
        metrics.POSITION_OUTLETS.labels(position.actor).set(position.outlets)
        if position.last_evidence is not None:
            metrics.POSITION_EVIDENCE.labels(position.actor).set(position.last_evidence.timestamp())

    def alert_raised(self, alert: ShiftAlert) -> None:
        if alert.kind == CANARY_KIND:
            log.debug("canary of %s came through", alert.at, extra=about("canary-read", alert=alert.id))
            return
        metrics.ALERTS.labels(alert.kind, alert.status).inc()
        metrics.LAST_ALERT.labels(alert.actor, alert.kind, alert.status).set(self._clock())
        if alert.cause_time is not None:
            metrics.AGE_SECONDS.observe((alert.at - alert.cause_time).total_seconds())
        log.info(
            "alert %s.%d %s %s%s: %s -> %s (%.2f)",
            alert.id, alert.revision, alert.status, alert.actor, f"/{alert.speaker}" if alert.speaker else "",
            alert.before, alert.after, alert.probability,
            extra=about(
                "alert-raised", alert=alert.id, revision=alert.revision, kind=alert.kind, status=alert.status,
                actor=alert.actor, speaker=alert.speaker,
            ),
        )  # fmt: skip

    def record_kept(self, kind: str, source: str) -> None:
        metrics.RECORDS_KEPT.inc()
        log.warning(
            "%s: a newer version sent a %s; it waits for a worker that knows it: upgrade this one", source, kind,
            extra=about("record-kept", source=source, kind=kind),
        )  # fmt: skip

    def dead_letter(self, topic: str, reason: str, source: str) -> None:
        metrics.DEAD_LETTERS.labels(topic, reason).inc()
        log.error("dead letter from %s: %s", source, reason, extra=about("dead-letter", source=source, reason=reason))

    def record_handled(self, topic: str, partition: int, lag: int) -> None:
        labels = (topic, str(partition))
        self._lag_labels.add(labels)
        metrics.LAG.labels(*labels).set(lag)

    def partitions_gone(self, partitions: frozenset[tuple[str, int]]) -> None:
        for topic, partition in partitions:
            labels = (topic, str(partition))
            if labels in self._lag_labels:
                self._lag_labels.discard(labels)
                metrics.LAG.remove(*labels)
            if topic == READINGS.name:
                metrics.REREAD_LEFT.remove_by_labels({"partition": str(partition)})
                for actor in self._actors.pop(partition, ()):
                    _remove_actor(actor)


def _remove_actor(actor: str) -> None:
    """Take back every gauge of where the actor stands; when it last moved stays true."""
    for gauge in (metrics.POSITION, metrics.POSITION_EVENTS, metrics.POSITION_OUTLETS, metrics.POSITION_EVIDENCE):
        gauge.remove_by_labels({"actor": actor})
