"""A worker that dies with records in hand."""

import signal
from pathlib import Path

import pytest

from streams.topics import ARTICLES
from tests.faults.kafka import Kafka
from tests.faults.running import Worker


@pytest.mark.fault(9, "kill -9 while a batch is being read, three times in a row")
def test_a_kill_in_the_middle_of_reading_loses_nothing(kafka: Kafka, tmp_path: Path) -> None:
    inputs = kafka.put_articles(range(200))
    hands = []
    for _ in range(3):
        with Worker(kafka, tmp_path, "--slow", 0.5) as worker:
            before = len(worker.events("read"))
            worker.await_event("read", before + 1)
            assert worker.await_in_hand() != []
            worker.kill()
            assert worker.process.returncode == -signal.SIGKILL
            hands.append(worker.noted_in_hand())
    with Worker(kafka, tmp_path) as worker:
        kafka.await_done()
        assert worker.end() == 0
    kafka.assert_none_lost(inputs)
    # Who is killed over the same record three times cannot be told from a record that kills.
    assert set(kafka.dead(ARTICLES)) == hands[0] & hands[1] & hands[2]


@pytest.mark.fault(26, "a record that kills its process, by SIGKILL from within")
def test_a_record_in_hand_at_three_deaths_is_dead_lettered_and_no_other(embedded: Kafka, tmp_path: Path) -> None:
    inputs = embedded.put_articles(range(40))
    for deaths in range(1, 4):
        with Worker(embedded, tmp_path, "--die-on", 17) as worker:
            assert worker.await_exit() == -signal.SIGKILL
            assert worker.rounds("reading").count(17) == deaths
    with Worker(embedded, tmp_path, "--die-on", 17) as worker:
        embedded.await_done()
        assert worker.rounds("reading").count(17) == 3
        assert worker.end() == 0
    embedded.assert_none_lost(inputs)
    (place,) = (one.place for one in inputs if one.number == 17)
    assert {source: reason.split(":")[0] for source, reason in embedded.dead(ARTICLES).items()} == {
        place: "killed-the-worker"
    }
