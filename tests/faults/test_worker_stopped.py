"""A worker that is asked to end."""

import time
from pathlib import Path

import pytest

from streams.topics import ARTICLES, READINGS
from tests.faults.kafka import Kafka
from tests.faults.running import Worker

DRAINED_WITHIN = 30.0


@pytest.mark.fault(11, "kill -15 while batches are being read and more than a hundred articles wait")
def test_sigterm_under_load_ends_in_time_and_what_was_not_done_is_done_later(kafka: Kafka, tmp_path: Path) -> None:
    inputs = kafka.put_articles(range(300))
    with Worker(kafka, tmp_path, "--slow", 0.5) as worker:
        worker.await_event("read", 2)
        assert worker.await_in_hand() != []
        started = time.monotonic()
        assert worker.end(DRAINED_WITHIN + 10) == 0
        assert time.monotonic() - started < DRAINED_WITHIN
        done = len(set(worker.rounds("read")))
    assert 300 - done > 100
    assert kafka.lag(ARTICLES) > 100
    with Worker(kafka, tmp_path) as worker:
        kafka.await_done()
        assert worker.end() == 0
    assert kafka.lag(ARTICLES, READINGS) == 0
    kafka.assert_none_lost(inputs)
    # An orderly end commits what is done: at most the batches then in hand are read twice.
    twice = len(worker.rounds("read")) - 300
    assert 0 <= twice <= 64


@pytest.mark.fault(11, "kill -15 while one batch takes longer than the time there is")
def test_sigterm_does_not_wait_for_a_reader_that_hangs(embedded: Kafka, tmp_path: Path) -> None:
    inputs = embedded.put_articles(range(10))
    with Worker(embedded, tmp_path, "--slow", 300) as worker:
        assert worker.await_in_hand() != []
        started = time.monotonic()
        worker.end(DRAINED_WITHIN + 10)
        assert time.monotonic() - started < DRAINED_WITHIN
    assert embedded.lag(ARTICLES) == 10
    with Worker(embedded, tmp_path) as worker:
        embedded.await_done()
    embedded.assert_none_lost(inputs)
