"""A reader that may hang with the interpreter held -> the end of its process; the last of two deadlines.

A regular expression that runs away holds Python's lock: no other thread and no event loop can see that time is up, and
the worker is a member that is never heard of and never dies. A thread in C, which needs no lock, ends it.
"""

import faulthandler
from collections.abc import Callable, Sequence
from typing import Final

from streams.batch import Outcome

# The event loop's own deadline is half of it, so that the orderly end comes first.
LAST_RESORT: Final = 2.0


class LastResort:
    """Calls `read`; ends the process with code 1 when that takes `seconds`, and prints where each thread was.

    `calls` counts them. Nothing is committed and what is in hand stays noted, as at any death.
    """

    def __init__(self, read: Callable[[Sequence[bytes | None]], list[Outcome]], seconds: float) -> None:
        self._read, self._seconds = read, seconds
        self.calls = 0

    def __call__(self, raws: Sequence[bytes | None]) -> list[Outcome]:
        self.calls += 1
        faulthandler.dump_traceback_later(self._seconds, exit=True)
        try:
            return self._read(raws)
        finally:
            faulthandler.cancel_dump_traceback_later()
