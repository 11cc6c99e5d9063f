"""A click becomes a record of the evidence log, and comes back to the page from there."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from services.broker.embedded import EmbeddedBroker
from services.desk.export import export_rows
from services.errors import UsageProblem
from streams.records import Reading, ShiftAlert, Verdict
from streams.topics import READINGS, decode_evidence
from tests.services.desk.made import Running, small_desk, small_world, until
from tests.services.received import read_embedded

WORLD = small_world()
ALERT = next(one for one in WORLD if isinstance(one, ShiftAlert))
READING = next(one for one in WORLD if isinstance(one, Reading))
TOKEN = "a-token-of-the-tests"
WRITER = {"authorization": f"Bearer {TOKEN}", "content_type": "application/json"}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[tuple[Running, EmbeddedBroker]]:
    with small_desk(tmp_path, desk_token=TOKEN) as found:
        yield found


def say(desk: Running, path: str, **word: str) -> tuple[int, str]:
    return desk.send("POST", path, json.dumps(word).encode(), **WRITER)


def verdicts(bootstrap: str, number: int) -> list[tuple[int, Verdict]]:
    """The verdicts on the log, with their partitions."""

    def enough() -> list[tuple[int, Verdict]] | None:
        records = [(one.partition, decode_evidence(one.value)) for one in read_embedded(bootstrap, READINGS.name)]
        found = [(partition, record) for partition, record in records if isinstance(record, Verdict)]
        return found if len(found) >= number else None

    found: list[tuple[int, Verdict]] = until(enough, f"{number} verdicts on the log")
    return found


def test_a_click_on_a_reading_is_on_the_log_beside_it(scene: tuple[Running, EmbeddedBroker]) -> None:
    desk, broker = scene
    status, body = say(desk, f"/api/readings/{READING.id}/verdicts", what="wrong-stance", stance="neither")
    assert (status, json.loads(body)) == (200, {"written": 1})
    ((partition, said),) = verdicts(broker.bootstrap, 1)
    assert (said.reading, said.what, said.stance, said.quote) == (READING.id, "wrong-stance", "neither", READING.quote)
    places = _places_of_readings(broker.bootstrap, READING.id)
    assert places == {partition}


def _places_of_readings(bootstrap: str, id: str) -> set[int]:
    records = [(one.partition, decode_evidence(one.value)) for one in read_embedded(bootstrap, READINGS.name)]
    return {partition for partition, record in records if isinstance(record, Reading) and record.id == id}


def test_a_word_against_an_alert_takes_what_it_quotes_with_it(scene: tuple[Running, EmbeddedBroker]) -> None:
    desk, broker = scene
    assert say(desk, f"/api/alerts/{ALERT.id}/verdicts", what="not-news") == (200, '{"written":3}')
    said = [one for _, one in verdicts(broker.bootstrap, 3)]
    assert [one.reading for one in said] == [None, *(one.reading for one in ALERT.evidence)]
    assert {one.alert for one in said} == {ALERT.id}
    shown = until(lambda: (view := desk.json_as(f"/api/alerts/{ALERT.id}", TOKEN))["verdict"] and view, "the word")
    assert shown["verdict"]["what"] == "not-news"
    assert all(one["verdict"]["what"] == "not-news" for one in shown["evidence"])


def test_precision_is_what_people_said_last(scene: tuple[Running, EmbeddedBroker]) -> None:
    desk, _ = scene
    path = f"/api/alerts/{ALERT.id}/verdicts"
    say(desk, path, what="wrong-speaker")
    until(lambda: desk.json_as("/api/precision", TOKEN)["share"] == 0.0, "a precision of 0")
    say(desk, path, what="correct")
    until(lambda: desk.json_as("/api/precision", TOKEN)["share"] == 1.0, "a precision of 1")
    until(lambda: REGISTRY.get_sample_value("parley_alert_precision") == 1.0, "the metric")


def test_what_was_judged_comes_out_as_labelled_rows(scene: tuple[Running, EmbeddedBroker]) -> None:
    desk, _ = scene
    state = desk.projection.path.parent
    say(desk, f"/api/readings/{READING.id}/verdicts", what="wrong-stance", stance="neither")
    say(desk, f"/api/alerts/{ALERT.id}/verdicts", what="correct")
    count = "SELECT count(*) FROM verdicts"
    until(lambda: desk.projection.reader.execute(count).fetchone()[0] == 4, "four verdicts")
    (row,) = export_rows(state, unlabelled=False, from_alerts=False)
    assert (row["text"], row["label"], row["read_as"], row["actor"]) == (READING.quote, "neither", "favor", "hungary")
    assert row["text"][row["start"] : row["end"]] == row["speaker"]
    assert len(list(export_rows(state, unlabelled=False, from_alerts=True))) == 2


def test_an_export_without_a_projection_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="--state"):
        list(export_rows(tmp_path, unlabelled=True, from_alerts=True))


@pytest.mark.parametrize("path", ["/api/readings/none/verdicts", "/api/alerts/none/verdicts"])
def test_nothing_is_written_about_what_is_not_there(scene: tuple[Running, EmbeddedBroker], path: str) -> None:
    assert say(scene[0], path, what="correct")[0] == 404


def test_a_broker_that_is_away_is_said_and_nothing_counts_as_written(scene: tuple[Running, EmbeddedBroker]) -> None:
    desk, broker = scene
    broker.take_down()
    status, body = say(desk, f"/api/readings/{READING.id}/verdicts", what="correct")
    assert status == 503
    assert "broker" in body
    broker.bring_up()
    assert say(desk, f"/api/readings/{READING.id}/verdicts", what="correct")[0] == 200
