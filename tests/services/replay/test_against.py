"""Two runs of a replay differ in their alerts for a reason, and the reason is named."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from services.errors import InputProblem, UsageProblem
from services.newsroom.timeline import as_articles, read_timeline
from services.replay_diff import compare
from services.replay_record import Run, Told, keep_run, make_header, read_run, record_turn
from services.verbs.replay import command
from streams.records import Probabilities, Reading, ShiftAlert
from streams.shift_settings import ShiftSettings
from tests.streams.made import START, Worker, reading, weeks_of

FAVOR = weeks_of("favor", 0.0, 40)
FLIP = weeks_of("against", 40.0, 30)
SAME_CODE = "the same readings, model, settings and thresholds: the code differs"


def run_of(readings: list[Reading], settings: ShiftSettings | None = None, model: str = "made") -> Run:
    settings = settings or ShiftSettings()
    run, worker = Run(make_header(model, settings)), Worker()
    for one in readings:
        told = len(worker.alerts)
        worker.take(one)
        for line in record_turn([one], worker.alerts[told:]):
            run.take(line)
    return run


def test_a_run_does_not_differ_from_itself() -> None:
    assert list(compare(run_of(FAVOR + FLIP), run_of(FAVOR + FLIP))) == []


def test_a_shift_that_is_no_longer_seen_is_dropped_and_the_readings_that_made_it_are_named() -> None:
    quiet = [reading(f"q{n}", 40.0 + n, "favor") for n in range(3)]
    (change,) = compare(run_of(FAVOR + FLIP), run_of(FAVOR + quiet))
    assert (change.change, change.kind, change.now) == ("dropped", "shift", None)
    assert change.was is not None
    assert change.was.confirmed is not None
    assert any("no longer read as against: 'No. ruritania-against-40-" in why for why in change.why)
    assert any(why.endswith("more readings") for why in change.why)


def test_a_shift_that_is_only_now_seen_is_added() -> None:
    (change,) = compare(run_of(FAVOR), run_of(FAVOR + FLIP))
    assert (change.change, change.was) == ("added", None)
    assert any("now read as against" in why for why in change.why)


def test_a_shift_that_another_reading_raised_has_moved() -> None:
    (change,) = compare(run_of(FAVOR + FLIP), run_of(FAVOR + FLIP[4:]))
    assert change.change == "moved"
    assert change.was is not None
    assert change.now is not None
    assert change.now.raised > change.was.raised
    assert change.was.id != change.now.id


def test_the_same_passage_two_months_later_is_another_alert() -> None:
    later = weeks_of("favor", 40.0, 70) + weeks_of("against", 110.0, 30)
    changes = list(compare(run_of(FAVOR + FLIP), run_of(FAVOR + later)))
    assert [change.change for change in changes] == ["dropped", "added"]


def test_a_reading_read_otherwise_says_how() -> None:
    doubt = Probabilities(favor=0.1, against=0.5, neither=0.4)
    doubted = [reading(one.article, (one.time - START) / timedelta(days=1), "against", one.outlet, probabilities=doubt)
               for one in FLIP]  # fmt: skip
    (change,) = compare(run_of(FAVOR + FLIP), run_of(FAVOR + doubted, model="later"))
    assert any("read as against at 0.50 instead of 0.90" in why for why in change.why)
    assert "model made -> later" in change.why


def test_what_readings_do_not_explain_is_laid_to_the_settings_or_else_to_the_code() -> None:
    one, other = run_of(FAVOR + FLIP), run_of(FAVOR + FLIP, ShiftSettings(false_alerts_per_actor_year=0.1))
    other.told.pop()
    (change,) = compare(one, other)
    assert change.why == ("setting false_alerts_per_actor_year: 0.5 -> 0.1",)
    same = run_of(FAVOR + FLIP)
    same.told.pop()
    (change,) = compare(one, same)
    assert change.why == (SAME_CODE,)


def test_another_actor_s_readings_explain_nothing() -> None:
    elsewhere = weeks_of("against", 0.0, 70, actor="atlantis")
    changes = list(compare(run_of(FAVOR + FLIP + elsewhere), run_of(FAVOR + elsewhere)))
    assert {change.actor for change in changes} == {"ruritania"}
    assert not [why for change in changes for why in change.why if "atlantis" in why]


def test_a_run_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    run, path = run_of(FAVOR + FLIP), tmp_path / "one.run"
    with keep_run(path, run.header, apart_from=tmp_path / "articles") as keeper:
        assert not path.exists()
        for said in run.said["ruritania"].values():
            keeper.keep(said)
        for alert in run.told:
            keeper.keep(Told(alert=alert))
    assert read_run(path) == run


def test_an_interrupted_run_leaves_the_older_one(tmp_path: Path) -> None:
    path = tmp_path / "one.run"
    path.write_text("older")
    with pytest.raises(KeyboardInterrupt), keep_run(path, run_of([]).header, apart_from=tmp_path / "articles"):
        raise KeyboardInterrupt
    assert path.read_text() == "older"


def test_what_is_no_run_is_named(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    for text in ("", "nonsense\n", '{"line": "reading"}\n', '{"id": "a"}\n'):
        path.write_text(text)
        with pytest.raises(UsageProblem, match=r"alerts\.jsonl is no run"):
            read_run(path)
    with keep_run(path, run_of([]).header, apart_from=tmp_path / "articles"):
        pass
    path.write_bytes(path.read_bytes() + b"{}\n")
    with pytest.raises(InputProblem, match=r"alerts\.jsonl line 2:"):
        read_run(path)


@pytest.fixture(scope="module")
def timeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("against") / "timeline.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in as_articles(read_timeline())[:150]))
    return path


def parley(*arguments: object) -> list[dict[str, Any]]:
    result = CliRunner().invoke(command, [str(argument) for argument in arguments], standalone_mode=False)
    assert result.exception is None, result.exception
    return [json.loads(line) for line in result.stdout_bytes.splitlines()]


def test_the_command_keeps_a_run_and_says_what_differs_from_it(timeline: Path, tmp_path: Path) -> None:
    kept, again = tmp_path / "one.run", tmp_path / "two.run"
    alerts = parley(timeline, "--run", kept)
    assert [line["alert"] for line in map(json.loads, kept.read_text().splitlines()) if "alert" in line] == alerts
    assert parley(timeline, "--run", again, "--against", kept) == []
    assert kept.read_bytes() == again.read_bytes()
    changes = parley(timeline, "--against", kept, "--false-alerts", "0.02")
    assert changes
    assert all("setting false_alerts_per_actor_year: 0.5 -> 0.02" in change["why"] for change in changes)


def test_a_run_never_takes_the_place_of_its_articles(timeline: Path) -> None:
    before = timeline.read_bytes()
    result = CliRunner().invoke(command, [str(timeline), "--run", str(timeline)], standalone_mode=False)
    assert isinstance(result.exception, UsageProblem)
    assert timeline.read_bytes() == before


def test_the_states_of_an_alert_are_one_alert() -> None:
    run = run_of(FAVOR + FLIP)
    shifts: list[ShiftAlert] = [alert for alert in run.told if alert.kind == "shift"]
    assert [alert.status for alert in shifts] == ["pending", "confirmed"]
    (change,) = compare(run_of(FAVOR), run)
    assert change.now is not None
    assert (change.now.raised, change.now.confirmed) == (shifts[0].at, shifts[1].at)
