"""Feeds to visits, each when it is due and its host has time for us; never fetches by itself and never waits busily.

One heap of due times and as many tasks as there are visits under way: a feed that is not being visited costs one entry.
"""

import asyncio
import contextlib
import heapq
import logging
import math
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from services import metrics
from services.ingest.courtesy import Courtesy
from services.ingest.feed import Bounds, Feed, after_failure
from services.ingest.fetch import host_of
from services.ingest.opml import Source

log = logging.getLogger("parley.ingest")

# Seconds after which a first round that is still under way has been long enough.
FIRST_ROUND: Final = 60.0

Visit = Callable[[Source, Feed], Awaitable[tuple[Feed, int]]]


class Watch:
    """The feeds and when each is due. `visit` claims nothing: the turn at a feed's host is claimed here, before it.

    `added` is called after a visit that put articles into the outbox.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        remembered: Mapping[str, Feed],
        visit: Visit,
        courtesy: Courtesy,
        concurrency: int,
        bounds: Bounds,
        wall: Callable[[], float],
        added: Callable[[], None],
    ) -> None:
        self._sources = {source.key: source for source in sources}
        self._remembered = dict(remembered)
        self._feeds = {source.key: remembered.get(source.key, Feed()) for source in sources}
        self._visit_feed = visit
        self._courtesy = courtesy
        self._concurrency = concurrency
        self._bounds = bounds
        self._wall = wall
        self._added = added
        self._running: set[asyncio.Task[None]] = set()
        self._ended: list[asyncio.Task[None]] = []
        self._awake = asyncio.Event()
        self._visiting: set[str] = set()
        self._relisted = asyncio.Event()
        self._due: list[tuple[float, str]] = []
        self._states = Counter(feed.state for feed in self._feeds.values())
        self._deaf = sum(not feed.alive for feed in self._feeds.values())
        self._first_round_ends = math.inf
        self._show()

    def alive(self) -> tuple[str, ...] | None:
        """The names of the outlets that can be heard, sorted; None while the first round is under way.

        May be called from any thread.
        """
        if not self._listened():
            return None
        return tuple(sorted({self._sources[key].outlet for key, feed in list(self._feeds.items()) if feed.alive}))

    def _listened(self) -> bool:
        """Whether every feed has been tried, or long enough: half a round would call the other half deaf."""
        return time.monotonic() >= self._first_round_ends or all(
            feed.read or feed.failures or feed.gone for feed in list(self._feeds.values())
        )

    async def visit_all(self, stop: asyncio.Event) -> None:
        """Visit every feed once, due or not, and return when all are done."""
        self._due = [(0.0, key) for key, feed in self._feeds.items() if not feed.gone]
        await self._work(stop, again=False)
        self._first_round_ends = 0.0

    async def visit_when_due(self, stop: asyncio.Event) -> None:
        """Visit feeds until `stop`. Those that were due while Parley was down come first."""
        # Due times on disk are the machine's, which may have been set back since: never later than was once planned.
        wall, start = self._wall(), time.monotonic()
        self._due = [
            (start + min(max(0.0, feed.due - wall), feed.delay, self._bounds.longest), key)
            for key, feed in self._feeds.items()
            if not feed.gone
        ]
        self._first_round_ends = start + FIRST_ROUND
        await self._work(stop, again=True)

    def relist(self, sources: Sequence[Source]) -> None:
        """Watch these feeds from now on: what is new is visited at once, what is gone no more, the others as planned.

        To be called in the loop that visits. What is known of a feed that goes is kept for its return.
        """
        wanted = {source.key: source for source in sources}
        for key in self._feeds.keys() - wanted.keys():
            self._remembered[key] = self._feeds.pop(key)
        self._due = [entry for entry in self._due if entry[1] in wanted]
        for key in wanted.keys() - self._feeds.keys():
            feed = self._feeds[key] = self._remembered.get(key, Feed())
            # A visit that was under way when the feed went plans the next one when it ends.
            if not feed.gone and key not in self._visiting:
                self._due.append((time.monotonic(), key))
        heapq.heapify(self._due)
        self._sources = {**{key: self._sources[key] for key in self._visiting}, **wanted}
        self._states = Counter(feed.state for feed in self._feeds.values())
        self._deaf = sum(not feed.alive for feed in self._feeds.values())
        self._relisted.set()
        self._show()

    async def _work(self, stop: asyncio.Event, *, again: bool) -> None:
        heapq.heapify(self._due)
        stopped: asyncio.Task[Any] = asyncio.create_task(stop.wait())
        relisted: asyncio.Task[Any] = asyncio.create_task(self._relisted.wait())
        for task in (stopped, relisted):
            task.add_done_callback(self._woken)
        try:
            while not stop.is_set():
                if relisted.done():
                    self._relisted.clear()
                    relisted = asyncio.create_task(self._relisted.wait())
                    relisted.add_done_callback(self._woken)
                self._awake.clear()
                wait = self._start_due(again)
                if not self._running and not self._due:
                    if not again:
                        return
                    wait = None
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._awake.wait()
                for ended in self._ended:
                    self._running.discard(ended)
                    # Raises what no other feed would survive either: the disk is full.
                    ended.result()
                self._ended.clear()
        finally:
            for task in (stopped, relisted, *self._running):
                task.cancel()
            await asyncio.gather(stopped, relisted, *self._running, return_exceptions=True)
            self._running.clear()
            self._ended.clear()

    def _woken(self, task: asyncio.Task[Any]) -> None:
        self._awake.set()

    def _visited(self, task: asyncio.Task[None]) -> None:
        self._ended.append(task)
        self._awake.set()

    def _start_due(self, again: bool) -> float | None:
        """Start what is due; returns the seconds until the next feed is, None where only a visit's end can tell."""
        while self._due and len(self._running) < self._concurrency:
            now = time.monotonic()
            due, key = self._due[0]
            if due > now:
                return due - now
            feed = self._feeds[key]
            host = host_of(feed.moved or self._sources[key].url)
            wait = self._courtesy.claim(host, now)
            if wait:
                heapq.heapreplace(self._due, (now + wait, key))
                continue
            heapq.heappop(self._due)
            self._visiting.add(key)
            task = asyncio.create_task(self._visit(key, again), name=f"feed {key}")
            # To be told of the end is cheaper than to wait for the first of all that are under way, again and again.
            task.add_done_callback(self._visited)
            self._running.add(task)
        return None

    async def _visit(self, key: str, again: bool) -> None:
        before = self._feeds.get(key) or self._remembered[key]
        added = 0
        try:
            after, added = await self._visit_feed(self._sources[key], before)
        except sqlite3.Error:
            raise
        except Exception:
            # A fault of ours that one feed brings out must not silence the others.
            log.exception("feed %s (%s): the visit failed", key, self._sources[key].outlet)
            metrics.DOCUMENTS_BAD.labels("internal").inc()
            after = after_failure(before, "internal", 0.0, self._bounds, self._wall(), 0.5)
        self._visiting.discard(key)
        if key not in self._feeds:
            # It left the list meanwhile; what the visit brought is stored and goes out.
            self._remembered[key] = after
            if added:
                self._added()
            return
        self._feeds[key] = after
        self._states[before.state] -= 1
        self._states[after.state] += 1
        self._deaf += before.alive - after.alive
        self._show()
        if added:
            self._added()
        if again and not after.gone:
            heapq.heappush(self._due, (time.monotonic() + after.delay, key))

    def _show(self) -> None:
        for state in ("live", "failing", "gone"):
            metrics.FEEDS.labels(state).set(self._states[state])
        metrics.FEEDS_DEAF.set(self._deaf)
