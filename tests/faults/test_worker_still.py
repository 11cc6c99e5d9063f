"""A worker that stands still for a reason that nothing in it notices."""

from pathlib import Path

import pytest

from services.stream.ending import BROKEN
from streams.topics import ARTICLES
from tests.faults.kafka import Kafka
from tests.faults.running import Worker

PATIENCE = {"PARLEY_STANDSTILL": "8"}
MORE_PATIENCE = {"PARLEY_STANDSTILL": "12"}


@pytest.mark.fault(33, "an acknowledgement that never comes: the batch is read, and its send waits for ever")
def test_a_worker_that_stands_still_ends_and_the_next_goes_on(kafka: Kafka, tmp_path: Path) -> None:
    inputs = kafka.put_articles(range(50))
    with Worker(kafka, tmp_path, "--wedge", "waits", settings=PATIENCE) as worker:
        worker.await_event("wedged")
        assert worker.await_exit(120) == BROKEN, worker.words()
        assert "standstill" in worker.log.read_text()
        assert "and records wait: articles.v1/" in worker.log.read_text()
    assert kafka.lag(ARTICLES) == 50
    with Worker(kafka, tmp_path, settings=MORE_PATIENCE) as worker:
        # On a starved machine the way into the group alone may take longer than this worker's patience.
        kafka.await_done(240, worker.restart_if_ended)
        # Longer than its patience: a worker that has nothing to do goes on waiting for it.
        with pytest.raises(AssertionError, match="no end"):
            worker.await_event("no end", seconds=25)
        assert worker.process.poll() is None, worker.words()
        assert worker.end() == 0
    kafka.assert_none_lost(inputs)
    assert kafka.dead(ARTICLES) == {}


@pytest.mark.fault(33, "the client cancels the acknowledgement that a batch waits for")
def test_a_worker_whose_acknowledgement_is_cancelled_ends_at_once(embedded: Kafka, tmp_path: Path) -> None:
    inputs = embedded.put_articles(range(50))
    with Worker(embedded, tmp_path, "--wedge", "cancelled") as worker:
        assert worker.await_exit(90) == BROKEN, worker.words()
        assert "what was awaited was cancelled" in worker.log.read_text()
    assert embedded.lag(ARTICLES) == 50
    with Worker(embedded, tmp_path) as worker:
        embedded.await_done()
        assert worker.end() == 0
    embedded.assert_none_lost(inputs)
