"""Workers that come, go and freeze while there is work."""

import signal
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from streams.topics import ARTICLES, READINGS
from tests.faults.kafka import Kafka, until
from tests.faults.running import Worker

FREEZE_SESSIONS = 3.2


@pytest.mark.fault(
    14, "a second and a third worker join, are killed or asked to end every five seconds, for 50 seconds"
)
def test_a_storm_of_rebalances_loses_nothing(apache: Kafka, tmp_path: Path) -> None:
    inputs = apache.put_articles(range(100))
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(apache, tmp_path, "--slow", 0.4, name="worker-0"))]
        workers[0].await_event("read")
        ended = 0
        for turn in range(1, 11):
            workers.append(stack.enter_context(Worker(apache, tmp_path, "--slow", 0.4, name=f"worker-{turn}")))
            inputs += apache.put_articles(range(100 * turn, 100 * turn + 100))
            time.sleep(5)
            if len(workers) > 2:
                oldest = workers.pop(0)
                assert oldest.process.poll() is None, oldest.words()
                ended += 1
                if turn % 2:
                    oldest.kill()
                else:
                    assert oldest.end() in (0, 75)
        assert ended == 9
        # Work was under way in every part of the storm.
        assert apache.lag(ARTICLES) > 0
        apache.await_done(240)
    apache.assert_none_lost(inputs)
    assert apache.dead(ARTICLES) == {}


@pytest.mark.fault(15, "SIGSTOP for more than three sessions with a batch in hand, then SIGCONT")
def test_a_frozen_worker_is_fenced_and_nothing_is_lost(kafka: Kafka, tmp_path: Path) -> None:
    inputs = kafka.put_articles(range(200))
    with Worker(kafka, tmp_path, "--slow", 1, name="frozen") as frozen:
        frozen.await_event("read")
        held = frozen.await_in_hand()
        frozen.signal(signal.SIGSTOP)
        assert held
        stopped = time.monotonic()
        with Worker(kafka, tmp_path, name="successor") as successor:
            until(lambda: set(held) <= set(successor.rounds("read")), 60, successor.words())
            kafka.await_done()
            time.sleep(max(0.0, FREEZE_SESSIONS * kafka.session - (time.monotonic() - stopped)))
            committed = kafka.lag(ARTICLES, READINGS)
            frozen.signal(signal.SIGCONT)
            # What it does on waking takes nothing back: commits do not go backwards.
            time.sleep(kafka.session)
            assert kafka.lag(ARTICLES) == committed == 0
            inputs += kafka.put_articles(range(200, 300))
            kafka.await_done()
            assert successor.process.poll() is None
    kafka.assert_none_lost(inputs)
    assert kafka.dead(ARTICLES) == {}


@pytest.mark.fault(
    8, "SIGSTOP past the session with handled records not yet committed: Kafka itself refuses the commit"
)
def test_a_commit_that_kafka_refuses_loses_nothing(apache: Kafka, tmp_path: Path) -> None:
    inputs = apache.put_articles(range(100))
    still = {"PARLEY_STANDSTILL": "40"}
    with Worker(apache, tmp_path, "--slow", 0.4, name="frozen", settings=still) as frozen:
        frozen.await_event("read", 2)
        frozen.signal(signal.SIGSTOP)
        time.sleep(apache.session + 3)
        before = apache.lag(ARTICLES)
        assert before > 0
        frozen.signal(signal.SIGCONT)
        # It may go on, or give up and be started again: what matters is that no one has to come.
        apache.await_done(240, frozen.restart_if_ended)
    apache.assert_none_lost(inputs)
    # What was read and not committed was delivered again.
    assert len(frozen.rounds("read")) > len(set(frozen.rounds("read")))
