"""The processes of one machine: restarted when they fail, given up when that is no use, ended together."""

import time
from pathlib import Path
from typing import IO

import pytest

from services.errors import ParleyError
from services.up import processes
from services.up.processes import RESTARTS, Child, end_all


def child(tmp_path: Path, *arguments: str) -> Child:
    return Child("newsroom", list(arguments), {}, tmp_path, None)


def until_it_ends(one: Child) -> None:
    deadline = time.monotonic() + 60
    while one.alive and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not one.alive


def test_a_wrong_call_is_not_tried_again_and_its_reason_is_shown(tmp_path: Path) -> None:
    one = child(tmp_path, "--no-such-option")
    one.start()
    until_it_ends(one)
    with pytest.raises(ParleyError, match=r"newsroom ended with code 2: .*--no-such-option"):
        one.check()


def test_what_ends_is_started_again_until_it_is_no_accident(tmp_path: Path) -> None:
    one = child(tmp_path, "--help")  # Ends at once, with code 0: a service that ends has failed, whatever it says.
    one.start()
    for _ in range(RESTARTS):
        until_it_ends(one)
        assert one.check()
    until_it_ends(one)
    with pytest.raises(ParleyError, match="newsroom ended with code 0"):
        one.check()


def test_what_ran_for_a_while_is_forgiven_its_restarts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STEADY_SECONDS", 0.0)
    one = child(tmp_path, "--help")
    one.start()
    for _ in range(RESTARTS + 2):
        until_it_ends(one)
        assert one.check()
    end_all([one])


def test_all_end_together_within_the_grace(tmp_path: Path) -> None:
    several = [child(tmp_path, "--port", "0"), child(tmp_path, "--port", "0")]
    for one in several:
        one.start()
    time.sleep(1.0)
    started = time.monotonic()
    end_all(several)
    assert time.monotonic() - started < processes.GRACE_SECONDS + 1
    assert not any(one.alive for one in several)


def test_who_reads_the_output_reads_on_after_a_restart(tmp_path: Path) -> None:
    """Otherwise the pipe of the second process fills up, and nobody sees what it says."""
    lines: list[bytes] = []

    def follow(output: IO[bytes]) -> None:
        with output:
            lines.append(output.readline())

    one = Child("newsroom", ["--port", "0"], {}, tmp_path, follow)
    one.start()
    assert len(lines) == 1
    one.terminate()
    until_it_ends(one)
    assert one.check()
    assert len(lines) == 2
    assert lines[1].startswith(b'{"opml"')
    end_all([one])
