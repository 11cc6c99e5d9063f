"""What the topics hold is what the projection holds, however often it is read and wherever reading stopped."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from services.broker.embedded import EmbeddedBroker
from services.desk.database import open_projection
from services.desk.project import project
from services.errors import UsageProblem
from streams.records import Former, Position, Reading, Verdict, Withdrawal
from tests.services.desk.made import CHANCES, START, Running, alert, count, position, running, send, small_world, until

TABLES = ("articles", "readings", "positions", "history", "alerts", "outlets", "meta", "offsets")


def dump(desk: Running) -> dict[str, list[tuple[object, ...]]]:
    db = desk.projection.reader
    return {table: sorted(map(tuple, db.execute(f"SELECT * FROM {table}"))) for table in TABLES}  # noqa: S608


def test_a_projection_made_again_from_the_topics_is_the_same(tmp_path: Path) -> None:
    with EmbeddedBroker() as broker:
        send(broker.bootstrap, *small_world())
        found = []
        for name in ("one", "two"):
            with running(tmp_path / name, broker.bootstrap) as desk:
                found.append(_dump_of_all(desk))
        # Row numbers follow the order of arrival across topics, which is nobody's promise.
        slim = [{table: [row[1:] for row in rows] for table, rows in one.items()} for one in found]
        assert {t: sorted(map(str, r)) for t, r in slim[0].items()} == {
            t: sorted(map(str, r)) for t, r in slim[1].items()
        }


def _dump_of_all(desk: Running) -> dict[str, list[tuple[object, ...]]]:
    until(lambda: count(desk.projection, "alerts") == 2, "alerts")
    until(lambda: desk.json("/api/status")["caught_up"], "all of it")
    return dump(desk)


def test_a_desk_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with EmbeddedBroker() as broker:
        send(broker.bootstrap, *small_world())
        with running(tmp_path, broker.bootstrap) as desk:
            until(lambda: desk.json("/api/status")["caught_up"], "all of it")
            before = dump(desk)
        send(broker.bootstrap, position(100, "mixed"))
        with running(tmp_path, broker.bootstrap) as desk:
            until(lambda: count(desk.projection, "history") == 8, "the new position")
            after = dump(desk)
        assert after["readings"] == before["readings"]
        assert after["alerts"] == before["alerts"]


def test_a_projection_of_another_cluster_is_made_anew(tmp_path: Path) -> None:
    with EmbeddedBroker() as broker:
        send(broker.bootstrap, *small_world())
        with running(tmp_path, broker.bootstrap) as desk:
            until(lambda: count(desk.projection, "alerts") == 2, "the first cluster's alerts")
            # Both embedded brokers carry the same id, so the stamp is made another's by hand.
            with desk.projection.write() as db:
                db.execute("UPDATE meta SET value = 'elsewhere' WHERE name = 'cluster'")
    with EmbeddedBroker() as other:
        send(other.bootstrap, position(5, "mixed", "latvia"))
        with running(tmp_path, other.bootstrap) as desk:
            until(lambda: count(desk.projection, "positions") == 1, "the other cluster's one position")
            assert count(desk.projection, "alerts") == 0
            assert count(desk.projection, "article_words") == 0


def test_a_record_that_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    with EmbeddedBroker() as broker:
        world = small_world()
        send(broker.bootstrap, *world[:4])
        _send_raw(broker.bootstrap, b"\xff nothing of ours")
        send(broker.bootstrap, *world[4:])
        with running(tmp_path, broker.bootstrap) as desk:
            until(lambda: count(desk.projection, "alerts") == 2 and count(desk.projection, "readings") == 3, "the rest")


def _send_raw(bootstrap: str, raw: bytes) -> None:
    from kafka import KafkaProducer

    producer = KafkaProducer(bootstrap_servers=bootstrap, api_version=(2, 3), enable_idempotence=False)
    producer.send("readings.v1", raw, b"x").get(60)
    producer.close()


def test_the_same_record_again_changes_nothing(tmp_path: Path) -> None:
    projection = open_projection(tmp_path)
    world = [one for one in small_world() if not isinstance(one, Position)]
    with projection.write() as db:
        assert all(project(db, one) for one in world)
        assert not any(project(db, one) for one in world)
    projection.close()


def test_the_latest_word_counts_in_any_order(tmp_path: Path) -> None:
    projection = open_projection(tmp_path)
    said = next(one for one in small_world() if isinstance(one, Reading))
    wrong = Verdict(actor=said.actor, what="wrong-stance", at=START, reading=said.id, speaker="x", quote="y")
    right = Verdict(actor=said.actor, what="correct", at=START.replace(hour=1), reading=said.id, speaker="x", quote="y")
    with projection.write() as db:
        for one in (said, right, wrong):
            project(db, one)
        words = {what for (what,) in db.execute("SELECT what FROM said")}
    assert words == {"correct"}
    projection.close()


def test_readings_of_an_edited_article_are_shown_as_withdrawn(tmp_path: Path) -> None:
    from services.desk.quotes import find_quotes

    projection = open_projection(tmp_path)
    said = next(one for one in small_world() if isinstance(one, Reading))
    with projection.write() as db:
        project(db, said)
        project(db, Withdrawal(article=said.article, revision=1, at=START))
        assert [one.withdrawn for one in find_quotes(db, "WHERE r.id = ?", (said.id,))] == [True]
    projection.close()


def test_what_a_new_model_reads_again_takes_the_place_of_the_first(tmp_path: Path) -> None:
    projection = open_projection(tmp_path)
    said = next(one for one in small_world() if isinstance(one, Reading))
    turned = CHANCES["against"]
    again = replace(said, model="newer", probabilities=turned, former=Former(model=said.model, probabilities=turned))
    with projection.write() as db:
        assert project(db, said)
        assert project(db, again)
        assert not project(db, again)
        assert not project(db, said)
        assert db.execute("SELECT label FROM readings").fetchall() == [("against",)]
        db.execute("INSERT INTO reading_words (reading_words) VALUES ('integrity-check')")
    projection.close()


def test_two_desks_cannot_share_a_directory(tmp_path: Path) -> None:
    projection = open_projection(tmp_path)
    with pytest.raises(UsageProblem, match="in use"):
        open_projection(tmp_path)
    projection.close()


def test_an_alert_with_fields_of_a_later_version_is_shown(tmp_path: Path) -> None:
    import json

    from services.desk.alerts import read_alert
    from streams.topics import decode_alert, encode

    projection = open_projection(tmp_path)
    readings = [one for one in small_world() if isinstance(one, Reading)][:2]
    raw = json.loads(encode(alert(readings, 60))) | {"rests_on": 2}
    with projection.write() as db:
        project(db, decode_alert(json.dumps(raw).encode()))
        db.execute("UPDATE alerts SET record = ?", (json.dumps(raw).encode(),))
        shown = read_alert(db, raw["id"])
    assert shown is not None
    assert shown.more == {"rests_on": "2"}
    projection.close()
