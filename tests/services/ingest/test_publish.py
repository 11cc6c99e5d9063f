"""The outbox and the broker, in good days and bad."""

import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY

from services.broker.embedded import API_VERSION, EmbeddedBroker
from services.errors import ParleyError, UsageProblem
from services.ingest import broker as broker_module
from services.ingest import publish as publish_module
from services.ingest.feed import Feed
from services.ingest.publish import Publisher
from services.ingest.pulse import Pulses
from services.ingest.store import News, Store
from services.ingest.underway import Underway
from services.settings import read_settings
from streams.records import Article, Pulse
from streams.topics import ARTICLES, READINGS, Topic, decode_article, decode_evidence
from tests.services.received import read_embedded

# kafka-python leaves the sockets of refused connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")

START = datetime(2026, 2, 16, 12, 0, tzinfo=UTC)
PRODUCE = 0
REQUEST_TIMED_OUT, TOO_LARGE, OUT_OF_ORDER = 7, 10, 45


@pytest.fixture(scope="module")
def the_broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker() as made:
        yield made


@pytest.fixture
def broker(the_broker: EmbeddedBroker) -> Iterator[EmbeddedBroker]:
    """One broker for all tests, since it takes two seconds to start; each test leaves it well."""
    yield the_broker
    the_broker.bring_up()
    the_broker.clear_errors(PRODUCE)


@pytest.fixture
def other_broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker() as made:
        yield made


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deliveries fail after two seconds instead of twenty."""
    monkeypatch.setattr(broker_module, "DELIVERY_MS", 2000)
    monkeypatch.setattr(broker_module, "REQUEST_MS", 1000)
    monkeypatch.setattr(broker_module, "BLOCK_MS", 1000)
    monkeypatch.setattr(broker_module, "PATIENCE", 4.0)
    monkeypatch.setattr(publish_module, "BACKOFF", (0.1, 0.5))


class Scene:
    """A store, a publisher on it, and what it has to say about itself."""

    def __init__(self, bootstrap: str, directory: Path) -> None:
        self.time = START
        self.name = directory.name
        self.store = Store(directory)
        self.ended = threading.Event()
        self.awake = threading.Event()
        settings = read_settings(kafka=bootstrap, kafka_api_version=API_VERSION, state=directory)
        pulses = Pulses(self.store.outbox, Underway(lambda: self.time), lambda: ("Herald",))
        self.publisher = Publisher(settings, self.store, pulses, self.awake, self.ended.set)

    def put(self, *ids: str, text: str = "Words.", backfill: bool = False) -> None:
        names = [f"{self.name}-{id_}" for id_ in ids]
        self.store.record("f", Feed(), START, [News(name, "1", article(name, text, backfill)) for name in names])
        self.awake.set()

    def until(self, done: Callable[[], bool], seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < deadline, "did not happen in time"
            assert self.publisher.is_alive(), self.publisher.failure
            time.sleep(0.02)

    def empty(self) -> bool:
        return self.store.outbox.count() == 0


def article(id_: str, text: str, backfill: bool) -> Article:
    return Article(
        id=id_, url="", outlet="Herald", title="Title", text=text, published=START, fetched=START, backfill=backfill
    )


@contextmanager
def publishing(broker: EmbeddedBroker, directory: Path) -> Iterator[Scene]:
    scene = Scene(broker.bootstrap, directory)
    scene.publisher.start()
    try:
        yield scene
    finally:
        scene.publisher.finish(0.5)
        scene.store.close()
        # Every connection that was given up ends its thread.
        deadline = time.monotonic() + 60
        while senders() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert senders() == []
        gc.collect()


def senders() -> list[str]:
    return [thread.name for thread in threading.enumerate() if "network-thread" in thread.name]


def received(bootstrap: str, topic: Topic) -> dict[int, list[tuple[str | None, bytes]]]:
    found: dict[int, list[tuple[str | None, bytes]]] = {number: [] for number in range(topic.partitions)}
    for record in read_embedded(bootstrap, topic.name):
        found[record.partition].append((record.key.decode() if record.key else None, record.value))
    return found


def arrived(broker: EmbeddedBroker, directory: Path) -> dict[str, str]:
    """The texts of one test's articles by id, which is also their key."""
    everything = [record for records in received(broker.bootstrap, ARTICLES).values() for record in records]
    found = [(key, decode_article(value)) for key, value in everything]
    assert all(key == article.id for key, article in found)
    prefix = f"{directory.name}-"
    return {a.id.removeprefix(prefix): a.text for _, a in found if a.id.startswith(prefix)}


