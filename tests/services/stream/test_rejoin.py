"""A worker that its group refuses asks again, and is ready without being started anew."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from services.broker.embedded import API_VERSION, EmbeddedBroker
from services.ports import free_port

SYNC, INVALID_REQUEST = 14, 42


@pytest.mark.timeout(180)
def test_a_worker_that_was_refused_its_place_becomes_ready(tmp_path: Path) -> None:
    with EmbeddedBroker() as broker:
        broker.push_errors(SYNC, [INVALID_REQUEST])
        port, log = free_port(), tmp_path / "log"
        env = {
            **os.environ,
            "PARLEY_KAFKA": broker.bootstrap,
            "PARLEY_KAFKA_API_VERSION": API_VERSION,
            "PARLEY_STATE": str(tmp_path),
            "PARLEY_SESSION": "2",
            "PARLEY_METRICS_PORT": str(port),
        }
        with log.open("wb") as out:
            worker = subprocess.Popen([sys.executable, "-m", "services", "stream"], env=env, stdout=out, stderr=out)
        try:
            deadline = time.monotonic() + 120
            while not ready(port):
                assert worker.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)
        finally:
            worker.kill()
            worker.wait()
    assert "it joins again" in log.read_text()


def ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as page:
            return b"parley_ready 1.0" in page.read()
    except OSError:
        return False
