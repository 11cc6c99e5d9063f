"""An article's address to its page, where robots.txt and the host's patience allow; never reads what it says."""

import asyncio
import time
from typing import Final, Literal, NamedTuple

from yarl import URL

from services import metrics
from services.ingest.courtesy import Courtesy
from services.ingest.fetch import Fetcher
from services.ingest.robots import Robots

PAGE_CAP: Final = 5_000_000

Outcome = Literal["page", "robots", "failed"]


class Page(NamedTuple):
    """A page's bytes and where they came from in the end; without bytes, why."""

    outcome: Outcome
    html: bytes = b""
    url: str = ""


class Pages:
    """Fetches articles' pages, at the same pace per host as feeds."""

    def __init__(self, fetcher: Fetcher, robots: Robots, courtesy: Courtesy, limit: int) -> None:
        self._fetcher = fetcher
        self._robots = robots
        self._courtesy = courtesy
        self._limit = min(limit, PAGE_CAP)

    async def get(self, url: str) -> Page:
        """Fetch the page at `url`, waiting for a turn at its host."""
        try:
            host = URL(url).host or ""
        except ValueError:
            return Page("failed")
        await self._turn(host)
        try:
            if not await self._robots.allow(url):
                metrics.FETCHES.labels("page", "robots").inc()
                return Page("robots")
            fetched = await self._fetcher.fetch(url, kind="page", limit=self._limit)
        finally:
            self._courtesy.release(host)
        if fetched.answer.outcome != "fresh" or not fetched.body:
            return Page("failed")
        return Page("page", fetched.body, fetched.url)

    async def _turn(self, host: str) -> None:
        while wait := self._courtesy.claim(host, time.monotonic()):  # noqa: ASYNC110  The host's patience is a time.
            await asyncio.sleep(wait)
