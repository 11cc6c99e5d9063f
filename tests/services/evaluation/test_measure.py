"""Measuring the stance reader on labelled rows."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from models.corpus.rows import Row
from services.errors import InputProblem
from services.evaluation.measure import event_of, measure, speaker_of
from services.verbs.evaluate import command
from streams.catalogue import read_catalogue
from streams.records import Probabilities, Statement

CATALOGUE = read_catalogue()


def says_no_means_against(statements: Sequence[Statement]) -> list[Probabilities]:
    against = Probabilities(favor=0.1, against=0.8, neither=0.1)
    neither = Probabilities(favor=0.1, against=0.1, neither=0.8)
    return [against if "no" in statement.quote else neither for statement in statements]


def test_each_row_is_scored_whole_and_by_field() -> None:
    rows = [
        Row(text="no talks", label="against", style="headline"),
        Row(text="a note", label="neither", style="headline"),
        Row(text="a visit", label="neither", style="agency"),
    ]
    found = measure(rows, says_no_means_against, CATALOGUE, ["style"])
    assert found.whole.neither_as_stance == 0.5
    assert [(each.row.text, each.predicted) for each in found.wrong] == [("a note", "against")]
    assert found.parts["style", "agency"].macro_f1 == 1.0


def test_rows_of_one_week_and_actor_are_one_event() -> None:
    monday, sunday, next_week = (
        Row(text="x", label="neither", actor="russia", date=day) for day in ("2025-05-12", "2025-05-18", "2025-05-19")
    )
    assert event_of(monday, 0) == event_of(sunday, 1) != event_of(next_week, 2)
    assert event_of(Row(text="x", label="neither", group="g"), 3) == "g"


def test_the_speaker_is_found_by_the_catalogue_where_the_row_gives_no_offsets() -> None:
    row = Row(text="Putin refuses compromise", label="against", actor="russia", date="2022-03-08")
    assert speaker_of(row, CATALOGUE) == (0, 5)


def test_a_labelled_file_is_measured_by_the_verb(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(
        '{"text": "Kyiv rejects any truce and wants Moscow beaten", "label": "against", "actor": "ukraine"}\n'
    )
    result = CliRunner().invoke(command, ["--on", str(path), "--json"], catch_exceptions=False)
    found = json.loads(result.stdout)
    assert found["rows"] == 1
    assert found["confusion"][1][1] == 1


def test_a_line_without_a_label_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "x"}\n')
    with pytest.raises(InputProblem, match="line 1"):
        CliRunner().invoke(command, ["--on", str(path)], catch_exceptions=False, standalone_mode=False)


def test_a_date_that_is_none_and_a_file_without_rows_are_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    for text, said in (
        ('{"text": "x", "label": "favor", "date": "yesterday"}', "'yesterday'"),
        ("", "no labelled rows"),
    ):
        path.write_text(text)
        with pytest.raises(InputProblem, match=said):
            CliRunner().invoke(command, ["--on", str(path)], catch_exceptions=False, standalone_mode=False)


def test_a_claim_about_another_is_scored_as_it_is_read_of_an_article(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(
        '{"text": "Rubio says Putin rejects any truce", "label": "neither", "actor": "united-states"}\n'
        '{"text": "Kyiv rejects any truce and wants Moscow beaten", "label": "against", "actor": "ukraine"}\n'
    )
    result = CliRunner().invoke(command, ["--on", str(path), "--json"], catch_exceptions=False)
    assert json.loads(result.stdout)["confusion"] == [[0, 0, 0], [0, 1, 0], [0, 0, 1]]
