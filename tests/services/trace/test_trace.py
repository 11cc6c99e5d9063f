"""`parley trace` on a real broker: each step of one article, what was put aside, and a plain word where nothing is."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kafka import KafkaProducer

from services.__main__ import main
from services.broker.embedded import API_VERSION, EmbeddedBroker
from services.ingest.store import News, Store
from services.notify.deliver.slack import TASTE
from services.notify.deliveries import write_settlement
from services.notify.ledger import open_ledger
from services.notify.record import Arrival, record
from services.notify.settle import Settlement
from streams.batch import read_batch
from streams.canary import make_canary
from streams.catalogue import read_catalogue
from streams.records import Article, Evidence, Probabilities, Reading, ShiftAlert, content_id
from streams.rows import reading_row
from streams.topics import ALERTS, ARTICLES, CHANGELOG, DEAD_REASON, DEAD_SOURCE, READINGS, encode

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ARTICLE = Article(
    id="00112233aabbccdd", url="https://news.example/1", outlet="Example Wire", title="Kremlin rejects a ceasefire",
    text="The Kremlin said on Monday that it rejects a ceasefire. An invented article.", published=NOON, fetched=NOON,
)  # fmt: skip
SILENT = Article(
    id="ffeeddcc00112233", url="", outlet="Example Wire", title="A ceasefire is spoken of", text="Nobody says it.",
    published=NOON, fetched=NOON,
)  # fmt: skip


def readings_of(article: Article) -> tuple[Reading, ...]:
    def read(statements: object) -> list[Probabilities]:
        return [Probabilities(0.03, 0.94, 0.03) for _ in statements]  # type: ignore[attr-defined]

    (outcome,) = read_batch([encode(article)], read_catalogue(), read, "a-model")
    return outcome.readings


def alert_of(reading: Reading) -> ShiftAlert:
    evidence = Evidence(
        reading=reading.id, article=reading.article, outlet=reading.outlet, url=reading.url, title=reading.title,
        published=reading.published, speaker=reading.speaker, capacity=reading.capacity, quote=reading.quote,
        start=reading.start, end=reading.end, label="against", probabilities=reading.probabilities,
    )  # fmt: skip
    return ShiftAlert(
        id=content_id("alert", reading.actor, "", "shift", reading.id), actor=reading.actor, before="favor",
        after="against", since=NOON, at=NOON, probability=0.97, status="pending", evidence=(evidence,),
    )  # fmt: skip


Call = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    with EmbeddedBroker() as running:
        producer = KafkaProducer(bootstrap_servers=running.bootstrap, api_version=(2, 3), enable_idempotence=False)
        for article in (ARTICLE, SILENT, make_canary(NOON)):
            producer.send(ARTICLES.name, encode(article), article.id.encode()).get(60)
        for reading in (*readings_of(ARTICLE), *readings_of(make_canary(NOON))):
            sent = producer.send(READINGS.name, encode(reading), reading.actor.encode()).get(60)
            row = reading_row(reading)
            if reading.article == ARTICLE.id:
                key = f"{sent.partition} {row.key}".encode()
                producer.send(CHANGELOG.name, (row.value or "").encode(), key, partition=sent.partition).get(60)
        first = readings_of(ARTICLE)[0]
        producer.send(ALERTS.name, encode(alert_of(first)), first.actor.encode()).get(60)
        headers = [(DEAD_REASON, b"statements-failed: ValueError"), (DEAD_SOURCE, b"articles.v1/3/9")]
        producer.send(ARTICLES.dead, b"{}", b"00000000deadbeef", headers).get(60)
        producer.close()
        yield running.bootstrap


@pytest.fixture
def state(tmp_path: Path) -> Path:
    ledger = open_ledger(tmp_path)
    alert = alert_of(readings_of(ARTICLE)[0])
    record(ledger, [Arrival(alert, 4e9)], {"desk": TASTE, "archive": TASTE}, 4e9)
    write_settlement(ledger, "desk", Settlement(delivered=((alert.id, 0),)), "", 4e9)
    ledger.close()
    store = Store(tmp_path)
    with store._transaction() as db:
        db.execute("INSERT INTO articles VALUES ('0123456789abcdef', 'f', 'h', 0, 0, 1.0, 1.0)")
    store.close()
    return tmp_path


@pytest.fixture
def trace(broker: str, state: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    def call(*arguments: str) -> tuple[int, str, str]:
        options = ["--kafka", broker, "--kafka-api-version", API_VERSION, "--state", str(state)]
        monkeypatch.setattr(sys, "argv", ["parley", "trace", *arguments, *options])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), *capsys.readouterr()

    return call


def test_an_article_is_followed_from_its_feed_to_the_desk(trace: Call) -> None:
    code, out, _ = trace(ARTICLE.id)
    assert code == 0
    steps = {line[:11].strip(): line[11:] for line in out.splitlines()[1:] if line[:11].strip()}
    assert list(steps) == ["fetched", "relevant", "read", "counted", "alerted", "told"]
    assert steps["fetched"].startswith("2026-03-04 12:00 UTC, published 2026-03-04 12:00, Example Wire (articles.v1/")
    assert steps["relevant"].startswith("yes")
    assert steps["read"] == "Kremlin for Russia (government): against 0.94, model a-model"
    assert steps["counted"].endswith("kept verbatim")
    assert steps["alerted"].startswith("Possible shift: Russia, favor → against")
    assert "raised by it" in steps["alerted"]
    assert ", archive, " in steps["told"]
    assert "waits" in steps["told"]
    assert ", desk, " in out
    assert ": told" in out


def test_the_same_is_one_object_for_a_program(trace: Call) -> None:
    _, out, _ = trace(ARTICLE.id, "--json")
    found = json.loads(out)
    assert found["fetched"][0]["record"]["title"] == ARTICLE.title
    assert [one["counts"] for one in found["counted"]] == [True] * len(found["read"])
    assert found["alerted"][0]["raised_by_it"]
    assert {one["sink"]: one["outcome"] for one in found["told"]} == {"desk": "delivered", "archive": "waiting"}


def test_an_article_without_a_statement_says_so_or_that_it_waits(trace: Call) -> None:
    _, out, _ = trace(SILENT.id)
    (read,) = [line for line in out.splitlines() if line.startswith("read")]
    assert "no worker has committed" in read
    assert "counted" not in out


def test_a_canary_can_be_followed_and_counts_nowhere(trace: Call) -> None:
    _, out, _ = trace(make_canary(NOON).id)
    assert "a canary counts nowhere" in out


def test_an_article_that_was_judged_off_the_subject_says_so(trace: Call) -> None:
    code, out, _ = trace("0123456789abcdef")
    assert code == 0
    assert "not about a settlement" in out


def test_an_article_that_was_put_aside_says_why(trace: Call) -> None:
    _, out, _ = trace("00000000deadbeef")
    assert "articles.v1/3/9: statements-failed: ValueError" in out


def test_an_unknown_id_is_one_clear_line(trace: Call) -> None:
    code, out, err = trace("nobody-knows-it")
    assert (code, out) == (1, "")
    (line,) = err.splitlines()
    assert "nothing knows it" in line


def test_what_the_ingester_stored_is_what_a_trace_reads(tmp_path: Path) -> None:
    # The trace reads the ingester's file by itself; this holds it to what the ingester writes.
    from services.ingest.feed import Feed
    from services.trace.remembered import remember

    store = Store(tmp_path)
    store.record("f", Feed(), NOON, [News(ARTICLE.id, "h", ARTICLE), News("off", "h", None)])
    store.close()
    on, off = remember(ARTICLE.id, tmp_path), remember("off", tmp_path)
    assert on is not None
    assert off is not None
    assert (on.sent, on.waits, off.sent, off.waits) == (True, True, False, False)
    assert remember("unknown", tmp_path) is None
