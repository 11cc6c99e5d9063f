from datetime import UTC, datetime, timedelta

from prometheus_client import REGISTRY

from services.stream.observe import MetricsObserver
from streams.articles_agent import age
from streams.records import Article, Position, ShiftAlert

NOW = datetime(2025, 3, 1, tzinfo=UTC)


def position(actor: str, stance: str = "favor") -> Position:
    chances = {"favor": 0.9, "mixed": 0.08, "against": 0.02}
    return Position(actor=actor, stance=stance, probabilities=chances, at=NOW, events=4.0, outlets=3, last_evidence=NOW)  # type: ignore[arg-type]


def value(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


def test_gauges_of_a_partition_that_moved_away_disappear() -> None:
    observer = MetricsObserver()
    observer.position_moved(position("gone"), 2)
    observer.position_moved(position("stays"), 3)
    observer.record_handled("readings.v1", 2, 5)
    observer.partitions_gone(frozenset({("readings.v1", 2), ("articles.v1", 3)}))
    assert value("parley_position_probability", actor="gone", stance="favor") is None
    assert value("parley_position_events", actor="gone") is None
    assert value("parley_position_outlets", actor="gone") is None
    assert value("parley_position_last_evidence_timestamp_seconds", actor="gone") is None
    assert value("parley_lag_records", topic="readings.v1", partition="2") is None
    assert value("parley_position_probability", actor="stays", stance="favor") == 0.9
    assert value("parley_position_last_evidence_timestamp_seconds", actor="stays") == NOW.timestamp()


def test_a_position_without_evidence_enough_shows_no_probabilities() -> None:
    MetricsObserver().position_moved(position("nobody-knows", "unknown"), 0)
    assert value("parley_position_probability", actor="nobody-knows", stance="unknown") == 1.0
    assert value("parley_position_probability", actor="nobody-knows", stance="favor") == 0.0


def test_what_an_alert_rule_counts_is_there_before_it_happens() -> None:
    MetricsObserver()
    assert value("parley_dead_letters_total", topic="readings.v1", reason="follow-failed") is not None
    assert value("parley_alerts_total", kind="shift", status="confirmed") is not None


def test_an_alert_says_when_the_actor_last_moved() -> None:
    alert = ShiftAlert(
        id="a", actor="mover", before="against", after="favor", since=NOW, at=NOW, probability=0.9, status="confirmed"
    )
    MetricsObserver(lambda: 1234.0).alert_raised(alert)
    labels = {"actor": "mover", "kind": "shift", "status": "confirmed"}
    assert value("parley_alert_last_timestamp_seconds", **labels) == 1234.0


def test_an_articles_age_is_measured_on_each_clock_by_itself() -> None:
    article = Article(id="1", url="", outlet="", title="t", text="", published=NOW, fetched=NOW + timedelta(seconds=60))
    assert age(article, sent=1000.0, now=1007.0) == 67.0
    early = Article(id="1", url="", outlet="", title="t", text="", published=NOW, fetched=NOW - timedelta(seconds=60))
    assert age(early, sent=1000.0, now=999.0) == 0.0
