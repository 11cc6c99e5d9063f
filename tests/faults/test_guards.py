"""Each guard taken out, to see that the others would notice: a test that cannot fail proves nothing."""

import signal
import time
from pathlib import Path

import pytest

from services.broker.embedded import EmbeddedBroker
from streams.topics import ARTICLES
from tests.faults.evidence import a_shift, assert_nothing_lost
from tests.faults.kafka import Kafka
from tests.faults.running import Worker

PRODUCE, TOO_LARGE = 0, 10


def finish(kafka: Kafka, directory: Path) -> None:
    """Let a sound worker do what is left."""
    with Worker(kafka, directory):
        kafka.await_done()


def test_acknowledging_before_the_work_is_done_loses_what_a_kill_interrupts(embedded: Kafka, tmp_path: Path) -> None:
    inputs = embedded.put_articles(range(60))
    with Worker(embedded, tmp_path, "--slow", 5, "--without", "done-last") as worker:
        assert worker.await_in_hand() != []
        time.sleep(3)
        worker.kill()
    finish(embedded, tmp_path)
    with pytest.raises(AssertionError):
        embedded.assert_none_lost(inputs)


def test_not_waiting_for_the_broker_loses_what_it_refuses(embedded: Kafka, tmp_path: Path) -> None:
    assert isinstance(embedded.broker, EmbeddedBroker)
    embedded.put_evidence(a_shift())
    embedded.broker.push_errors(PRODUCE, [TOO_LARGE] * 5)
    with Worker(embedded, tmp_path, "--without", "awaiting"):
        embedded.await_done()
    with pytest.raises(AssertionError):
        assert_nothing_lost(embedded)


def test_following_a_record_twice_gives_an_alert_a_second_id(embedded: Kafka, tmp_path: Path) -> None:
    embedded.put_evidence(a_shift())
    with Worker(embedded, tmp_path, "--die", "after-alert") as worker:
        assert worker.await_exit() == -signal.SIGKILL
    with Worker(embedded, tmp_path, "--without", "followed") as worker:
        embedded.await_done()
        assert worker.end() == 0
    with pytest.raises(AssertionError):
        assert_nothing_lost(embedded)


def test_without_notes_a_record_kills_its_worker_for_ever(embedded: Kafka, tmp_path: Path) -> None:
    embedded.put_articles(range(20))
    for _ in range(4):
        with Worker(embedded, tmp_path, "--die-on", 7, "--without", "notes") as worker:
            assert worker.await_exit() == -signal.SIGKILL
    assert embedded.dead(ARTICLES) == {}
