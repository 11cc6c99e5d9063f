"""Everything on one machine: joins a broker, the processes and the view of them, and ends all of it when asked to."""

import contextlib
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType

import click
from rich.console import Console
from rich.live import Live

from services.broker.embedded import API_VERSION, LIMITS, EmbeddedBroker
from services.ingest.opml import read_opml
from services.settings import Settings
from services.up.machine import Machine
from services.up.processes import Child, end_all
from services.up.view import draw, summary

ENDINGS = (signal.SIGINT, signal.SIGTERM)
PLAIN_EVERY = 5.0
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
            machine = Machine(settings, env, state, step, live, children)
            machine.start()
            with _shown(machine, live) as show:
                while not (until_done and machine.finished()):
                    machine.look()
                    show()
                    time.sleep(0.5)
        finally:
            _ignore_endings()
            end_all(children)


@contextlib.contextmanager
def _shown(machine: Machine, live: bool) -> Iterator[Callable[[], None]]:
    if live:
        console = Console()
        with Live(console=console, screen=False, auto_refresh=False) as view:
            yield lambda: view.update(draw(machine.progress, machine.note, console.height), refresh=True)
    else:
        yield _PlainLines(machine)


class _PlainLines:
    """A line now and then, for logs and pipes."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._next = 0.0

    def __call__(self) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + PLAIN_EVERY
            progress, note = self._machine.progress, self._machine.note
            clock = f"{progress.clock:%Y-%m-%d} " if progress.clock else ""
            click.echo(clock + summary(progress) + (f" · {note}" if note else ""))


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
