"""`parley up` when its sample newsroom dies."""

import contextlib
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil


def newsroom_of(up: psutil.Process) -> psutil.Process | None:
    for child in up.children():
        with contextlib.suppress(psutil.Error):
            if "newsroom" in child.cmdline():
                return child
    return None


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=30) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def test_a_newsroom_that_is_started_again_is_where_it_was(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as out:
        up = subprocess.Popen(
            [sys.executable, "-m", "services", "up", "--plain", "--state", str(tmp_path / "state")],
            stdout=out,
            stderr=out,
        )
    try:
        feeds = tmp_path / "state" / "embedded" / "sample.opml"
        deadline = time.monotonic() + 120
        while b"articles" not in log.read_bytes():
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        feed = feeds.read_text().split('xmlUrl="')[1].split('"')[0]
        assert answers(feed)
        newsroom = newsroom_of(psutil.Process(up.pid))
        assert newsroom is not None
        newsroom.send_signal(signal.SIGKILL)
        newsroom.wait(60)
        while (found := newsroom_of(psutil.Process(up.pid))) is None or found.pid == newsroom.pid or not answers(feed):
            assert time.monotonic() < deadline + 120, log.read_text()
            time.sleep(0.1)
    finally:
        up.terminate()
        assert up.wait(60) == 0
