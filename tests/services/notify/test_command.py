"""`parley notify` as a process: what it says when the call is wrong, how it ends, and what a kill costs."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from aiohttp import web

from services.broker.embedded import API_VERSION, EmbeddedBroker
from services.notify.deliver.webhook import TASTE
from services.notify.deliveries import count_states, write_settlement
from services.notify.ledger import open_beside, open_ledger
from services.notify.record import Arrival, record
from services.notify.run import EXIT_WITHIN
from services.notify.settle import Settlement
from streams.topics import ALERTS
from tests.services.notify.receiver import Received, Receiver, hang, until
from tests.services.notify.samples import alert
from tests.services.notify.serving import publish

SECRET = "SECRETPATH"
ENV = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}


def parley_notify(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "services", "notify", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=ENV)


class Process:
    """A running `parley notify`; an async context manager that ends it with SIGTERM."""

    def __init__(self, kafka: str, state: Path, *arguments: str) -> None:
        self._command = [
            sys.executable, "-m", "services", "notify", "--kafka", kafka, "--kafka-api-version", API_VERSION,
            "--state", str(state), *arguments,
        ]  # fmt: skip
        self._state = state

    async def __aenter__(self) -> "Process":
        self._state.mkdir(exist_ok=True)
        self.log = (self._state / "log").open("w+b")
        self.out = (self._state / "out").open("w+b")
        self.process = self._start()
        return self

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command, stdout=self.out, stderr=self.log, env=ENV)

    async def __aexit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        await asyncio.to_thread(self.process.wait, 60)
        self.log.close()
        self.out.close()

    def printed(self) -> str:
        return (self._state / "out").read_text()

    def logged(self) -> str:
        return (self._state / "log").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--slack", f"ftp://hooks.example/{SECRET}"], ["--slack", "https://host/<secret>"]),
        (["--print", "--json"], ["--print", "--json"]),
        (["--parked", "--replay-parked"], ["--parked", "--replay-parked"]),
    ],
)
def test_a_wrong_call_is_one_clear_line_without_the_secret(
    arguments: Sequence[str], words: Sequence[str], tmp_path: Path
) -> None:
    result = parley_notify("--state", str(tmp_path), *arguments)
    assert result.returncode == 2
    (line,) = result.stderr.strip().splitlines()
    assert all(word in line for word in words), line
    assert SECRET not in line


def test_a_broker_address_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    result = parley_notify("--state", str(tmp_path), "--kafka", "nowhere:port", "--print")
    assert result.returncode == 2
    assert "--kafka" in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr


def test_parked_deliveries_are_listed_and_replayed_from_the_command_line(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    record(ledger, [Arrival(alert("a"), 0.0)], {"webhook": TASTE}, 0.0)
    write_settlement(ledger, "webhook", Settlement(parked=(("a", 0),)), "status 500", 0.0)
    ledger.close()
    state = ("--state", str(tmp_path))
    assert "a.0 pending · webhook · status 500" in parley_notify("--parked", *state).stdout
    assert json.loads(parley_notify("--parked", "--json", *state).stdout)["reason"] == "status 500"
    assert parley_notify("--replay-parked", *state).stdout.startswith("1 deliveries are due again")
    assert parley_notify("--parked", *state).stdout == ""


def test_it_delivers_prints_and_ends_within_seconds_of_sigterm_though_a_sink_hangs(tmp_path: Path) -> None:
    async def scenario() -> None:
        with EmbeddedBroker([ALERTS]) as broker:
            async with (
                Receiver() as hook,
                Process(broker.bootstrap, tmp_path, "--webhook", hook.url, "--print") as notify,
            ):
                await asyncio.to_thread(publish, broker.bootstrap, alert())
                await hook.has(1)
                await until(lambda: "Possible shift: Ruritania, against → favor" in notify.printed())
                hook.answer = hang
                await asyncio.to_thread(publish, broker.bootstrap, alert(revision=1, status="confirmed"))
                await hook.has(2)
                started = time.monotonic()
                notify.process.send_signal(signal.SIGTERM)
                # It gives itself EXIT_WITHIN seconds and the sink hangs for sixty; between is room for a busy machine.
                assert await asyncio.to_thread(notify.process.wait, 50) == 0
                assert EXIT_WITHIN < 5
                assert time.monotonic() - started < 40
                assert SECRET not in notify.logged() + notify.printed()
                assert "/<secret>" in notify.logged()
                assert notify.logged().count("not signed") == 1

    asyncio.run(scenario())


def test_a_kill_between_the_sinks_200_and_the_ledger_repeats_the_message_once_with_the_same_id(tmp_path: Path) -> None:
    async def scenario() -> None:
        with EmbeddedBroker([ALERTS]) as broker:
            async with Receiver() as hook:
                arguments = (broker.bootstrap, tmp_path, "--webhook", hook.url)
                await asyncio.to_thread(publish, broker.bootstrap, alert("a"), alert("b"))
                async with Process(*arguments) as first:

                    async def take_and_kill(_: Received) -> web.StreamResponse:
                        beside = open_beside(tmp_path)
                        await until(lambda: count_states(beside, "webhook") == (2, 0))
                        beside.close()
                        first.process.kill()
                        return web.Response()

                    hook.answer = take_and_kill
                    assert await asyncio.to_thread(first.process.wait, 20) == -signal.SIGKILL

                async def take(_: Received) -> web.StreamResponse:
                    return web.Response()

                hook.answer = take
                async with Process(*arguments):
                    await hook.has(3)
                    await asyncio.sleep(0.3)
                assert sorted(hook.ids) == ["a.0", "a.0", "b.0"]
                assert hook.seen[0].raw == next(one.raw for one in hook.seen[1:] if one.id == "a.0")

    asyncio.run(scenario())


def test_without_a_sink_alerts_are_printed_and_that_is_said(tmp_path: Path) -> None:
    async def scenario() -> None:
        with EmbeddedBroker([ALERTS]) as broker:
            async with Process(broker.bootstrap, tmp_path) as notify:
                await asyncio.to_thread(publish, broker.bootstrap, alert(kind="first-position", status="confirmed"))
                await until(lambda: "First position" in notify.printed())
                assert "printed here and go nowhere else" in notify.logged()

    asyncio.run(scenario())


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    with EmbeddedBroker([ALERTS]) as broker:
        publish(broker.bootstrap, *(alert(f"{number}") for number in range(3)))
        script = (
            f"{sys.executable} -m services notify --kafka {broker.bootstrap} --kafka-api-version {API_VERSION} "
            f"--state {tmp_path} --json | head -1; exit ${{PIPESTATUS[0]}}"
        )
        command = ["bash", "-c", script]
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=ENV)
    assert json.loads(result.stdout)["actor"] == "ruritania"
    assert "Traceback" not in result.stderr
    # click's own code for a closed pipe.
    assert result.returncode == 1
