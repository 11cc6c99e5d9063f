"""Parley's own processes for a measurement: started, asked for their metrics, and ended; none is left behind."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType

import psutil
from prometheus_client.parser import text_string_to_metric_families

from services.ports import free_port

PATIENCE = 600.0
# An ingester that looks at its feeds on this machine every second, and reads no pages; or as soon as it can.
LOCAL = ("--no-fulltext", "--allow-private", "--host-delay", "0")
WATCHING = (*LOCAL, "--poll-min", "1", "--poll-max", "1")
AT_ONCE = (*LOCAL, "--poll-min", "0.05", "--poll-max", "0.05")


class Process:
    """`parley VERB …` with a metrics page; a context manager."""

    def __init__(self, verb: str, directory: Path, kafka: list[str], *arguments: str) -> None:
        self.port = free_port()
        directory.mkdir(parents=True, exist_ok=True)
        self.log = directory / f"{verb}-{self.port}.log"
        command = [sys.executable, "-m", "services", verb, *kafka, "--state", str(directory / f"{verb}-{self.port}"),
                   "--metrics-port", str(self.port), *arguments]  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=os.environ)

    def __enter__(self) -> "Process":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def total(self, name: str, **labels: str) -> float:
        """Sum the samples of that name and labels on the metrics page; 0 while there is none."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=30) as answer:
                text = answer.read().decode()
        except OSError:
            return 0.0
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def await_total(self, name: str, least: float, **labels: str) -> None:
        """Wait until `total` is at least `least`; raises RuntimeError with the log when it does not come to that."""
        deadline = time.monotonic() + PATIENCE
        while self.total(name, **labels) < least:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} never came to {least}:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.05)

    def await_ready(self) -> None:
        self.await_total("parley_ready", 1)

    def memory(self) -> int:
        """Peak resident bytes of the process, and of those it started that are still there."""
        family = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        return sum(_peak(one.pid) for one in family)


def _peak(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
