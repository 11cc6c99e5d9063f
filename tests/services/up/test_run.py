"""`parley up` as a person ends it: whenever Ctrl-C comes, and however often, all of it ends without a complaint."""

import base64
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest


def start_up(state: Path, **settings: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "services", "up", "--state", str(state)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **settings},
    )


def interrupt(one: "subprocess.Popen[bytes]", times: int) -> tuple[int, str]:
    """Press Ctrl-C that often within a moment; return the exit code and all that was printed since."""
    for _ in range(times):
        one.send_signal(signal.SIGINT)
        time.sleep(0.05)
    output, _ = one.communicate(timeout=60)
    return one.returncode, output.decode()


def wait_for_output(one: "subprocess.Popen[bytes]") -> None:
    assert one.stdout is not None
    assert select.select([one.stdout], [], [], 60)[0]


@pytest.mark.parametrize("times", [1, 3])
def test_ctrl_c_ends_all_of_it_without_a_complaint(tmp_path: Path, times: int) -> None:
    one = start_up(tmp_path)
    wait_for_output(one)
    time.sleep(1.0)
    children = psutil.Process(one.pid).children(recursive=True)
    code, output = interrupt(one, times)
    assert (code, "Traceback" in output) == (0, False), output
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


def test_ctrl_c_before_anything_is_started_is_no_error(tmp_path: Path) -> None:
    """The handler stands before the broker does."""
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from services.settings import Settings\n"
        "from services.up import run\n"
        "run.EmbeddedBroker = lambda: os.kill(os.getpid(), signal.SIGINT)\n"
        "run.run_up(Settings(state=Path(sys.argv[1])), 0.5, True, False, own_broker=True)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_what_a_child_calls_a_wrong_call_is_one(tmp_path: Path) -> None:
    secret = "whsec_" + base64.b64encode(b"short").decode()
    one = start_up(tmp_path, PARLEY_WEBHOOK="http://127.0.0.1:9/", PARLEY_WEBHOOK_SECRET=secret)
    output, _ = one.communicate(timeout=60)
    assert one.returncode == 2, output.decode()
    assert "PARLEY_WEBHOOK_SECRET" in output.decode().splitlines()[-1]
    assert secret not in output.decode()
