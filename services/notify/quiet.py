"""Shows what keeps alerts from going out, a hold and silences, in the log and on the metrics page; changes neither."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Final

from services import metrics
from services.logs import about
from services.notify.hold import Hold, read_hold
from services.notify.ledger import Ledger
from services.notify.silences import read_silences

log = logging.getLogger("parley.notify")

LOOK_EVERY: Final = 2.0
REMIND_EVERY: Final = 3600.0


async def show_quiet(ledger: Ledger, disk: Executor, clock: Callable[[], float]) -> None:
    """Look until cancelled. A hold is said when it begins, is found at a start, or has lasted another hour."""
    loop = asyncio.get_running_loop()
    said: tuple[Hold, float] | None = None
    silences: set[int] = set()
    while True:
        now = clock()
        hold = await loop.run_in_executor(disk, read_hold, ledger)
        metrics.HELD.set(hold is not None)
        if hold is not None and (said is None or said[0] != hold or now - said[1] > REMIND_EVERY):
            said = (hold, now)
            log.warning("%s: nothing goes out; `parley notify --release` ends it", hold, extra=about("held"))
        elif hold is None and said is not None:
            said = None
            log.warning("released: what waited goes out", extra=about("released"))
        in_force = await loop.run_in_executor(disk, read_silences, ledger, now)
        metrics.SILENCES.set(len(in_force))
        for number in {one.number for one in in_force} - silences:
            log.info("silence %d is in force", number, extra=about("silence-begins", silence=number))
        for number in silences - {one.number for one in in_force}:
            log.info("silence %d has ended", number, extra=about("silence-ends", silence=number))
        silences = {one.number for one in in_force}
        await asyncio.sleep(LOOK_EVERY)
