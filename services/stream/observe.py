"""What the worker does -> metrics and log lines."""

import logging

from services import metrics
from streams.records import Position, Reading, ShiftAlert

log = logging.getLogger("parley.stream")

PUBLIC = ("leader", "government")


class MetricsObserver:
    """An Observer that counts. Position gauges are only set for actors: speakers would make labels without bound."""

    def __init__(self) -> None:
        self._lag_labels: set[tuple[str, str]] = set()

    def batch_read(self, articles: int, statements: int, seconds: float) -> None:
        metrics.BATCH_ARTICLES.observe(articles)
        metrics.BATCH_STATEMENTS.observe(statements)
        metrics.INFERENCE_SECONDS.observe(seconds)

    def article_read(self, outcome: str) -> None:
        metrics.ARTICLES_READ.labels(outcome).inc()

    def text_skipped(self, reason: str, times: int) -> None:
        metrics.TEXT_SKIPPED.labels(reason).inc(times)

    def reading_made(self, reading: Reading) -> None:
        chances = reading.probabilities
        metrics.READINGS.labels(reading.actor, chances.label).inc()
        metrics.CONFIDENCE.observe(max(chances.favor, chances.against, chances.neither))

    def position_moved(self, position: Position) -> None:
        if position.speaker is not None:
            return
        # Before there is evidence enough the probabilities are little more than the prior, and must not look like more.
        unknown = position.stance == "unknown"
        metrics.POSITION.labels(position.actor, "unknown").set(1.0 if unknown else 0.0)
        for stance, probability in position.probabilities.items():
            metrics.POSITION.labels(position.actor, stance).set(0.0 if unknown else probability)

    def alert_raised(self, alert: ShiftAlert) -> None:
        metrics.ALERTS.labels(alert.kind, alert.status).inc()
        if alert.cause_time is not None:
            metrics.AGE_SECONDS.observe((alert.at - alert.cause_time).total_seconds())
        if article is not None:
            log.log(
                logging.DEBUG if outcome == "canary" else logging.INFO,
                "article %s: %s, %d readings", article.id, outcome, readings,
                extra=about("article-read", article=article.id, revision=article.revision, outcome=outcome),
            )  # fmt: skip

    def reader_hung(self) -> None:
        metrics.READER_HANGS.inc()
        log.info(
            "alert %s.%d %s %s%s: %s -> %s (%.2f)",
            alert.id, alert.revision, alert.status, alert.actor, f"/{alert.speaker}" if alert.speaker else "",
            alert.before, alert.after, alert.probability,
        )  # fmt: skip

    def dead_letter(self, topic: str, reason: str) -> None:
        metrics.DEAD_LETTERS.labels(topic, reason).inc()
        log.warning("dead letter from %s: %s", topic, reason)

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
