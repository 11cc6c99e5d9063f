"""`parley desk` and `parley feedback` as they are typed."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from services.broker.embedded import API_VERSION, EmbeddedBroker

PARLEY = [sys.executable, "-m", "services"]
ANYWHERE = "0.0.0.0"  # noqa: S104  It is refused.


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PARLEY, *arguments], capture_output=True, text=True, timeout=120, check=False)


def test_a_desk_says_where_it_is_and_ends_when_told(tmp_path: Path) -> None:
    with EmbeddedBroker() as broker:
        kafka = ["--kafka", broker.bootstrap, "--kafka-api-version", API_VERSION]
        command = [*PARLEY, "desk", *kafka, "--state", str(tmp_path), "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            address = process.stdout.readline().removeprefix("desk: ").strip()
            with urllib.request.urlopen(address, timeout=60) as answer:
                assert b"Who has moved" in answer.read()
            stream = urllib.request.urlopen(f"{address}live", timeout=60)
            started = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
            taken = time.monotonic() - started
            stream.close()
    # Five seconds are promised; a loaded machine is given as many again.
    assert taken < 10


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        found = call("desk", "--state", str(tmp_path), "--port", str(port))
    assert found.returncode == 2
    assert f"127.0.0.1:{port} cannot be used" in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_page_open_to_the_network_is_refused_in_one_line(tmp_path: Path) -> None:
    found = call("desk", "--state", str(tmp_path), "--port", "0", "--host", ANYWHERE)
    assert found.returncode == 2
    assert "PARLEY_DESK_TOKEN" in found.stderr
    assert found.stderr.count("\n") == 1


@pytest.mark.parametrize("verb", ["desk", "feedback"])
def test_help_has_an_example(verb: str) -> None:
    assert "Example: parley" in call(verb, "--help").stdout


def test_an_export_without_a_desk_is_one_line(tmp_path: Path) -> None:
    found = call("feedback", "export", "--state", str(tmp_path))
    assert found.returncode == 2
    assert "--state" in found.stderr
