"""Puts a canary into the outbox now and then, the newest alone; from there it goes the way of every article."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime

from services import metrics
from services.ingest.store import Store
from services.logs import about
from streams.canary import make_canary

log = logging.getLogger("parley.ingest")


async def send_canaries(store: Store, disk: Executor, added: Callable[[], None], every: float) -> None:
    """Send one every so many seconds, the first at once, until cancelled; none at all where that is 0.

    It bears the machine's time even where the sample newsroom tells another: what it measures is the machine's path.
    """
    metrics.CANARY_INTERVAL.set(every)
    while every > 0:
        canary = make_canary(datetime.now(UTC))
        await asyncio.get_running_loop().run_in_executor(disk, store.put_canary, canary)
        log.debug("canary %s sent", canary.id, extra=about("canary-sent", article=canary.id))
        added()
        await asyncio.sleep(every)
