"""Writes of the worker that the broker or the disk refuses."""

import resource
import signal
from pathlib import Path

import pytest

from services.broker.embedded import EmbeddedBroker
from streams.topics import ARTICLES, READINGS
from tests.faults.evidence import a_shift, alerts, assert_nothing_lost, recovered
from tests.faults.kafka import Kafka, until
from tests.faults.running import Worker

BROKEN = 70
PRODUCE, OFFSET_COMMIT = 0, 8
TOO_LARGE, NOT_A_MEMBER, REBALANCING = 10, 25, 27


def broker_of(kafka: Kafka) -> EmbeddedBroker:
    assert isinstance(kafka.broker, EmbeddedBroker)
    return kafka.broker


@pytest.mark.fault(6, "the embedded broker answers the worker's writes to the changelog with error 10")
def test_evidence_that_the_changelog_refuses_is_not_committed(embedded: Kafka, tmp_path: Path) -> None:
    embedded.put_evidence(a_shift())
    # Of all that is produced from here on, the first is the first reading's row.
    broker_of(embedded).push_errors(PRODUCE, [TOO_LARGE] * 20)
    with Worker(embedded, tmp_path) as worker:
        assert worker.await_exit() == BROKEN
        assert "MessageSizeTooLarge" in worker.words()
    assert embedded.lag(READINGS) == 50
    assert recovered(embedded) == {}
    broker_of(embedded).clear_errors(PRODUCE)
    with Worker(embedded, tmp_path) as worker:
        embedded.await_done()
        assert worker.end() == 0
    assert embedded.dead(READINGS) == {}
    assert_nothing_lost(embedded)


@pytest.mark.fault(7, "the embedded broker answers the write of an alert with error 10, after its evidence was taken")
def test_an_alert_that_is_refused_is_raised_again(embedded: Kafka, tmp_path: Path) -> None:
    embedded.put_evidence(a_shift())
    release = tmp_path / "release"
    with Worker(embedded, tmp_path, "--hold-alerts", release) as worker:
        worker.await_event("before-alert")
        broker_of(embedded).push_errors(PRODUCE, [TOO_LARGE] * 20)
        release.touch()
        assert worker.await_exit() == BROKEN
        assert "MessageSizeTooLarge" in worker.words()
    assert alerts(embedded) == []
    assert embedded.lag(READINGS) > 0
    broker_of(embedded).clear_errors(PRODUCE)
    with Worker(embedded, tmp_path) as worker:
        embedded.await_done()
        assert worker.end() == 0
    assert alerts(embedded) != []
    assert_nothing_lost(embedded)


@pytest.mark.fault(8, "the embedded broker answers the worker's commits with errors 25 and 27")
@pytest.mark.parametrize("error", [NOT_A_MEMBER, REBALANCING])
def test_a_commit_that_fails_loses_nothing(error: int, embedded: Kafka, tmp_path: Path) -> None:
    inputs = embedded.put_articles(range(100))
    broker_of(embedded).push_errors(OFFSET_COMMIT, [error] * 1000)
    with Worker(embedded, tmp_path, "--slow", 0.2) as worker:
        until(lambda: len(set(worker.rounds("read"))) >= 64, 60, worker.words())
        worker.kill()
    assert embedded.lag(ARTICLES) == 100
    broker_of(embedded).clear_errors(OFFSET_COMMIT)
    with Worker(embedded, tmp_path) as worker:
        embedded.await_done()
        assert worker.end() == 0
    embedded.assert_none_lost(inputs)


def small_disk() -> None:
    # Writing past the limit fails as it does on a full disk, and Python ignores the signal that comes with it.
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


@pytest.mark.fault(18, "the worker's files may not grow past 100 bytes (RLIMIT_FSIZE)")
def test_a_worker_whose_disk_is_full_stops_and_commits_nothing(embedded: Kafka, tmp_path: Path) -> None:
    inputs = embedded.put_articles(range(30))
    # The limit holds for the journal and the log too, which is why the exit code is all there is to see.
    with Worker(embedded, tmp_path, preexec=small_disk) as worker:
        assert worker.await_exit() == BROKEN
    assert embedded.lag(ARTICLES) == 30
    assert embedded.read(READINGS.name) == []
    with Worker(embedded, tmp_path, name="other") as worker:
        embedded.await_done()
        assert worker.end() == 0
    embedded.assert_none_lost(inputs)
