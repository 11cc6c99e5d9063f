"""Which visits are under way and since when, so that time can wait for what they bring; never starts or ends one."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

# Every part of a visit has its own limit; this one is for what nobody thought of. Time must go on even then, since
# alerts wait for it.
LONGEST: Final = 120.0


class Underway:
    """The visits under way, by the time they were stamped with. Every method may be called from any thread."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._visits: dict[object, tuple[datetime, float]] = {}

    @contextmanager
    def visit(self) -> Iterator[datetime]:
        """Begin a visit and give the time that all it brings is stamped with; leave the block when that is stored."""
        token = object()
        with self._lock:
            # Read under the lock: no `horizon` between the reading and the entry can pass it.
            stamp = self._now()
            self._visits[token] = (stamp, time.monotonic())
        try:
            yield stamp
        finally:
            with self._lock:
                del self._visits[token]

    def horizon(self) -> datetime:
        """The time before which nothing more will be stored: now, or the oldest stamp under way."""
        with self._lock:
            limit = time.monotonic() - LONGEST
            return min((stamp for stamp, began in self._visits.values() if began > limit), default=self._now())
