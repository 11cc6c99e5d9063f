"""`parley replay` on the sample timeline: the true shifts, nobody else's, and the same bytes each time."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.newsroom.timeline import as_articles, read_expected, read_timeline


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "services", "replay", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=280, check=False)


@pytest.fixture(scope="module")
def timeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("replay") / "timeline.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in as_articles(read_timeline())))
    return path


@pytest.fixture(scope="module")
def states(timeline: Path) -> list[dict[str, Any]]:
    result = run(str(timeline))
    assert result.returncode == 0, result.stderr.decode()
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_true_shift_is_confirmed_in_its_time_and_no_other(states: list[dict[str, Any]]) -> None:
    confirmed = sorted(
        (state["actor"], state["before"], state["after"], state["at"][:10])
        for state in states
        if state["kind"] == "shift" and state["status"] == "confirmed" and state["speaker"] is None
    )
    expected = sorted(read_expected().shifts, key=lambda shift: (shift.actor, shift.before))
    assert [found[:3] for found in confirmed] == [(shift.actor, shift.before, shift.after) for shift in expected]
    for (*_, at), shift in zip(confirmed, expected, strict=True):
        assert str(shift.since) <= at <= str(shift.until)


def test_nobody_who_stands_still_is_said_to_move(states: list[dict[str, Any]]) -> None:
    steady = {state["actor"]: state for state in states if state["actor"] in read_expected().steady}
    assert {actor for actor, state in steady.items() if state["kind"] == "shift"} == set()
    assert {actor: state["after"] for actor, state in steady.items()}.items() <= read_expected().steady.items()


def test_every_quotation_is_a_slice_of_its_article(states: list[dict[str, Any]]) -> None:
    bodies: dict[str, list[str]] = {}
    for row in as_articles(read_timeline()):
        bodies.setdefault(row["id"], []).append(f"{row['title']}\n\n{row['text']}")
    quoted = [evidence for state in states for evidence in state["evidence"]]
    assert quoted
    for evidence in quoted:
        assert any(
            body[evidence["start"] : evidence["end"]] == evidence["quote"] for body in bodies[evidence["article"]]
        )


def test_the_same_file_gives_the_same_bytes(timeline: Path) -> None:
    lines = timeline.read_bytes().splitlines(keepends=True)[:120]
    first, second = run("-", stdin=b"".join(lines)), run("-", stdin=b"".join(lines))
    assert first.stdout
    assert first.stdout == second.stdout


def test_what_cannot_be_read_is_named_and_the_rest_goes_on() -> None:
    good = json.dumps({"id": "a", "title": "Ruritania calls for talks", "published": "2025-03-01"})
    result = run("-", "--all", stdin=f'{good}\n{{"id": \n\n{{"id": "b", "published": "soon"}}\n'.encode())
    assert result.returncode == 1
    assert b"line 2:" in result.stderr
    assert b"line 4: published is 'soon'" in result.stderr
    assert b"1 articles" in result.stderr


def test_a_missing_file_is_a_wrong_call() -> None:
    result = run("/nowhere.jsonl")
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
