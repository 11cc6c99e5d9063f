"""When a pulse is due and what it says; never sends one.

A pulse says "it is this minute now, and these outlets can be heard". It must not pass the news on its way: the minute
is no later than the oldest visit under way, and everything stored before has to be acknowledged first.
"""

from collections.abc import Callable
from datetime import datetime

from services.ingest.outbox import Outbox
from services.ingest.underway import Underway
from streams.records import Pulse


class Pulses:
    """The pulses of one process. `alive` names the outlets that can be heard; None where nobody has listened yet."""

    def __init__(self, outbox: Outbox, underway: Underway, alive: Callable[[], tuple[str, ...] | None]) -> None:
        self._outbox = outbox
        self._underway = underway
        self._alive = alive
        self._last: datetime | None = None
        self._waiting: tuple[datetime, int] | None = None

    def due(self) -> Pulse | None:
        """The pulse to send now, or None: this minute's went out, or articles stamped before it still wait."""
        alive = self._alive()
        if alive is None:
            return None
        if self._waiting is None:
            # In this order: a visit that ends in between has stored its news before it counts as ended.
            minute = self._underway.horizon().replace(second=0, microsecond=0)
            number = self._outbox.last()
            if self._last is not None and minute <= self._last:
                return None
            self._waiting = (minute, number)
        minute, number = self._waiting
        if not self._outbox.empty_up_to(number):
            return None
        return Pulse(minute=minute, alive=alive)

    def sent(self, pulse: Pulse) -> None:
        """Every partition has acknowledged it."""
        self._last, self._waiting = pulse.minute, None

    def skip(self) -> None:
        """It could not be sent: the next one says a later minute, and loses nothing."""
        self._waiting = None
