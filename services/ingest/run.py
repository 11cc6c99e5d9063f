"""The ingester's composition root: joins list, network, sandbox, disk and broker, and ends them in order."""

import asyncio
import contextlib
import logging
import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from importlib import metadata
from typing import Final

from services import metrics
from services.clock import Clock, NewsroomClock, WallClock
from services.errors import BrokerProblem, ParleyError, UsageProblem
from services.ingest.canary import send_canaries
from services.ingest.courtesy import Courtesy
from services.ingest.digest import PRELOAD
from services.ingest.feed import Bounds
from services.ingest.fetch import Fetcher
from services.ingest.listing import follow_list
from services.ingest.opml import Source, read_opml
from services.ingest.pages import Pages
from services.ingest.publish import Publisher
from services.ingest.pulse import Pulses
from services.ingest.robots import Robots
from services.ingest.sandbox import Sandbox
from services.ingest.store import Store
from services.ingest.underway import Underway
from services.ingest.visit import Chances, Visitor
from services.ingest.watch import Watch
from services.ingest.writing import Writer
from services.logs import about
from services.settings import Settings

log = logging.getLogger("parley.ingest")

SANDBOX_SECONDS: Final = 20.0
SANDBOX_BYTES: Final = 1 << 30
# Five seconds are promised from signal to exit, some of which belong to whoever sent it.
DRAIN_SECONDS: Final = 1.5
LAST_RESORT_SECONDS: Final = 3.0
# `--once` waits this long for a broker before it says that articles are left.
ONCE_SECONDS: Final = 30.0
# Feeds show their entries for days, seldom for weeks. What comes back later goes out once more, under the same id.
REMEMBER: Final = timedelta(days=60)
SWEEP_SECONDS: Final = 3600.0


def run_ingester(settings: Settings, *, once: bool, fresh: bool) -> None:
    """Watch the feeds of `settings.feeds` until SIGTERM or SIGINT, or visit each `once`; `fresh` discards the state.

    Raises UsageProblem for a wrong call, BrokerProblem when `once` leaves articles unsent, ParleyError when the disk
    fails.
    """
    if settings.feeds is None:
        raise UsageProblem("no feeds: name an OPML file with --feeds (or PARLEY_FEEDS)")
    if settings.poll_min > settings.poll_max:
        raise UsageProblem(f"--poll-min {settings.poll_min:g} is larger than --poll-max {settings.poll_max:g}")
    sources = read_opml(settings.feeds)
    try:
        asyncio.run(_ingest(settings, sources, once=once, fresh=fresh))
    except sqlite3.Error as error:
        raise ParleyError(
            f"state {settings.state}: cannot be written ({error}); nothing was lost, make room and start again"
        ) from None
    log.info("ingester ended")


async def _ingest(settings: Settings, sources: list[Source], *, once: bool, fresh: bool) -> None:
    loop = asyncio.get_running_loop()
    # Name look-ups run here and may hang for half a minute each: one thread for every request under way.
    loop.set_default_executor(ThreadPoolExecutor(settings.fetch_concurrency, thread_name_prefix="names"))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    metrics.show_tasks(loop)
    port = metrics.serve_metrics(settings.metrics_host, settings.metrics_port)
    log.info(
        "ingester %s, %d feeds, state in %s, metrics on http://%s:%d/metrics",
        metadata.version("parley"),
        len(sources),
        settings.state,
        settings.metrics_host,
        port,
        extra=about("started", feeds=len(sources)),
    )
    async with contextlib.AsyncExitStack() as stack:
        clock = await stack.enter_async_context(_clock(settings, stop))
        if clock is None:
            return
        store = Store(settings.state, fresh=fresh)
        underway = Underway(clock.now)
        stack.callback(store.close)
        disk = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="disk"))
        # Two at least: while one document runs into its time limit, the others are read.
        size = max(2, (os.cpu_count() or 1) - 1)
        sandbox = Sandbox(size, SANDBOX_SECONDS, SANDBOX_BYTES, PRELOAD)
        stack.callback(sandbox.close)
        fetcher = await stack.enter_async_context(Fetcher(settings, clock.now))
        # The sample newsroom is our own server: nobody there is to be spared.
        courtesy = Courtesy(settings.host_concurrency, 0.0 if settings.clock else settings.host_delay)
        pages = None
        if settings.fulltext:
            robots = Robots(fetcher, sandbox, settings.user_agent)
            pages = Pages(fetcher, robots, courtesy, settings.fetch_max_bytes)
        bounds = Bounds(settings.poll_min, settings.poll_max)
        writer = Writer(sandbox, pages)
        chances = Chances(time.time, random.random)
        visitor = Visitor(fetcher, sandbox, writer, store, disk, courtesy, clock, underway, bounds, chances)
        awake = threading.Event()
        watch = Watch(
            sources,
            store.feeds(),
            visitor.visit,
            courtesy,
            settings.fetch_concurrency,
            bounds,
            time.time,
            awake.set,
        )
        publisher = Publisher(
            settings,
            store,
            Pulses(store.outbox, underway, watch.alive),
            awake,
            partial(loop.call_soon_threadsafe, stop.set),
        )
        publisher.start()
        beside = [_sweep(store, disk, clock)]
        if not once:
            canaries = send_canaries(store, disk, awake.set, settings.canary)
            beside += [canaries, follow_list(str(settings.feeds), watch.relist)]
        for task in [asyncio.create_task(part) for part in beside]:
            stack.callback(task.cancel)
        seconds = DRAIN_SECONDS
        try:
            await (watch.visit_all(stop) if once else watch.visit_when_due(stop))
            if not stop.is_set():
                seconds = ONCE_SECONDS
        finally:
            if stop.is_set():
                _end_at_last(publisher.failure.exit_code if publisher.failure else 0)
            sent = await loop.run_in_executor(None, publisher.finish, seconds)
        if publisher.failure is not None:
            raise publisher.failure
        if once and not sent and not stop.is_set():
            raise BrokerProblem(
                f"broker {settings.kafka}: {store.outbox.count()} articles are not acknowledged; "
                f"they wait in {settings.state}, run the same command again"
            )


@contextlib.asynccontextmanager
async def _clock(settings: Settings, stop: asyncio.Event) -> AsyncIterator[Clock | None]:
    """The clock, once it tells the time; None where the end came first."""
    if settings.clock is None:
        yield WallClock()
        return
    async with NewsroomClock(str(settings.clock)) as clock:
        waits = {asyncio.create_task(clock.ready()), asyncio.create_task(stop.wait())}
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()
        yield None if stop.is_set() else clock


async def _sweep(store: Store, disk: ThreadPoolExecutor, clock: Clock) -> None:
    """Forget old articles once an hour, in small bites, so that no visit waits long for the disk."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        while await loop.run_in_executor(disk, store.forget, clock.now() - REMEMBER):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


def _end_at_last(code: int) -> None:
    """End the process in time even where a name look-up, which nothing can interrupt, still holds a thread.

    Everything that counts is on disk in transactions, so this loses nothing.
    """
    timer = threading.Timer(LAST_RESORT_SECONDS, os._exit, [code])
    timer.daemon = True
    timer.start()
