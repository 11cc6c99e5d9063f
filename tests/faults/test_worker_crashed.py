"""A worker whose framework gives up: Faust calls it a crash, stops its parts, and may wait for one of them for ever."""

from pathlib import Path

import pytest

from services.stream.ending import BROKEN
from streams.topics import ARTICLES
from tests.faults.kafka import Kafka
from tests.faults.running import Worker

OFFSET_COMMIT = 8
# What Kafka answers when its own coordinator failed, and what it answers to a commit that it has no room for.
UNKNOWN_SERVER_ERROR, INVALID_COMMIT_OFFSET_SIZE = -1, 28
MOST_IN_HAND = 64


@pytest.mark.fault(8, "Kafka answers commits under load with an error that Faust has no answer to")
@pytest.mark.parametrize("error", [UNKNOWN_SERVER_ERROR, INVALID_COMMIT_OFFSET_SIZE])
def test_a_worker_that_its_framework_gives_up_ends_and_the_next_goes_on(
    embedded: Kafka, tmp_path: Path, error: int
) -> None:
    inputs = embedded.put_articles(range(300))
    with Worker(embedded, tmp_path, "--slow", 0.4) as worker:
        worker.await_event("read", 2)
        embedded.broker.push_errors(OFFSET_COMMIT, [error] * 20)  # type: ignore[union-attr]
        # Faust ends some crashes by itself, with 1.
        assert worker.await_exit(90) in (1, BROKEN), worker.words()
        embedded.broker.clear_errors(OFFSET_COMMIT)  # type: ignore[union-attr]
        assert embedded.lag(ARTICLES) > 0
    with Worker(embedded, tmp_path) as worker:
        embedded.await_done()
        # The records that were in hand are not to blame, and are read together with others.
        assert "a worker died with records in hand" not in worker.log.read_text()
    embedded.assert_none_lost(inputs)
    assert embedded.dead(ARTICLES) == {}
