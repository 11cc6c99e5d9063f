"""A real Prometheus with the project's own configuration, hurried: its days are seconds."""

import json
import math
import re
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.ports import free_port

FOLDER = Path(__file__).parents[3] / "ops" / "prometheus"
# What a window of production is here. Scrapes come each second, so that a rate needs some seconds at least.
SECONDS = {"5m": 10, "10m": 10, "15m": 15, "30m": 15, "1h": 20, "6h": 20, "1d": 20, "3d": 30, "7d": 20}


def hurry(expression: str) -> str:
    """The expression with its windows as short as the test; Grafana's variables filled in."""
    filled = expression.replace("$__rate_interval", "15s").replace("$actor", ".*")
    short = re.sub(r"\[(\d+[smhd])\]", lambda found: f"[{SECONDS.get(found[1], 15)}s]", filled)
    return re.sub(r"offset 1d", "offset 5s", short)


def write_configuration(folder: Path, pages: Mapping[str, int]) -> Path:
    """Write the project's configuration for processes at these ports of this machine, job by job."""
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    del config["alerting"]
    for job in config["scrape_configs"]:
        job.pop("dns_sd_configs", None)
        targets = [f"127.0.0.1:{port}" for name, port in pages.items() if name.split("-")[0] == job["job_name"]]
        job["static_configs"] = [{"targets": targets}]
    for file in FOLDER.glob("rules/*.yml"):
        rules = yaml.safe_load(file.read_text())
        for group in rules["groups"]:
            group.pop("interval", None)
            for rule in group["rules"]:
                rule["expr"] = hurry(rule["expr"])
                if "for" in rule:
                    rule["for"] = "2s"
        (folder / "rules").mkdir(exist_ok=True)
        (folder / "rules" / file.name).write_text(yaml.safe_dump(rules))
    path = folder / "prometheus.yml"
    path.write_text(yaml.safe_dump(config))
    return path


class Prometheus:
    """Answers queries."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}"

    def value(self, expression: str, at: float | None = None) -> float | None:
        """The sum of what the expression gives now, or then; None where it gives nothing."""
        answer = self._ask("query", query=hurry(expression), time=at or time.time())
        values = [float(one["value"][1]) for one in answer if not math.isnan(float(one["value"][1]))]
        return sum(values) if values else None

    def series(self, expression: str, start: float, end: float) -> list[float]:
        """The sums at each second, without those seconds at which there was nothing."""
        answer = self._ask("query_range", query=hurry(expression), start=start, end=end, step=1)
        sums: dict[float, float] = {}
        for one in answer:
            for moment, text in one["values"]:
                if not math.isnan(float(text)):
                    sums[moment] = sums.get(moment, 0.0) + float(text)
        return [sums[moment] for moment in sorted(sums)]

    def labels(self, expression: str) -> list[dict[str, str]]:
        return [one["metric"] for one in self._ask("query", query=hurry(expression), time=time.time())]

    def _ask(self, what: str, **parameters: Any) -> list[dict[str, Any]]:
        url = f"{self._url}/api/v1/{what}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(url, timeout=30) as response:
            answer = json.load(response)
        assert answer["status"] == "success", answer
        result: list[dict[str, Any]] = answer["data"]["result"]
        return result


@contextmanager
def running_prometheus(folder: Path, pages: Mapping[str, int]) -> Iterator[Prometheus]:
    """Start Prometheus on a free port and wait until it answers."""
    if shutil.which("prometheus") is None:
        pytest.skip("Prometheus is not here: `make packages`")
    port = free_port()
    command = [
        "prometheus", f"--config.file={write_configuration(folder, pages)}",
        f"--storage.tsdb.path={folder / 'data'}", f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
    ]  # fmt: skip
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=2).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "prometheus.log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.2)
        yield Prometheus(port)
    finally:
        process.terminate()
        process.wait(30)
