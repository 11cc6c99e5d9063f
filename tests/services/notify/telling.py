"""A ledger, real channels and their loops, without a broker: what the delivery tests run."""

import asyncio
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from prometheus_client import REGISTRY

from services.notify.addresses import fingerprint
from services.notify.deliver.channel import Channel
from services.notify.deliver.slack import Slack
from services.notify.deliver.webhook import Webhook
from services.notify.dispatch import Dispatcher
from services.notify.ledger import Ledger, open_ledger
from services.notify.record import Arrival, record
from streams.records import ShiftAlert
from tests.services.notify.samples import NAMES

DIGEST_AGE = 6 * 3600.0


def slack(url: str, spacing: float = 0.0) -> Slack:
    """Without the pause between two messages, unless a test is about it."""
    channel = Slack(url, fingerprint(url), NAMES, 5.0)
    channel.spacing = spacing
    return channel


def webhook(url: str, secrets: Sequence[str] = (), timeout: float = 5.0) -> Webhook:
    return Webhook(url, fingerprint(url), secrets, timeout)


class ShiftedClock:
    """The machine's clock, which a test can put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class Telling:
    """An async context manager that delivers until it is left. The ledger stays open until `close`."""

    def __init__(self, state: Path, channels: Sequence[Channel], clock: ShiftedClock | None = None) -> None:
        self.clock = clock or ShiftedClock()
        self.ledger: Ledger = open_ledger(state)
        self.channels = channels
        self.caught_up = True
        self._disk = ThreadPoolExecutor(1)
        self._tasks: list[asyncio.Task[None]] = []
        self._dispatchers: list[Dispatcher] = []

    def take(self, *states: ShiftAlert, written: float | None = None) -> None:
        """What the consumer does with alerts."""
        now = self.clock()
        arrivals = [Arrival(state, now if written is None else written) for state in states]
        record(self.ledger, arrivals, {channel.name: channel.taste for channel in self.channels}, now)
        for dispatcher in self._dispatchers:
            dispatcher.nudge()

    def states(self, sink: str) -> dict[tuple[str, int], tuple[str, str]]:
        """Each delivery's state and reason."""
        with self.ledger.read() as db:
            rows = db.execute(
                "SELECT alert, revision, state, reason FROM deliveries WHERE sink = ?", (sink,)
            ).fetchall()
        return {(alert, revision): (state, reason) for alert, revision, state, reason in rows}

    async def pass_time(self, seconds: float) -> None:
        """Put the clock forward and let everybody look at it."""
        self.clock.ahead += seconds
        for dispatcher in self._dispatchers:
            dispatcher.nudge()
        await asyncio.sleep(0.05)

    async def __aenter__(self) -> "Telling":
        self._dispatchers = [
            Dispatcher(one, self.ledger, self._disk, DIGEST_AGE, self.clock, Random(7), lambda: self.caught_up)
            for one in self.channels
        ]
        self._tasks = [asyncio.create_task(dispatcher.run()) for dispatcher in self._dispatchers]
        return self

    async def __aexit__(self, *_: object) -> None:
        for dispatcher in self._dispatchers:
            dispatcher.stop()
        await asyncio.wait(self._tasks, timeout=0.5)
        for task in self._tasks:
            task.cancel()
        ended = await asyncio.gather(*self._tasks, return_exceptions=True)
        for channel in self.channels:
            await channel.close()
        self._disk.shutdown()
        self.ledger.close()
        for error in ended:
            if isinstance(error, Exception):
                raise error


def closed_port() -> str:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/hook/SECRETPATH"


def attempts(sink: str, outcome: str) -> float:
    """The metric that counts them, over all tests of this process."""
    return REGISTRY.get_sample_value("parley_deliveries_total", {"sink": sink, "outcome": outcome}) or 0.0
