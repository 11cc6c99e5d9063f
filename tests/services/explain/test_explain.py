"""`parley explain` says why an alert was raised, from the alert's own record: replayed lines, or the topic."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from kafka import KafkaProducer

from services.broker.embedded import EmbeddedBroker
from services.errors import InputProblem
from services.explain import as_object, proof_of, render_lines, states_of
from services.verbs.explain import command
from streams.records import ShiftAlert, Withdrawal
from streams.topics import ALERTS, encode
from tests.streams.made import START, Worker, pulse, weeks_of

FLIP = [*weeks_of("favor", 0.0, 40), *weeks_of("against", 40.0, 30)]
NAMES = {"ruritania": "Ruritania"}


@pytest.fixture(scope="module")
def alerts() -> list[ShiftAlert]:
    return Worker().take(*FLIP).alerts


def test_an_explanation_shows_the_words_their_place_and_what_each_of_them_did(alerts: list[ShiftAlert]) -> None:
    states = states_of(alerts[-1].id, map(encode, alerts))
    assert [state.status for state in states] == ["pending", "confirmed"]
    text = "\n".join(render_lines(states, NAMES))
    assert text.startswith("Shift confirmed: Ruritania, favor → against")
    for one in states[-1].evidence:
        assert f"“{one.quote}”" in text
        assert f"characters {one.start} to {one.end} of article {one.article}" in text
        assert one.url in text
    assert text.count("without it: ") == len(states[-1].evidence)
    assert "not on the record" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_what_decided_an_alert_is_shown_after_it_was_retracted() -> None:
    worker = Worker().take(*FLIP)
    gone = [Withdrawal(article=one.article, revision=1, at=START) for one in FLIP[40:]]
    worker.take(*gone, pulse(70.5))
    states = states_of(worker.alerts[-1].id, map(encode, worker.alerts))
    assert [state.status for state in states] == ["pending", "confirmed", "retracted"]
    assert proof_of(states).status == "confirmed"
    assert as_object(states)["status"] == "retracted"


def test_an_alert_of_an_older_worker_is_explained_as_far_as_its_record_goes() -> None:
    old = Path(__file__).parents[2] / "contracts" / "alerts.v1" / "before-proof" / "confirmed.json"
    text = "\n".join(render_lines(states_of("0123456789abcdef", [old.read_bytes()]), NAMES))
    assert "written by an older worker" in text
    assert "without it: not on the record" in text


def test_a_file_of_replayed_alerts_is_explained(alerts: list[ShiftAlert], tmp_path: Path) -> None:
    lines = tmp_path / "alerts.jsonl"
    lines.write_bytes(b"no alert\n" + b"".join(encode(alert) + b"\n" for alert in alerts))
    result = CliRunner().invoke(command, [alerts[-1].id, "--from", str(lines), "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert (found["from"], found["to"], found["status"]) == ("favor", "against", "confirmed")
    assert found["before"]["favor"] > 0.8
    assert found["after"]["against"] > found["after"]["favor"]
    assert found["since_from"] <= found["since"] <= found["since_to"]
    for one in found["readings"]:
        assert 0 <= one["probability_without"] <= 1
        assert one["quote"]


def test_the_topic_is_read_where_no_file_is_named(alerts: list[ShiftAlert]) -> None:
    with EmbeddedBroker([ALERTS]) as broker:
        producer = KafkaProducer(bootstrap_servers=broker.bootstrap, api_version=(2, 3), enable_idempotence=False)
        for alert in alerts:
            producer.send(ALERTS.name, encode(alert), alert.actor.encode()).get(timeout=60)
        producer.close(timeout=60)
        options = ["--kafka", broker.bootstrap, "--kafka-api-version", "2.3"]
        result = CliRunner().invoke(command, [alerts[-1].id, *options])
    assert result.exit_code == 0, result.output
    assert "favor → against" in result.output
    assert alerts[-1].evidence[0].quote in result.output


def test_an_id_that_nothing_knows_is_one_line(alerts: list[ShiftAlert], tmp_path: Path) -> None:
    lines = tmp_path / "alerts.jsonl"
    lines.write_bytes(encode(alerts[-1]) + b"\n")
    result = CliRunner().invoke(command, ["feedfacefeedface", "--from", str(lines)])
    assert isinstance(result.exception, InputProblem)
    assert "feedfacefeedface" in str(result.exception)
    assert "\n" not in str(result.exception)
