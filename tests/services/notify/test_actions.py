"""What `parley notify` does beside delivering: each answer is what a desk at four in the morning needs."""

import asyncio
import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from services.__main__ import main
from services.notify.deliver.webhook import TASTE
from services.notify.deliveries import write_settlement
from services.notify.ledger import open_ledger
from services.notify.record import Arrival, record
from services.notify.settle import Settlement
from tests.services.notify.receiver import Receiver
from tests.services.notify.samples import alert


class Result(NamedTuple):
    """What a call came to."""

    returncode: int
    stdout: str
    stderr: str


Call = Callable[..., Result]


@pytest.fixture
def parley_notify(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """The command as its entry point runs it, in this process: a start of Python each would take minutes."""

    def call(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["parley", "notify", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Result(int(ended.value.code or 0), out, err)

    return call


@pytest.fixture
def state(tmp_path: Path) -> tuple[str, str]:
    ledger = open_ledger(tmp_path)
    now = 4_000_000_000.0
    record(ledger, [Arrival(alert("a"), now), Arrival(alert("b"), now)], {"desk": TASTE, "archive": TASTE}, now)
    write_settlement(ledger, "desk", Settlement(delivered=(("a", 0),)), "", now)
    write_settlement(ledger, "archive", Settlement(parked=(("a", 0),)), "status 500", now)
    ledger.close()
    return ("--state", str(tmp_path))


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver in a loop of its own, since the command is waited for."""
    loop, receiver = asyncio.new_event_loop(), Receiver()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(receiver.come_up(), loop).result(60)
    try:
        yield receiver
    finally:
        asyncio.run_coroutine_threadsafe(receiver.go_down(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(60)
        loop.close()


def test_the_log_says_who_was_told_what_and_when(parley_notify: Call, state: tuple[str, str]) -> None:
    shown = parley_notify("--log", *state)
    lines = shown.stdout.splitlines()
    assert "2096-10-02 07:06:40 UTC · desk · told · Possible shift: Ruritania, against → favor · a.0" in lines
    assert any("· archive · given up: status 500 ·" in line for line in lines)
    assert shown.stderr.strip() == "1 told, 1 given up, 2 waits"
    rows = [json.loads(line) for line in parley_notify("--log", "--json", "--sink", "desk", *state).stdout.splitlines()]
    assert [(row["sink"], row["outcome"], row["alert"]) for row in rows] == [
        ("desk", "delivered", "a"), ("desk", "waiting", "b"),
    ]  # fmt: skip
    assert parley_notify("--log", "--since", "2097-01-01", *state).stdout == ""


def test_a_hold_is_made_shown_and_released_from_the_command_line(parley_notify: Call, state: tuple[str, str]) -> None:
    assert "(wrong quotes): nothing goes out until" in parley_notify("--hold", "--why", "wrong quotes", *state).stdout
    assert "held since" in parley_notify("--log", *state).stderr
    assert parley_notify("--release", *state).stdout == "released: what waited goes out within seconds\n"
    assert parley_notify("--release", *state).stdout == "nothing was held\n"


def test_a_silence_is_made_listed_and_ended_from_the_command_line(parley_notify: Call, state: tuple[str, str]) -> None:
    silence = ("--silence", "russia", "--kind", "shift", "--until", "2097-01-01T08:00", "--why", "a summit")
    made = parley_notify(*silence, *state).stdout
    assert made == "silence 1 · shift of russia · until 2097-01-01 08:00 UTC · a summit\n"
    assert parley_notify("--silences", *state).stdout == made.strip() + " · 0 states kept back\n"
    assert json.loads(parley_notify("--silences", "--json", *state).stdout)["until"] == "2097-01-01T08:00:00Z"
    assert parley_notify("--unsilence", "1", *state).stdout == "silence 1 has ended\n"
    assert parley_notify("--silences", *state).stdout == ""
    assert parley_notify("--unsilence", "1", *state).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--silence", "rusia", "--until", "8h"), "no actor rusia"),
        (("--silence", "russia"), "--until"),
        (("--silence", "russia", "--until", "yesterday"), "write 8h"),
        (("--silence", "russia", "--until", "2020-01-01"), "is past"),
        (("--silence", "all", "--kind", "canary", "--until", "8h"), "no kind canary"),
        (("--hold", "--release"), "give one of them"),
        (("--check",), "--routes"),
        (("--why", "because"), "--hold"),
        (("--test", "desk"), "no sink desk; there are terminal"),
    ],
)
def test_a_wrong_action_is_one_line_and_code_2(
    parley_notify: Call, arguments: tuple[str, ...], words: str, state: tuple[str, str]
) -> None:
    result = parley_notify(*arguments, *state)
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert words in line


def test_a_test_message_reaches_the_sink_says_that_it_is_one_and_not_while_held(
    parley_notify: Call, state: tuple[str, str], tmp_path: Path
) -> None:
    with receiving() as hook:
        (tmp_path / "hook").write_text(hook.url)
        routes = tmp_path / "routes.yaml"
        routes.write_text(
            "sinks:\n  desk: {type: slack, webhook: {file: hook}}\n  archive: {type: webhook, url: {file: hook}}\n"
            "routes:\n  - {to: [desk, archive]}\n"
        )
        for sink in ("desk", "archive"):
            result = parley_notify("--routes", str(routes), "--test", sink, *state)
            assert result.stdout == f"{sink} took the test message\n", result.stderr
        assert hook.seen[0].body["text"].startswith("This is a test from Parley")
        assert hook.seen[1].body["type"] == "test"
        parley_notify("--hold", *state)
        held = parley_notify("--routes", str(routes), "--test", "desk", *state)
        assert (held.returncode, len(hook.seen)) == (1, 2)
        assert "SECRETPATH" not in held.stderr
    parley_notify("--release", *state)
    gone = parley_notify("--routes", str(routes), "--test", "desk", *state)
    assert gone.returncode == 1
    assert "desk did not take the test message: unreachable" in gone.stderr


def test_a_check_says_what_each_sink_is_told_and_names_every_problem(parley_notify: Call, tmp_path: Path) -> None:
    (tmp_path / "hook").write_text("https://hooks.example/SECRETPATH")
    routes = tmp_path / "routes.yaml"
    sinks = "sinks:\n  desk: {type: slack, webhook: {file: hook}, digest: {window: 10m, count: 5}}\n"
    routes.write_text(f"{sinks}routes:\n  - {{to: desk, actors: [russia], status: [confirmed], probability: 0.9}}\n")
    fine = parley_notify("--routes", str(routes), "--check")
    assert (fine.returncode, fine.stderr) == (0, "")
    assert fine.stdout.splitlines()[:3] == [
        "desk: https://hooks.example/<secret>",
        "    everything but first positions of russia when confirmed, probability 0.9 and above",
        "    at most 5 messages in 10m; more are told together",
    ]
    routes.write_text(f"{sinks}routes:\n  - {{to: dekc, actors: [rusia]}}\n")
    bad = parley_notify("--routes", str(routes), "--check")
    assert bad.returncode == 2
    assert len(bad.stderr.splitlines()) == 3
    assert parley_notify("--routes", str(routes)).returncode == 2
