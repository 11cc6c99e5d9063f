"""A worker with a new model reads the last month again, whatever comes between."""

import signal
from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace

from streams.records import Pulse, Reading
from streams.topics import READINGS, encode
from tests.faults.evidence import assert_nothing_lost, recovered
from tests.faults.kafka import Kafka, until
from tests.faults.running import Worker
from tests.streams.made import Worker as Fold
from tests.streams.made import pulse, weeks_of

ACTORS = ("aland", "bland", "cland")
NEW = ("--model", "second", "--stance", "against")


def put_a_month(kafka: Kafka) -> None:
    """Three weeks of the old model's readings of each actor, and the minute in each one's partition."""
    kafka.put_evidence([one for actor in ACTORS for one in weeks_of("favor", 0, 21, actor=actor)])
    put_pulse(kafka, pulse(21))


def put_pulse(kafka: Kafka, minute: Pulse) -> None:
    kafka.put(READINGS, [(actor.encode(), encode(minute)) for actor in ACTORS])


def by_version(kafka: Kafka, version: str) -> Counter[str]:
    """How often each reading of that version is on the log."""
    records = [one for records in kafka.evidence().values() for one in records]
    return Counter(one.id for one in records if isinstance(one, Reading) and one.model == version)


def await_all_read_again(kafka: Kafka) -> None:
    until(lambda: set(by_version(kafka, "second")) >= set(by_version(kafka, "made")), 180, "not all was read again")
    kafka.await_done()


def assert_as_if_never_otherwise(kafka: Kafka) -> None:
    """What a new worker would find is what it would be had the new model read everything from the start."""
    for partition, records in kafka.evidence().items():
        alone = Fold().take(*(
            replace(one, former=None) if isinstance(one, Reading) else one
            for one in records if not isinstance(one, Reading) or one.model == "second"
        ))  # fmt: skip
        again = Fold(rows=recovered(kafka)[partition]).restart()
        for actor in ACTORS:
            dossier, expected = again.memory.evidence.dossier(actor), alone.memory.evidence.dossier(actor)
            dossier.refresh()
            expected.refresh()
            assert dossier.nodes == expected.nodes


@pytest.mark.fault(32, "SIGKILL from within, when a part was sent and how far it came was not yet stored; then again")
def test_a_month_read_again_through_two_kills_is_what_the_new_model_alone_would_have_made_of_it(
    embedded: Kafka, tmp_path: Path
) -> None:
    put_a_month(embedded)
    for _ in range(2):
        with Worker(embedded, tmp_path, *NEW, "--die", "after-rereading") as worker:
            assert worker.await_exit() == -signal.SIGKILL
    assert len(worker.events("after-rereading")) == 2
    with Worker(embedded, tmp_path, *NEW) as worker:
        # A worker looks at a partition from the first record on that comes to it; the clock comes each minute.
        put_pulse(embedded, pulse(21.5))
        await_all_read_again(embedded)
        assert worker.end() == 0
    repeated = by_version(embedded, "second")
    assert max(repeated.values()) > 1, "the kills left nothing to repeat"
    assert set(repeated) == set(by_version(embedded, "made"))
    assert_as_if_never_otherwise(embedded)
    assert_nothing_lost(embedded)
    # Who starts next finds that it is done, and does not begin once more.
    with Worker(embedded, tmp_path, *NEW) as worker:
        put_pulse(embedded, pulse(22))
        embedded.put_evidence([replace(weeks_of("against", 22, 1, actor="aland")[0], model="second")])
        embedded.await_done()
        assert worker.end() == 0
    repeated.update(one.id for one in weeks_of("against", 22, 1, actor="aland"))
    assert by_version(embedded, "second") == repeated


def test_news_is_followed_while_a_month_is_being_read_again(embedded: Kafka, tmp_path: Path) -> None:
    put_a_month(embedded)
    gate = tmp_path / "gate"
    with Worker(embedded, tmp_path, *NEW, "--hold-reading", gate) as worker:
        worker.await_event("reading")
        embedded.put_evidence([replace(one, model="second") for one in weeks_of("favor", 22, 2, actor="bland")])
        embedded.await_done()
        assert worker.events("read") == []
        gate.touch()
        await_all_read_again(embedded)
        assert worker.end() == 0
    assert_nothing_lost(embedded)
