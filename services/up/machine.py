"""The processes of `parley up`: started in the order of the path, each with its settings, and asked how they do."""

import json
import subprocess
import sys
import threading
import time
import urllib.request
from functools import partial
from pathlib import Path
from typing import IO

import click

from services.errors import ParleyError
from services.ports import free_port
from services.settings import Settings
from services.up.processes import Child, Follow
from services.up.progress import Progress, follow_alerts, read_clock, refresh

START_SECONDS = 60.0
CANARY_SECONDS = 300.0
SAMPLE_DIGEST_AGE = 365 * 86400


class Machine:
    """The children of one `parley up` and what is known of them.

    Where there is no `live` view of `progress`, alerts and the page's address are printed.
    """

    def __init__(
        self, settings: Settings, env: dict[str, str], state: Path, step: float, live: bool, children: list[Child]
    ) -> None:
        self._settings, self._env, self._state, self._step = settings, env, state, step
        self._live, self._children = live, children
        self.progress = Progress()
        self.note = ""
        self._pages: dict[str, str] = {}
        self._clock: str | None = None

    def start(self) -> None:
        """Start them, in order; raises ParleyError where one does not start, UsageProblem where its call was wrong."""
        feeds = str(self._settings.feeds) if self._settings.feeds else self._start_newsroom()
        self._start("stream")
        self._start_notify()
        for name in ("stream", "notify"):
            self._await_ready(name)
        sample = (
            ["--allow-private", "--poll-min", "0.25", "--poll-max", "0.5", "--clock", self._clock]
            if self._clock
            else []
        )
        self._env["PARLEY_CANARY"] = str(self._canary())
        self._start("ingest", ["--feeds", feeds, *sample])
        self._start_desk(feeds)

    def look(self) -> None:
        """Ask every process how it does and start again what ended; raises ParleyError where no restart mends it."""
        refresh(self.progress, list(self._pages.items()))
        if self._clock:
            read_clock(self._clock, self.progress)
        for child in self._children:
            if child.check():
                self.note = f"{child.name} was restarted: {child.last_words()}"

    def finished(self) -> bool:
        """Whether the timeline has ended and nothing of it is still on its way."""
        progress = self.progress
        waiting = (
            progress.total("ingest", "parley_outbox_articles"),
            progress.total("stream", "parley_lag_records"),
            progress.total("notify", "parley_lag_records"),
            progress.total("notify", "parley_deliveries_pending"),
        )
        read = progress.total("stream", "parley_articles_read_total")
        return (
            progress.timeline_done and not any(waiting) and read >= progress.total("ingest", "parley_articles_in_total")
        )

    def _start(self, name: str, arguments: list[str] | None = None, stdout: int | Follow | None = None) -> Child:
        port = free_port()
        self._pages[name] = f"http://127.0.0.1:{port}/metrics"
        env = {**self._env, "PARLEY_METRICS_PORT": str(port)}
        child = Child(name, arguments or [], env, self._state, stdout)
        self._children.append(child)
        child.start()
        return child

    def _start_newsroom(self) -> str:
        """Start the sample newsroom and return its feed list's file."""
        # A port of our choosing: one that is started again must be where the feed list says, and pick no other.
        place = ["--port", str(free_port()), "--step", str(self._step)]
        child = Child("newsroom", place, self._env, self._state, subprocess.PIPE)
        self._children.append(child)
        child.start()
        line = child.output.readline()
        if not line:
            raise child.failure("did not start")
        places = json.loads(line)
        self._clock = places["clock"]
        feeds = self._state / "sample.opml"
        with urllib.request.urlopen(places["opml"], timeout=5) as response:  # noqa: S310  Our own child on loopback.
            feeds.write_bytes(response.read())
        return str(feeds)

    def _canary(self) -> float:
        return self._settings.canary if "canary" in self._settings.model_fields_set else CANARY_SECONDS

    def _start_notify(self) -> None:
        """Start the notifier with the sinks asked for; URLs travel by environment, where no process list shows them."""
        if self._clock:
            # The sample's clock leaps over days from one article to the next, often before the worker has read the
            # last one: on it alerts look late, and the visitor would be shown digests of an outage that never was.
            self._env["PARLEY_DIGEST_AGE"] = str(SAMPLE_DIGEST_AGE)
        for field in ("slack", "webhook", "webhook_secret"):
            secret = getattr(self._settings, field)
            if secret is not None:
                self._env[f"PARLEY_{field.upper()}"] = secret.get_secret_value()
        if self._live:
            self._start("notify", ["--json"], partial(follow_alerts, progress=self.progress))
        else:
            self._start("notify", ["--print"], sys.stdout.fileno())

    def _start_desk(self, feeds: str) -> None:
        """Start the page; where its usual port is taken, on a free one. Its address is told as soon as it answers."""
        port = self._settings.desk_port
        self._start("desk", ["--feeds", feeds, "--port", str(port), "--or-free"], self._follow_desk)

    def _follow_desk(self, output: IO[bytes]) -> None:
        def follow() -> None:
            for line in output:
                self.progress.desk = line.decode().strip().removeprefix("desk: ")
                if not self._live:
                    click.echo(f"desk: {self.progress.desk}")

        threading.Thread(target=follow, name="desk", daemon=True).start()

    def _await_ready(self, name: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        child = next(child for child in self._children if child.name == name)
        while self.progress.total(name, "parley_ready") < 1:
            if not child.alive:
                raise child.failure("did not start")
            if time.monotonic() > deadline:
                raise ParleyError(f"{name} was not ready after {START_SECONDS:.0f} s: {child.last_words()}")
            time.sleep(0.1)
            refresh(self.progress, [(name, self._pages[name])])
