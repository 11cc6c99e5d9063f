"""A desk made anew from a compacted topic has its lines again, and what was shown stays. All is invented."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from services.broker.embedded import EmbeddedBroker
from services.desk.database import Projection, open_projection
from services.desk.history import derive_history, fill_history
from services.desk.project import project
from services.desk.stands import list_points, point_at, read_stand
from streams.records import Position, Reading, Verdict, Withdrawal
from streams.shift_settings import DAY, ShiftSettings
from tests.services.desk.made import running, send, until
from tests.streams.made import START, Worker, pulse, reading, weeks_of

# In favor for a hundred days, against for sixty.
READINGS = [*weeks_of("favor", 0.0, 100, every=2.0), *weeks_of("against", 100.0, 60, every=2.0)]


def shown() -> Iterator[Position]:
    """Every position that a worker sends for the readings, on a clock of days."""
    worker = Worker()
    for one in READINGS:
        day = (one.time - START).total_seconds() / DAY
        worker.take(pulse(day), one)
        yield worker.positions["ruritania"]


@pytest.fixture
def projection(tmp_path: Path) -> Iterator[Projection]:
    found = open_projection(tmp_path)
    yield found
    found.close()


def put(projection: Projection, *records: msgspec.Struct) -> None:
    with projection.write() as db:
        for one in records:
            project(db, one)


def test_what_the_topic_lost_is_worked_out_as_the_worker_did(projection: Projection) -> None:
    positions = list(shown())
    put(projection, *READINGS, positions[-1])
    assert fill_history(projection, ShiftSettings()) > 50
    for was in positions[:-1]:
        now = point_at(projection.reader, "ruritania", was.at.timestamp())
        assert (now.stance if now else "unknown") == was.stance
        if now is not None:
            assert now.favor == pytest.approx(was.probabilities["favor"], abs=0.02)
    assert list_points(projection.reader, "ruritania", 0.0)[-1].at == positions[-1].at
    stand = read_stand(projection.reader, "ruritania")
    assert stand is not None
    assert len(stand.recent) > 15


def test_what_was_shown_stays_as_it_was(projection: Projection) -> None:
    positions = list(shown())
    put(projection, *READINGS, *positions)
    before = list_points(projection.reader, "ruritania", 0.0)
    assert fill_history(projection, ShiftSettings()) == 0
    assert list_points(projection.reader, "ruritania", 0.0) == before


def test_it_is_done_once(projection: Projection) -> None:
    assert fill_history(projection, ShiftSettings()) == 0
    put(projection, *READINGS)
    assert fill_history(projection, ShiftSettings()) == 0


def test_copies_count_once_and_withdrawn_and_rejected_words_not_at_all(projection: Projection) -> None:
    last = READINGS[-30:]
    copies = [
        msgspec.structs.replace(one, id=f"copy-{n}", article=f"copy-{n}", outlet="Z", published=later, fetched=later)
        for n, one in enumerate(READINGS)
        if (later := one.published + timedelta(hours=1))
    ]
    put(projection, *READINGS, *copies)
    for one in last[:15]:
        put(projection, Withdrawal(article=one.article, revision=1, at=START))
        put(
            projection,
            Withdrawal(article=next(c.article for c in copies if c.quote == one.quote), revision=1, at=START),
        )
    for one in last[15:]:
        said = Verdict(
            actor=one.actor, what="wrong-stance", at=START, reading=one.id, speaker=one.speaker, quote=one.quote
        )
        put(projection, said)
    fill_history(projection, ShiftSettings())
    points = list_points(projection.reader, "ruritania", 0.0)
    plain = derive_history(READINGS[:-30], ShiftSettings())
    assert [(p.at.timestamp(), p.favor) for p in points] == [(p.at, p.favor) for p in plain]


def test_a_desk_over_a_compacted_topic_shows_a_line(tmp_path: Path) -> None:
    kept = [*READINGS, list(shown())[-1]]
    with EmbeddedBroker() as broker:
        send(broker.bootstrap, *kept)
        with running(tmp_path, broker.bootstrap) as desk:
            until(lambda: desk.json("/api/status")["caught_up"], "all of it")
            line = desk.json("/api/actors/ruritania/timeline")
    assert len(line["points"]) > 50
    assert {"favor", "against"} <= {point["stance"] for point in line["points"]}


def test_an_actor_of_whom_too_little_is_known_has_no_line() -> None:
    few: list[Reading] = [reading("one", 0.0), reading("two", 2.0)]
    assert derive_history(few, ShiftSettings()) == []
