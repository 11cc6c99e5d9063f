"""Metrics pages and the alert stream -> what the view shows; asks the processes, never guesses."""

import json
import threading
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from prometheus_client.parser import text_string_to_metric_families

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@dataclass
class Progress:
    """What is known of the running system. Counts are since start; `positions` maps actor to stance to probability."""

    samples: dict[str, Samples] = field(default_factory=dict)
    alerts: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=200))
    alert_states: int = 0
    clock: datetime | None = None
    timeline_done: bool = False
    desk: str = ""

    def total(self, process: str, metric: str, **labels: str) -> int:
        """Sum a metric's samples over every label that is not given."""
        wanted = set(labels.items())
        found = self.samples.get(process, {}).items()
        return int(sum(value for (name, have), value in found if name == metric and wanted <= set(have)))

    @property
    def known(self) -> int:
        """How many actors have a position."""
        return sum(1 for chances in self.positions.values() if not chances.get("unknown"))

    @property
    def positions(self) -> dict[str, dict[str, float]]:
        positions: dict[str, dict[str, float]] = {}
        for (name, have), value in self.samples.get("stream", {}).items():
            if name == "parley_position_probability":
                labels = dict(have)
                positions.setdefault(labels["actor"], {})[labels["stance"]] = value
        return positions

    def readings(self) -> dict[str, int]:
        """Readings per actor."""
        readings: dict[str, int] = {}
        for (name, have), value in self.samples.get("stream", {}).items():
            if name == "parley_readings_total":
                actor = dict(have)["actor"]
                readings[actor] = readings.get(actor, 0) + int(value)
        return readings


def scrape(url: str) -> Samples | None:
    """Read a metrics page; None while the process does not answer."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  Our own child on loopback.
            text = response.read().decode()
    except (urllib.error.URLError, OSError, ValueError):
        return None
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read_clock(url: str, progress: Progress) -> None:
    """Ask the newsroom what time its timeline has reached."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  Our own child on loopback.
            answer = json.load(response)
    except (urllib.error.URLError, OSError, ValueError):
        return
    progress.clock = datetime.fromisoformat(answer["now"])
    progress.timeline_done = bool(answer["done"])


def refresh(progress: Progress, pages: Iterable[tuple[str, str]]) -> None:
    """Scrape each (process, url); what does not answer keeps its last figures."""
    for process, url in pages:
        samples = scrape(url)
        if samples is not None:
            progress.samples[process] = samples


def follow_alerts(lines: IO[bytes], progress: Progress) -> threading.Thread:
    """Read alert records as JSON lines until the pipe closes, in a thread."""

    def follow() -> None:
        for line in lines:
            try:
                alert = json.loads(line)
            except ValueError:
                continue
            progress.alert_states += 1
            progress.alerts.appendleft(alert)

    thread = threading.Thread(target=follow, name="alerts", daemon=True)
    thread.start()
    return thread
