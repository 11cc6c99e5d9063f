"""Time on the log: never ahead of the news."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.ingest.feed import Feed
from services.ingest.pulse import Pulses
from services.ingest.store import News, Store
from services.ingest.underway import LONGEST, Underway
from streams.records import Article, Pulse

START = datetime(2026, 2, 16, 12, 0, 30, tzinfo=UTC)
MINUTE = START.replace(second=0)


class Scene:
    """A store, a clock and pulses, moved by hand."""

    def __init__(self, directory: Path) -> None:
        self.time = START
        self.alive: tuple[str, ...] | None = ("Gazette", "Herald")
        self.store = Store(directory)
        self.underway = Underway(lambda: self.time)
        self.pulses = Pulses(self.store.outbox, self.underway, lambda: self.alive)

    def publish(self, id_: str) -> None:
        article = Article(id=id_, url="", outlet="Herald", title="T", text="", published=self.time, fetched=self.time)
        self.store.record("f", Feed(), self.time, [News(id_, "1", article)])

    def acknowledge(self) -> None:
        self.store.outbox.remove([waiting.seq for waiting in self.store.outbox.take(100)])


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.store.close()


def test_a_pulse_says_the_minute_and_who_can_be_heard(scene: Scene) -> None:
    assert scene.pulses.due() == Pulse(minute=MINUTE, alive=("Gazette", "Herald"))


def test_each_minute_has_one_pulse(scene: Scene) -> None:
    pulse = scene.pulses.due()
    assert pulse is not None
    scene.pulses.sent(pulse)
    scene.time += timedelta(seconds=29)
    assert scene.pulses.due() is None
    scene.time += timedelta(seconds=1)
    later = scene.pulses.due()
    assert later is not None
    assert later.minute == MINUTE + timedelta(minutes=1)


def test_time_never_overtakes_the_news(scene: Scene) -> None:
    scene.publish("a")
    assert scene.pulses.due() is None
    scene.time += timedelta(minutes=5)
    scene.acknowledge()
    pulse = scene.pulses.due()
    assert pulse is not None
    # The minute it waited for, not the minute it is: nobody has looked since.
    assert pulse.minute == MINUTE


def test_time_waits_for_the_oldest_visit_under_way(scene: Scene) -> None:
    with scene.underway.visit() as first:
        scene.time += timedelta(minutes=5)
        with scene.underway.visit() as second:
            assert (first, second) == (START, START + timedelta(minutes=5))
            pulse = scene.pulses.due()
            assert pulse is not None
            assert pulse.minute == MINUTE
            scene.pulses.sent(pulse)
        assert scene.pulses.due() is None
    pulse = scene.pulses.due()
    assert pulse is not None
    assert pulse.minute == MINUTE + timedelta(minutes=5)


def test_time_does_not_wait_for_ever(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with scene.underway.visit():
        scene.time += timedelta(minutes=5)
        started = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: started + LONGEST + 1)
        assert scene.underway.horizon() == scene.time


def test_news_that_came_later_does_not_hold_a_pulse_up(scene: Scene) -> None:
    scene.publish("a")
    assert scene.pulses.due() is None
    scene.acknowledge()
    scene.publish("b")
    assert scene.pulses.due() is not None


def test_a_pulse_that_could_not_be_sent_is_skipped(scene: Scene) -> None:
    assert scene.pulses.due() is not None
    scene.pulses.skip()
    scene.time += timedelta(minutes=10)
    pulse = scene.pulses.due()
    assert pulse is not None
    assert pulse.minute == MINUTE + timedelta(minutes=10)


def test_nothing_is_said_before_anybody_has_listened(scene: Scene) -> None:
    scene.alive = None
    assert scene.pulses.due() is None
    scene.alive = ()
    assert scene.pulses.due() == Pulse(minute=MINUTE, alive=())
