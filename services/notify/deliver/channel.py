"""What the delivery loop knows of a channel; each other file in this folder is one."""

from typing import Protocol

from services.notify.backoff import Schedule
from services.notify.message import Tell
from services.notify.outcome import Outcome
from services.notify.taste import Taste


class Channel(Protocol):
    """A place that alerts are told to.

    `name` is the key of its rows in the ledger and the `sink` label of the metrics; `address` a fingerprint of where
    it is, from which the place cannot be told; `spacing` the least seconds between two messages.
    """

    name: str
    address: str
    taste: Taste
    schedule: Schedule
    spacing: float

    async def deliver(self, tell: Tell, now: float) -> Outcome:
        """Send one message once. Raises only for errors of our own, and BrokenPipeError when nobody reads."""

    async def test(self, now: float) -> Outcome:
        """Send one message that says that it is a test, once."""

    async def close(self) -> None:
        """Let go of connections."""
