"""A relevant entry to its article: the feed's own text where it is long enough, else the page's, else the summary."""

from datetime import datetime
from typing import Final

from services import metrics
from services.ingest.digest import write_article, write_if_relevant
from services.ingest.entries import Entry
from services.ingest.pages import Page, Pages
from services.ingest.sandbox import Sandbox, SandboxFailure
from streams.records import Article

# A text of this many characters holds who said what, even where the page has more.
LONG_ENOUGH: Final = 600
# After so many pages in a row that could not be had, a site is having a bad time: its news must not wait for it.
PATIENCE: Final = 2


class Writer:
    """Turns entries into articles. `pages` is None where full texts are switched off."""

    def __init__(self, sandbox: Sandbox, pages: Pages | None) -> None:
        self.sandbox = sandbox
        self.pages = pages

    def begin(self, outlet: str, at: datetime, *, backfill: bool) -> "Sitting":
        """Start writing the articles of one visit, made at `at`."""
        return Sitting(self, outlet, at, backfill)


class Sitting:
    """The articles of one visit, one after the other."""

    def __init__(self, writer: Writer, outlet: str, at: datetime, backfill: bool) -> None:
        self._writer = writer
        self._outlet = outlet
        self._at = at
        self._backfill = backfill
        self._failures = 0

    async def write(self, entry: Entry) -> Article | None:
        """Return the article, or None where not even the feed's own words could be handled (counted)."""
        page, source = await self._page(entry)
        try:
            try:
                article, used = await self._make(entry, page)
            except SandboxFailure:
                source = "summary-crashed"
                article, used = await self._make(entry, None)
        except SandboxFailure:
            metrics.ARTICLES_DROPPED.labels("crashed").inc()
            return None
        metrics.ARTICLE_TEXTS.labels("page" if used else source).inc()
        return article

    async def read_on(self, entry: Entry) -> Article | None:
        """Return the article if its page says what the feed's words leave open, else None.

        A feed that is read for the first time is taken at its word: its backlog would cost a page for each entry.
        """
        page = None if self._backfill else (await self._page(entry))[0]
        if page is None:
            return None
        try:
            sources = (page.html, page.url)
            article = await self._writer.sandbox.run(write_if_relevant, entry, self._outlet, sources, self._at)
        except SandboxFailure:
            return None
        if article is not None:
            metrics.ARTICLE_TEXTS.labels("page").inc()
        return article

    async def _make(self, entry: Entry, page: Page | None) -> tuple[Article, bool]:
        sources = None if page is None else (page.html, page.url)
        return await self._writer.sandbox.run(write_article, entry, self._outlet, sources, self._at, self._backfill)

    async def _page(self, entry: Entry) -> tuple[Page | None, str]:
        """The page if it is wanted and to be had, and what the text's source is called where it gives nothing."""
        pages, why = self._writer.pages, ""
        if entry.has_full_text or len(entry.text) >= LONG_ENOUGH:
            why = "feed"
        elif pages is None:
            why = "summary-switched-off"
        elif not entry.url:
            why = "summary-no-link"
        elif self._failures >= PATIENCE:
            why = "summary-unreachable"
        if why or pages is None:
            return None, why
        page = await pages.get(entry.url)
        self._failures = self._failures + 1 if page.outcome == "failed" else 0
        if page.outcome == "page":
            return page, "summary-no-text"
        return None, "summary-robots" if page.outcome == "robots" else "summary-unreachable"