def metric(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_articles_arrive_under_their_id_and_count_when_acknowledged(broker: EmbeddedBroker, tmp_path: Path) -> None:
    live, backfill = (
        metric("parley_articles_in_total", kind="live"),
        metric("parley_articles_in_total", kind="backfill"),
    )
    with publishing(broker, tmp_path) as scene:
        scene.put("1", "2")
        scene.put("3", backfill=True)
        scene.until(scene.empty)
        assert metric("parley_ready") == 1
    assert metric("parley_ready") == 0
    assert sorted(arrived(broker, tmp_path)) == ["1", "2", "3"]
    assert metric("parley_articles_in_total", kind="live") == live + 2
    assert metric("parley_articles_in_total", kind="backfill") == backfill + 1


def test_every_partition_hears_each_minute_once(broker: EmbeddedBroker, tmp_path: Path) -> None:
    times = [START + timedelta(days=1, minutes=minute) for minute in range(3)]
    with publishing(broker, tmp_path) as scene:
        for time_ in times:
            scene.time = time_
            scene.awake.set()
            scene.until(lambda: scene.publisher.said == scene.time)
    for records in received(broker.bootstrap, READINGS).values():
        heard = [decode_evidence(value) for _, value in records]
        assert heard[-3:] == [Pulse(minute=time_, alive=("Herald",)) for time_ in times]


def test_news_waits_on_disk_until_there_is_a_broker(broker: EmbeddedBroker, tmp_path: Path) -> None:
    broker.take_down()
    with publishing(broker, tmp_path) as scene:
        scene.put("a", "b")
        time.sleep(1.5)
        assert metric("parley_ready") == 0
        assert metric("parley_outbox_articles") == 2
        broker.bring_up()
        scene.until(scene.empty)
    assert sorted(arrived(broker, tmp_path)) == ["a", "b"]


def test_an_outage_longer_than_the_delivery_timeout_loses_nothing(broker: EmbeddedBroker, tmp_path: Path) -> None:
    with publishing(broker, tmp_path) as scene:
        scene.put("before")
        scene.until(scene.empty)
        broker.take_down()
        scene.put(*(f"during-{n}" for n in range(20)))
        scene.until(lambda: metric("parley_ready") == 0)
        time.sleep(1.0)
        broker.bring_up()
        scene.until(scene.empty)
    assert set(arrived(broker, tmp_path)) == {"before", *(f"during-{n}" for n in range(20))}


@pytest.mark.parametrize(
    "errors", [[REQUEST_TIMED_OUT] * 500, [OUT_OF_ORDER] * 3], ids=["a batch expires in retry", "out of order"]
)
def test_a_broker_that_refuses_for_a_while_gets_everything_in_the_end(
    broker: EmbeddedBroker, tmp_path: Path, errors: list[int]
) -> None:
    with publishing(broker, tmp_path) as scene:
        scene.put("before")
        scene.until(scene.empty)
        broker.push_errors(PRODUCE, errors)
        scene.put("a", "b")
        if len(errors) > 100:
            scene.until(lambda: metric("parley_ready") == 0)
            broker.clear_errors(PRODUCE)
        scene.until(scene.empty)
        scene.put("after")
        scene.until(scene.empty)
    assert set(arrived(broker, tmp_path)) == {"before", "a", "b", "after"}


def test_a_record_that_is_too_large_for_the_broker_loses_text_and_not_its_neighbours(
    broker: EmbeddedBroker, tmp_path: Path
) -> None:
    with publishing(broker, tmp_path) as scene:
        # The first pulse must not catch the error.
        scene.until(lambda: scene.publisher.said is not None)
        broker.push_errors(PRODUCE, [TOO_LARGE, TOO_LARGE])
        scene.put("large", text="abcdefgh")
        scene.until(scene.empty)
        scene.put("next")
        scene.until(scene.empty)
    assert arrived(broker, tmp_path) == {"large": "ab", "next": "Words."}


def test_a_record_that_cannot_shrink_is_dropped_and_counted(broker: EmbeddedBroker, tmp_path: Path) -> None:
    before = metric("parley_articles_dropped_total", reason="too-large")
    with publishing(broker, tmp_path) as scene:
        # The first pulse must not catch the error.
        scene.until(lambda: scene.publisher.said is not None)
        broker.push_errors(PRODUCE, [TOO_LARGE])
        scene.put("large", text="")
        scene.until(scene.empty)
        scene.put("next")
        scene.until(scene.empty)
    assert list(arrived(broker, tmp_path)) == ["next"]
    assert metric("parley_articles_dropped_total", reason="too-large") == before + 1


def test_state_of_another_broker_ends_the_ingester(
    broker: EmbeddedBroker, other_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    with publishing(broker, tmp_path) as scene:
        scene.until(lambda: metric("parley_ready") == 1)
    with publishing(other_broker, tmp_path) as scene:
        assert scene.ended.wait(20)
        assert isinstance(scene.publisher.failure, UsageProblem)
        assert str(tmp_path) in str(scene.publisher.failure)


def test_a_disk_that_fails_ends_the_ingester_and_acknowledges_nothing(
    broker: EmbeddedBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with publishing(broker, tmp_path) as scene:
        scene.until(lambda: metric("parley_ready") == 1)
        scene.store.close()
        scene.awake.set()
        assert scene.ended.wait(20)
        assert isinstance(scene.publisher.failure, ParleyError)


def test_a_fault_in_the_client_library_does_not_silence_the_news(
    broker: EmbeddedBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, faults = broker_module.Line.send, iter([True])

    def faulty(line: broker_module.Line, *arguments: Any) -> list[str]:
        if next(faults, False):
            raise AttributeError("a fault")
        return send(line, *arguments)

    monkeypatch.setattr(broker_module.Line, "send", faulty)
    with publishing(broker, tmp_path) as scene:
        scene.put("a")
        scene.until(scene.empty)
    assert list(arrived(broker, tmp_path)) == ["a"]


def test_it_ends_in_time_although_the_broker_hangs(broker: EmbeddedBroker, tmp_path: Path) -> None:
    with publishing(broker, tmp_path) as scene:
        scene.put("before")
        scene.until(scene.empty)
        broker.take_down()
        scene.put("a")
        time.sleep(0.5)
        started = time.monotonic()
        assert not scene.publisher.finish(1.0)
        assert time.monotonic() - started < 15.0
        assert scene.store.outbox.count() == 1


def test_what_waits_is_sent_before_the_end(broker: EmbeddedBroker, tmp_path: Path) -> None:
    with publishing(broker, tmp_path) as scene:
        scene.put(*(f"{n:04d}" for n in range(1200)))
        assert scene.publisher.finish(20.0)
    assert len(arrived(broker, tmp_path)) == 1200
