"""A model that may follow runs beside the one that works, and what it would change is shown before it takes over."""

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import msgspec
import pytest
from kafka import KafkaProducer
from msgspec.structs import replace

from models.exported_model import EXPORTED
from services.__main__ import main
from services.broker.embedded import API_VERSION, EmbeddedBroker
from services.newsroom.timeline import as_articles, read_timeline
from services.replay import read_articles
from services.replay_diff import Change, Life
from services.shadow import Beside, Shadow
from services.verbs.shadow import describe
from streams.batch import ReadStances, read_batch
from streams.canary import make_canary
from streams.catalogue import read_catalogue
from streams.records import Article, Probabilities, Statement
from streams.shift_settings import ShiftSettings
from streams.topics import ARTICLES, encode

AGAINST = ("reject", "refus", "rul", "no ", "not ", "never")


def by_words(statements: Sequence[Statement]) -> list[Probabilities]:
    """A reader that goes by words: good enough to move actors."""
    against = [any(word in statement.quote.lower() for word in AGAINST) for statement in statements]
    return [Probabilities(0.02, 0.95, 0.03) if yes else Probabilities(0.95, 0.02, 0.03) for yes in against]


def hears_nothing(statements: Sequence[Statement]) -> list[Probabilities]:
    return [Probabilities(0.0, 0.0, 1.0) for _ in statements]


def beside(read: ReadStances, model: str) -> Beside:
    return Beside(
        partial(read_batch, catalogue=read_catalogue(), read_stances=read, model=model), model, ShiftSettings()
    )


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    lines = (msgspec.json.encode(article) for article in as_articles(read_timeline()))
    found = read_articles(lines, True, Counter(), pytest.fail)
    return [replace(article, fetched=article.published) for article in found]


def test_a_model_that_hears_nothing_would_drop_every_alert(articles: list[Article]) -> None:
    shadow = Shadow(beside(by_words, "a"), beside(hears_nothing, "b"))
    counts = list(shadow.take(articles[:140]))
    assert counts[-1] == 140
    working, other = shadow.alerts()
    assert working > 0
    assert other == 0
    changes = shadow.changes()
    assert {change.change for change in changes} == {"dropped"}
    assert len(changes) == working
    differ, statements = shadow.read_differently()
    assert differ == statements > 100
    assert describe(changes[0]).startswith("dropped ")


def test_the_same_model_changes_nothing(articles: list[Article]) -> None:
    shadow = Shadow(beside(by_words, "a"), beside(by_words, "a"))
    assert list(shadow.take(articles[:60]))
    assert shadow.changes() == []
    assert shadow.read_differently()[0] == 0


def test_two_alerts_that_look_alike_are_said_to_come_of_different_readings() -> None:
    at = datetime(2024, 2, 14, 15, 55, tzinfo=UTC)
    was = Life(id="a", before="unknown", after="favor", status="confirmed", raised=at, confirmed=at)
    now = msgspec.structs.replace(was, id="b")
    alike = Change(change="moved", kind="first-position", actor="russia", was=was, now=now, why=("one", "two", "three"))
    first, *why = describe(alike).splitlines()
    assert first == (
        "moved   first-position russia · unknown → favor, confirmed, raised 2024-02-14 15:55, "
        "confirmed 2024-02-14 15:55, raised by another reading"
    )
    assert [one.strip() for one in why] == ["one", "two"]
    moved = msgspec.structs.replace(alike, now=msgspec.structs.replace(now, status="retracted"))
    assert "was unknown → favor, confirmed" in describe(moved)
    assert "now unknown → favor, retracted" in describe(moved)


def test_the_command_reads_the_topic_and_sends_nothing(
    articles: list[Article], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with EmbeddedBroker() as broker:
        producer = KafkaProducer(bootstrap_servers=broker.bootstrap, api_version=(2, 3), enable_idempotence=False)
        for article in (*articles[:12], make_canary(articles[0].fetched)):
            producer.send(ARTICLES.name, encode(article), article.id.encode()).get(60)
        producer.close()
        options = ["--kafka", broker.bootstrap, "--kafka-api-version", API_VERSION]
        monkeypatch.setattr(sys, "argv", ["parley", "shadow", str(EXPORTED), *options])
        with pytest.raises(SystemExit) as ended:
            main()
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (0, "")
    assert err.startswith("parley shadow: 12 articles; ")
    assert err.rstrip().endswith("0 differences")
