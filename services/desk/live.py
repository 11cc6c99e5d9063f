"""What the projection took in -> server-sent events for every page that listens; never says what is in a record."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final

from services import metrics
from streams.records import Article, Position, Pulse, Reading, ShiftAlert, Verdict

BEAT_SECONDS: Final = 15.0
# What a page is told. Readings, articles and pulses come by the hundred: a page that shows them asks again by itself.
TOPICS: Final[dict[type, str]] = {
    ShiftAlert: "alerts",
    Position: "positions",
    Verdict: "verdicts",
    Reading: "readings",
    Article: "articles",
    Pulse: "clock",
}


class Hub:
    """The pages that listen. Belongs to one event loop; `tell_from_thread` may be called from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._news: dict[asyncio.Event, set[str]] = {}
        self._closed = False

    def tell_from_thread(self, kinds: frozenset[type]) -> None:
        """Say that records of those kinds were news."""
        names = {TOPICS[kind] for kind in kinds if kind in TOPICS}
        if names and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, names)

    def _tell(self, names: set[str]) -> None:
        for event, news in self._news.items():
            news.update(names)
            event.set()

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        for event in self._news:
            event.set()

    async def follow(self) -> AsyncIterator[str]:
        """Yield one page's events; what comes while the page is slow is told once."""
        event, news = asyncio.Event(), set[str]()
        self._news[event] = news
        metrics.DESK_VIEWERS.set(len(self._news))
        try:
            yield "retry: 2000\n\n"
            while not self._closed:
                try:
                    await asyncio.wait_for(event.wait(), BEAT_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                event.clear()
                if news:
                    names = sorted(news)
                    news.clear()
                    yield f"event: news\ndata: {json.dumps(names)}\n\n"
                    # One second holds the flood of a busy hour, and an alert's two.
                    await asyncio.sleep(0.5)
        finally:
            del self._news[event]
            metrics.DESK_VIEWERS.set(len(self._news))
