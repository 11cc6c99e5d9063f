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
# Nothing is gained by waiting longer: after a crash not all of Faust's parts can end, and the supervisor is waiting.
CRASH_SECONDS = 10.0


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
    """Ends within half a minute of SIGTERM or SIGINT, and within ten seconds of a crash.

    Faust alone waits for a broker that is away as long as it is, and after a crash (it takes a commit that was refused
    for one) for messages that its stopped producer will never send: a worker that reads nothing and never ends.
    """

    late: Callable[[], None]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # It would write a terminal's escape codes into the log, before the first line and around others.
        self.spinner = None

    def _schedule_shutdown(self, number: signal.Signals) -> None:
        self._end_within(END_SECONDS, LATE)
        super()._schedule_shutdown(number)

    def _crash(self, reason: BaseException) -> None:
        # Called in whichever thread it happened, and once for each way from there to here.
        if not self.crashed:
            log.critical("the worker crashed: %s: %s", type(reason).__name__, reason)
            self._end_within(CRASH_SECONDS, BROKEN)
        super()._crash(reason)

    def _end_within(self, seconds: float, code: int) -> None:
        timer = threading.Timer(seconds, self._give_up, (seconds, code))
        timer.daemon = True
        timer.start()

    def _give_up(self, seconds: float, code: int) -> None:
        log.error("not ended after %.0f s; leaving. What was not committed is delivered again", seconds)
        try:
            self.late()
        finally:
            leave(code)
