"""One visit to one feed, from the request to the outbox; never decides when the next one is due to begin."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from typing import NamedTuple

from services import metrics
from services.clock import Clock
from services.ingest.courtesy import Courtesy
from services.ingest.digest import Call, Item, Reading, judge_entries, read_feed
from services.ingest.feed import (
    Bounds,
    Feed,
    Seen,
    after_failure,
    after_gone,
    after_no_change,
    after_reading,
    lost_entries,
)
from services.ingest.fetch import Fetched, Fetcher, host_of, without_secrets
from services.ingest.opml import Source
from services.ingest.parse import NotAFeed
from services.ingest.sandbox import Sandbox, SandboxFailure
from services.ingest.store import News, Store, Visited
from services.ingest.together import Recorder
from services.ingest.underway import Underway
from services.ingest.writing import Writer
from services.logs import about

log = logging.getLogger("parley.ingest")


class Chances(NamedTuple):
    """What a visit needs besides the network: the machine's time and a number in [0, 1), both injected for tests."""

    wall: Callable[[], float]
    chance: Callable[[], float]


class Visitor:
    """Visits feeds, one call a visit, many at a time. `disk` is the one thread that the store is used on."""

    def __init__(
        self,
        fetcher: Fetcher,
        sandbox: Sandbox,
        writer: Writer,
        store: Store,
        disk: Executor,
        courtesy: Courtesy,
        clock: Clock,
        underway: Underway,
        bounds: Bounds,
        chances: Chances,
    ) -> None:
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._writer = writer
        self._store = store
        self._disk = disk
        self._recorder = Recorder(store, disk)
        self._courtesy = courtesy
        self._clock = clock
        self._underway = underway
        self._bounds = bounds
        self._chances = chances

    async def visit(self, source: Source, feed: Feed) -> tuple[Feed, int]:
        """Visit the feed and store the outcome; returns the feed as it is now and how many articles went out.

        The caller has claimed the turn at the feed's host; it is given back here as soon as the response is in.
        Raises sqlite3.Error where nothing can be stored; what the feed or its server do wrong is stored, not raised.
        """
        with ExitStack() as until_stored:
            try:
                await self._clock.refresh()
                at = until_stored.enter_context(self._underway.visit())
                fetched = await self._fetcher.fetch(feed.moved or source.url, feed.validators)
            finally:
                self._courtesy.release(host_of(feed.moved or source.url))
            news: list[News] = []
            outcome = fetched.answer.outcome
            if outcome == "gone" and not feed.moved:
                after = after_gone(feed, self._chances.wall())
            elif outcome == "unchanged":
                after = self._unchanged(feed, fetched)
            elif outcome == "fresh":
                after, news = await self._read(source, feed, fetched, at)
            else:
                after = self._failed(feed, fetched.answer.reason or "http-410", fetched.answer.retry_after)
            self._tell(source, feed, after)
            shown = after.entries if news else ()
            return after, await self._recorder.record(Visited(source.key, after, at, news, shown))

    async def _read(self, source: Source, feed: Feed, fetched: Fetched, at: datetime) -> tuple[Feed, list[News]]:
        body = hashlib.sha256(fetched.body).hexdigest()[:32]
        if body == feed.body:
            return self._unchanged(feed, fetched), []
        try:
            reading = await self._sandbox.run(read_feed, fetched.body, fetched.content_type, fetched.url, source.outlet)
        except (NotAFeed, SandboxFailure) as error:
            reason = f"document-{error.reason}"
            metrics.DOCUMENTS_BAD.labels(error.reason).inc()
            return self._failed(feed, reason, fetched.answer.retry_after), []
        for reason, count in reading.bad.items():
            metrics.ENTRIES_BAD.labels(reason).inc(count)
        ids = tuple(item.id for item in reading.items)
        if lost_entries(feed, ids):
            metrics.FEED_GAPS.inc()
            log.info(
                "feed %s (%s): shares no entry with the visit before; it is visited more often",
                source.key,
                source.outlet,
            )
        news = await self._news(source, feed, reading, at)
        dates = [item.entry.published for item in reading.items if item.entry.published is not None]
        seen = Seen(body, ids, dates)
        chances = self._chances
        after = after_reading(feed, fetched.answer, seen, fetched.moved, self._bounds, chances.wall(), chances.chance())
        return after, news

    async def _news(self, source: Source, feed: Feed, reading: Reading, at: datetime) -> list[News]:
        """What is new or changed among the items, judged, and written where it is about our subject."""
        loop = asyncio.get_running_loop()
        known = await loop.run_in_executor(self._disk, self._store.known, [item.id for item in reading.items])
        shown_before = set(feed.entries)
        fresh: list[Item] = []
        for item in reading.items:
            row = known.get(item.id)
            if row is None or (row.feed == source.key and row.hash != item.hash):
                fresh.append(item)
            elif row.feed != source.key and item.id not in shown_before:
                metrics.ARTICLES_DROPPED.labels("other-feed").inc()
        if not fresh:
            return []
        news: list[News] = []
        visit = self._writer.begin(source.outlet, at, backfill=not feed.read)
        for item, call in zip(fresh, await self._judge(fresh), strict=True):
            row = known.get(item.id)
            # What went out once is followed to the end: an edit that leaves our subject withdraws what it said before.
            if call == "relevant" or (row is not None and row.sent):
                article = await visit.write(item.entry)
            else:
                article = await visit.read_on(item.entry) if call == "open" else None
                if article is None:
                    metrics.ARTICLES_DROPPED.labels("irrelevant").inc()
            if article is not None and row is None and not article.backfill:
                metrics.PUBLICATION_TO_FETCH.observe((article.fetched - article.published).total_seconds())
            news.append(News(item.id, item.hash, article))
        return news

    async def _judge(self, items: Sequence[Item]) -> list[Call]:
        try:
            return await self._sandbox.run(judge_entries, [item.entry for item in items])
        except SandboxFailure:
            if len(items) == 1:
                # Better one article too many than one that slips through because it is odd.
                return ["relevant"]
        return [(await self._judge([item]))[0] for item in items]

    def _unchanged(self, feed: Feed, fetched: Fetched) -> Feed:
        wall, chance = self._chances
        return after_no_change(feed, fetched.answer, fetched.moved, self._bounds, wall(), chance())

    def _failed(self, feed: Feed, reason: str, retry_after: float) -> Feed:
        wall, chance = self._chances
        return after_failure(feed, reason, retry_after, self._bounds, wall(), chance())

    def _tell(self, source: Source, before: Feed, after: Feed) -> None:
        """One line for each change of a feed's state, none for a state that lasts."""
        told = after.gone or after.reason != before.reason or after.failures or before.failures or after.moved
        if not told:
            return
        where = f"feed {source.key} ({source.outlet}, {without_secrets(source.url)})"
        event = partial(about, feed=source.key)
        if after.gone:
            log.warning(
                "%s: gone (410); it is not visited again, take it off the list", where, extra=event("feed-gone")
            )
        elif after.failures and after.reason != before.reason:
            extra = event("feed-failing", reason=after.reason)
            log.warning("%s: failing (%s); next try in %.0f s", where, after.reason, after.delay, extra=extra)
        elif before.failures and not after.failures:
            log.info("%s: works again", where, extra=event("feed-works-again"))
        if after.moved and after.moved != before.moved:
            log.info("%s: moved for good to %s", where, without_secrets(after.moved), extra=event("feed-moved"))
