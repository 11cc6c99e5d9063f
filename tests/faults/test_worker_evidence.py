"""A worker that dies or freezes between what it writes."""

import signal
import time
from pathlib import Path

import pytest

from streams.topics import READINGS, encode
from tests.faults.evidence import ACTORS, a_shift, alerts, assert_nothing_lost, expected_alerts, recovered
from tests.faults.kafka import Kafka
from tests.faults.running import Worker
from tests.streams.made import weeks_of


@pytest.mark.fault(27, "SIGKILL from within, after the evidence's acknowledgement and before the alert is sent")
def test_a_kill_between_the_evidence_and_its_alert_does_not_swallow_the_alert(kafka: Kafka, tmp_path: Path) -> None:
    kafka.put_evidence(a_shift())
    expected = expected_alerts(kafka)
    assert len(expected) >= 3
    for _ in expected:
        sent = {(alert.id, alert.revision) for alert in alerts(kafka)}
        with Worker(kafka, tmp_path, "--die", "before-alert") as worker:
            assert worker.await_exit() == -signal.SIGKILL
            assert worker.events("before-alert")[-1]["pid"] == worker.process.pid
        assert kafka.lag(READINGS) > 0
        assert {(alert.id, alert.revision) for alert in alerts(kafka)} == sent
        # The next life sends the alert that was cut off, and ends before it can store that it did.
        with Worker(kafka, tmp_path, "--die", "after-alert") as worker:
            assert worker.await_exit() == -signal.SIGKILL
            assert worker.events("after-alert")[-1]["states"] == worker.events("before-alert")[-1]["states"]
        assert {(alert.id, alert.revision) for alert in alerts(kafka)} > sent
        if {(alert.id, alert.revision) for alert in alerts(kafka)} == set(expected):
            break
    with Worker(kafka, tmp_path) as worker:
        kafka.await_done()
        assert worker.end() == 0
    assert {(alert.id, alert.revision): encode(alert) for alert in alerts(kafka)} == expected
    assert_nothing_lost(kafka)


@pytest.mark.fault(28, "SIGSTOP from within at a write to the changelog, SIGCONT when another worker has gone on")
@pytest.mark.parametrize("write", [9, 40])
def test_a_worker_that_wakes_and_writes_takes_no_row_from_its_successor(
    write: int, kafka: Kafka, tmp_path: Path
) -> None:
    first = [one for actor in ACTORS for one in weeks_of("favor", 0, 10, actor=actor)]
    kafka.put_evidence(first)
    with Worker(kafka, tmp_path, "--freeze-at-write", write, name="frozen") as frozen:
        frozen.await_event("freezing")
        held = frozen.events("freezing")[0]["rows"]
        with Worker(kafka, tmp_path, name="successor") as successor:
            kafka.await_done()
            kafka.put_evidence(a_shift())
            kafka.await_done()
            frozen.signal(signal.SIGCONT)
            frozen.await_event("woke")
            # It writes what it held in its hand, then learns that its partitions were given away, and joins again.
            time.sleep(kafka.session + 2)
            kafka.put_evidence([one for actor in ACTORS for one in weeks_of("against", 40, 5, actor=actor)])
            kafka.await_done()
            assert successor.process.poll() is None
        rows = recovered(kafka)
        assert held
        assert all(key.partition(" ")[2] in rows[int(key.partition(" ")[0])] for key in held)
    assert_nothing_lost(kafka)
