"""Everything on one machine: joins broker, newsroom, worker, notifier and ingester, and shows how they do."""

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO

import click
from rich.console import Console
from rich.live import Live

from services.broker.embedded import API_VERSION, LIMITS, EmbeddedBroker
from services.errors import ParleyError
from services.ingest.opml import read_opml
from services.ports import free_port
from services.settings import Settings
from services.up.processes import Child, Follow, end_all
from services.up.progress import Progress, follow_alerts, read_clock, refresh
from services.up.view import draw, summary

ENDINGS = (signal.SIGINT, signal.SIGTERM)
START_SECONDS = 60.0
PLAIN_EVERY = 5.0
CANARY_SECONDS = 300.0
SAMPLE_DIGEST_AGE = 365 * 86400
# The embedded broker forgets everything, so state kept beside it would speak of another broker's offsets.
EMBEDDED_STATE = "embedded"


class Stopped(Exception):
    """The user, or the system, asked `parley up` to end."""


def run_up(settings: Settings, step: float, plain: bool, until_done: bool, own_broker: bool) -> None:
    """Run until Ctrl-C, or with `until_done` until the sample timeline has ended and its alerts are out."""
    for number in ENDINGS:
        signal.signal(number, _stop)
    with contextlib.suppress(Stopped):
        _run(settings, step, plain, until_done, own_broker)


def _run(settings: Settings, step: float, plain: bool, until_done: bool, own_broker: bool) -> None:
    state = settings.state / (EMBEDDED_STATE if own_broker else "up")
    if own_broker:
        shutil.rmtree(state, ignore_errors=True)
    state.mkdir(parents=True, exist_ok=True)
    live = not plain and sys.stdout.isatty()
    children: list[Child] = []
    with contextlib.ExitStack() as stack:
        if own_broker:
            kafka = stack.enter_context(EmbeddedBroker()).bootstrap
            click.echo(LIMITS)
        else:
            kafka = settings.kafka
        env = {
            "PARLEY_KAFKA": kafka,
            "PARLEY_KAFKA_API_VERSION": API_VERSION if own_broker else settings.kafka_api_version,
            "PARLEY_STATE": str(state),
        }
        try:
            Machine(settings, env, state, step, live, children).run(until_done)
        finally:
            _ignore_endings()
            end_all(children)


class Machine:
    """The children of one `parley up` and what is known of them."""

    def __init__(
        self, settings: Settings, env: dict[str, str], state: Path, step: float, live: bool, children: list[Child]
    ) -> None:
        self._settings, self._env, self._state, self._step = settings, env, state, step
        self._live, self._children = live, children
        self._pages: dict[str, str] = {}
        self._progress = Progress()
        self._clock: str | None = None
        self._note = ""

    def run(self, until_done: bool) -> None:
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
        with self._shown() as show:
            while not (until_done and self._finished()):
                refresh(self._progress, list(self._pages.items()))
                if self._clock:
                    read_clock(self._clock, self._progress)
                for child in self._children:
                    if child.check():
                        self._note = f"{child.name} was restarted: {child.last_words()}"
                show()
                time.sleep(0.5)

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
            self._start("notify", ["--json"], partial(follow_alerts, progress=self._progress))
        else:
            self._start("notify", ["--print"], sys.stdout.fileno())

    def _start_desk(self, feeds: str) -> None:
        """Start the page; where its usual port is taken, on a free one. Its address is told as soon as it answers."""
        port = self._settings.desk_port
        self._start("desk", ["--feeds", feeds, "--port", str(port), "--or-free"], self._follow_desk)

    def _follow_desk(self, output: IO[bytes]) -> None:
        def follow() -> None:
            for line in output:
                self._progress.desk = line.decode().strip().removeprefix("desk: ")
                if not self._live:
                    click.echo(f"desk: {self._progress.desk}")

        threading.Thread(target=follow, name="desk", daemon=True).start()

    def _await_ready(self, name: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        child = next(child for child in self._children if child.name == name)
        while self._progress.total(name, "parley_ready") < 1:
            if not child.alive:
                raise child.failure("did not start")
            if time.monotonic() > deadline:
                raise ParleyError(f"{name} was not ready after {START_SECONDS:.0f} s: {child.last_words()}")
            time.sleep(0.1)
            refresh(self._progress, [(name, self._pages[name])])

    def _finished(self) -> bool:
        """Whether the timeline has ended and nothing of it is still on its way."""
        progress = self._progress
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

    @contextlib.contextmanager
    def _shown(self) -> Iterator[Callable[[], None]]:
        if self._live:
            console = Console()
            with Live(console=console, screen=False, auto_refresh=False) as live:
                yield lambda: live.update(draw(self._progress, self._note, console.height), refresh=True)
        else:
            yield _PlainLines(self)

    def line(self) -> str:
        clock = f"{self._progress.clock:%Y-%m-%d} " if self._progress.clock else ""
        return clock + summary(self._progress) + (f" · {self._note}" if self._note else "")


class _PlainLines:
    """A line now and then, for logs and pipes."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._next = 0.0

    def __call__(self) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + PLAIN_EVERY
            click.echo(self._machine.line())


def _stop(number: int, frame: FrameType | None) -> None:
    # Once is enough: a second Ctrl-C must not interrupt the ending itself, which takes a few seconds at most.
    _ignore_endings()
    raise Stopped


def _ignore_endings() -> None:
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)


def check_feeds(feeds: str | None) -> None:
    """Fail before anything is started when the feed list cannot be read."""
    if feeds is not None:
        read_opml(feeds)
