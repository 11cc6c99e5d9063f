"""The notifier's composition root: joins consumer, ledger and channels, and ends them in order."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from random import Random
from typing import Any, Final

from services import metrics
from services.logs import about, start_logging
from services.notify.consume import Intake
from services.notify.deliver.channel import Channel
from services.notify.deliver.terminal import Form
from services.notify.deliveries import read_newest, read_unknown_sinks
from services.notify.dispatch import Dispatcher
from services.notify.ledger import Ledger, open_ledger
from services.notify.quiet import show_quiet
from services.notify.record import CANARY_SINK, prune
from services.notify.sinks import announce, open_channels, with_canaries
from services.settings import Settings
from streams.catalogue import read_catalogue

log = logging.getLogger("parley.notify")

GRACE: Final = 3.0  # Seconds that an attempt under way may still take after the signal.
EXIT_WITHIN: Final = 4.5
DAY: Final = 86400.0
KEPT: Final = 90 * DAY


def run_notifier(settings: Settings, form: Form | None, fresh: bool) -> None:
    """Deliver alerts until SIGTERM or SIGINT; raises ParleyError for what ends it otherwise."""
    start_logging(settings.log_level, settings.log_format)
    # Its client logs each attempt to connect as an error; our own line says it once.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    channels = with_canaries(open_channels(settings, form, sys.stdout, read_names()))
    ledger = open_ledger(settings.state, fresh)
    try:
        port = metrics.serve_metrics(settings.metrics_host, settings.metrics_port)
        log.info("metrics on %s:%d", settings.metrics_host, port, extra=about("started"))
        announce(settings, form)
        _announce_ledger(ledger, channels)
        asyncio.run(_until_signal(settings, channels, ledger))
    finally:
        ledger.close()


def _announce_ledger(ledger: Ledger, channels: Sequence[Channel]) -> None:
    """Say what a restart must not hide: deliveries that wait for nobody. Go on from the last canary that came."""
    for sink, count in read_unknown_sinks(ledger, [channel.name for channel in channels]).items():
        log.error(
            "%d deliveries wait for %s, which is no sink any more: name it again and they go out", count, sink,
            extra=about("sink-unknown", sink=sink),
        )  # fmt: skip
    canary = read_newest(ledger, CANARY_SINK)
    if canary is not None:
        metrics.CANARY_SEEN.set(canary.since.timestamp())


def read_names() -> dict[str, str]:
    """The catalogue's names of actors and people by their ids."""
    catalogue = read_catalogue()
    actors = {actor.id: actor.name for actor in catalogue.actors.values()}
    return actors | {person.id: person.name for person in catalogue.people.values()}


async def _until_signal(settings: Settings, channels: Sequence[Channel], ledger: Ledger) -> None:
    stop = asyncio.Event()

    def end() -> None:
        # A name lookup that hangs cannot be cancelled, and the interpreter would wait for it. Everything that matters
        # is in the ledger.
        watchdog = threading.Timer(EXIT_WITHIN, os._exit, (0,))
        watchdog.daemon = True
        watchdog.start()
        stop.set()

    metrics.show_tasks(asyncio.get_running_loop())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end)
    await serve(settings, channels, ledger, stop, time.time, Random())


async def serve(
    settings: Settings,
    channels: Sequence[Channel],
    ledger: Ledger,
    stop: asyncio.Event,
    clock: Callable[[], float],
    random: Random,
) -> None:
    """Run until `stop` is set, and leave nothing running; the channels are closed, the ledger is not.

    Raises what ended a part of it: ParleyError, or BrokenPipeError when standard output was the only sink and nobody
    reads it any more.
    """
    loop = asyncio.get_running_loop()
    disk = ThreadPoolExecutor(1, thread_name_prefix="ledger")
    dispatchers: list[Dispatcher] = []

    def arrived() -> None:
        for dispatcher in dispatchers:
            loop.call_soon_threadsafe(dispatcher.nudge)

    intake = Intake(
        settings.kafka,
        settings.kafka_api_version,
        settings.replication,
        ledger,
        {channel.name: channel.taste for channel in channels},
        clock,
        arrived,
    )
    dispatchers += [
        Dispatcher(channel, ledger, disk, settings.digest_age, clock, random, lambda: intake.caught_up)
        for channel in channels
    ]
    reading = _in_thread(intake.run)
    telling = {asyncio.create_task(one.run(), name=one.channel.name) for one in dispatchers}
    pruning = asyncio.create_task(_prune_daily(ledger, disk, clock))
    showing = asyncio.create_task(show_quiet(ledger, disk, clock))
    ending = asyncio.create_task(stop.wait())
    try:
        await _watch(ending, {reading, pruning, showing}, telling)
    finally:
        intake.stop()
        for dispatcher in dispatchers:
            dispatcher.stop()
        pruning.cancel()
        showing.cancel()
        ending.cancel()
        await asyncio.wait({*telling, reading}, timeout=GRACE)
        parts: tuple[asyncio.Future[Any], ...] = (*telling, reading, pruning, showing, ending)
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        for channel in channels:
            await channel.close()
        disk.shutdown(wait=True)


async def _watch(
    ending: asyncio.Future[Any], parts: set[asyncio.Future[None]], telling: set[asyncio.Task[None]]
) -> None:
    """Return when `ending` is done; raise what a part raised."""
    telling = set(telling)
    while not ending.done():
        await asyncio.wait({ending, *parts, *telling}, return_when=asyncio.FIRST_COMPLETED)
        for part in (part for part in parts if part.done()):
            part.result()
        for task in [task for task in telling if task.done()]:
            try:
                task.result()
            except BrokenPipeError:
                telling.remove(task)
                if all(task.get_name() == CANARY_SINK for task in telling):
                    raise
                log.warning("%s: nobody reads standard output; what it is owed waits in the ledger", task.get_name())


def _in_thread(run: Callable[[], None]) -> asyncio.Future[None]:
    """Run it in a thread that holds up no exit; the future ends as it does."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[None] = loop.create_future()

    def end(error: BaseException | None) -> None:
        if not future.done() and error is None:
            future.set_result(None)
        elif not future.done() and error is not None:
            future.set_exception(error)

    def body() -> None:
        error: BaseException | None = None
        try:
            run()
        except BaseException as raised:
            error = raised
        # The loop may have ended without waiting for us.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(end, error)

    threading.Thread(target=body, name="alerts", daemon=True).start()
    return future


async def _prune_daily(ledger: Ledger, disk: Executor, clock: Callable[[], float]) -> None:
    while True:
        dropped = await asyncio.get_running_loop().run_in_executor(disk, prune, ledger, clock() - KEPT, clock() - DAY)
        if dropped:
            log.info("dropped the text of %d alert states that are over 90 days old", dropped)
        await asyncio.sleep(DAY)
