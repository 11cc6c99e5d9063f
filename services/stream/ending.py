"""How a worker process ends: in order and in time when it is asked to, at once when it must not commit."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import faust

log = logging.getLogger("parley.stream")

BROKEN = 70  # EX_SOFTWARE: the supervisor restarts the worker, and what was in hand is delivered again.
LATE = 75  # EX_TEMPFAIL: it was asked to end, and something of it hung.
END_SECONDS = 25.0


def leave(code: int) -> None:
    """End the process now, whatever its threads do: an inference that hangs would otherwise be waited for."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def halt(reason: str) -> None:
    """End the process at once, so that nothing in hand is committed by an orderly shutdown."""
    log.critical("the worker stops before it commits: %s", reason)
    leave(BROKEN)


class EndingWorker(faust.Worker):  # type: ignore[misc]
    """Ends within half a minute of SIGTERM or SIGINT: Faust alone waits for a broker that is away as long as it is."""

    late: Callable[[], None]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # It would write a terminal's escape codes into the log, before the first line and around others.
        self.spinner = None

    def _schedule_shutdown(self, number: signal.Signals) -> None:
        timer = threading.Timer(END_SECONDS, self._give_up)
        timer.daemon = True
        timer.start()
        super()._schedule_shutdown(number)

    def _give_up(self) -> None:
        log.error("not ended after %.0f s; leaving. What was not committed is delivered again", END_SECONDS)
        try:
            self.late()
        finally:
            leave(LATE)
