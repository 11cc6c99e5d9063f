"""Requests -> feeds, pages and the clock of the sample newsroom; a thin shell that decides nothing by itself."""

import asyncio
import hashlib
import logging
import signal
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from aiohttp import ETag, web

from services.errors import UsageProblem
from services.newsroom import stepping
from services.newsroom.feeds import Shown, write_feed, write_opml
from services.newsroom.stepping import Release, Stepping, begin, plan_stops
from services.newsroom.timeline import SampleArticle, as_of, read_outlets, read_timeline
from services.newsroom.webpages import ROBOTS, write_article, write_front

log = logging.getLogger("parley.newsroom")

SHUTDOWN_SECONDS: Final = 1.0
WORTH_COMPRESSING: Final = 500


def list_releases(timeline: Sequence[SampleArticle]) -> list[Release]:
    """Everything that will appear in a feed, in order: each article, and each edit at its own time."""
    releases = [Release(article.published, article.outlet, article.id) for article in timeline]
    releases += [
        Release(article.edited.at, article.outlet, article.id, 1) for article in timeline if article.edited is not None
    ]
    return sorted(releases)


class Newsroom:
    """The timeline, its clock and the handlers. `real_seconds` only grows; tests give their own."""

    def __init__(
        self, timeline: Sequence[SampleArticle], step: float, real_seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._articles = {article.id: article for article in timeline}
        self._outlets = read_outlets()
        self._releases = list_releases(timeline)
        self._clock: Stepping = begin(plan_stops(self._releases, self._outlets), step)
        self._real_seconds = real_seconds

    def application(self) -> web.Application:
        """The web application, ready to be run."""
        application = web.Application()
        application.add_routes(
            [
                web.get("/", self.show_front),
                web.get("/opml", self.list_feeds),
                web.get("/feeds/{outlet}.xml", self.show_feed),
                web.get("/articles/{article}", self.show_article),
                web.get("/robots.txt", self.show_robots),
                web.get("/clock", self.tell_time),
            ]
        )
        return application

    async def tell_time(self, request: web.Request) -> web.Response:
        """`{"now", "done"}`. Each reading may move the timeline on by one stop."""
        at = self._real_seconds()
        before, self._clock = self._clock, stepping.look(self._clock, at)
        if self._clock.released != before.released:
            release = self._releases[self._clock.released - 1]
            log.info("released %s in %s at %s", release.article, release.outlet, release.at.isoformat())
        answer = {"now": self._now(), "done": stepping.is_done(self._clock, at)}
        return web.json_response(answer, headers={"Cache-Control": "no-store"})

    async def list_feeds(self, request: web.Request) -> web.Response:
        """The OPML list of the feeds."""
        return _document(request, write_opml(self._outlets.values(), _origin(request)), "text/x-opml", None)

    async def show_feed(self, request: web.Request) -> web.StreamResponse:
        """An outlet's newest twenty articles."""
        outlet = self._outlets.get(request.match_info["outlet"])
        if outlet is None:
            raise web.HTTPNotFound
        shown = [shown for owner, shown, _ in self._out() if owner == outlet.id]
        body, media_type = write_feed(outlet, shown, _origin(request))
        self._clock = stepping.fetch(self._clock, outlet.id, self._real_seconds())
        newest = max((article.changed for article in shown), default=None)
        return _document(request, body, media_type, newest)

    async def show_article(self, request: web.Request) -> web.StreamResponse:
        """An article's page, once it is out."""
        wanted = request.match_info["article"]
        for owner, shown, seed in self._out():
            if shown.id == wanted:
                page = write_article(self._outlets[owner], shown, seed, _origin(request))
                return _document(request, page.encode(), "text/html", shown.changed)
        raise web.HTTPNotFound

    async def show_front(self, request: web.Request) -> web.StreamResponse:
        """A page for people."""
        out = [(self._outlets[owner], shown) for owner, shown, _ in self._out()]
        page = write_front(list(self._outlets.values()), out, self._now(), _origin(request))
        return _document(request, page.encode(), "text/html", None)

    async def show_robots(self, request: web.Request) -> web.Response:
        """What crawlers may fetch."""
        return web.Response(text=ROBOTS)

    def _now(self) -> str:
        now = stepping.read(self._clock, self._real_seconds())
        return now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _out(self) -> list[tuple[str, Shown, bool]]:
        """What is out now: outlet, the article as it reads now, and whether it is a seed document."""
        edits: dict[str, int] = {}
        for release in self._releases[: self._clock.released]:
            edits[release.article] = release.edits
        out = []
        for name, count in edits.items():
            article = self._articles[name]
            title, text, changed = as_of(article, count)
            out.append((article.outlet, Shown(name, title, text, article.published, changed), article.seed))
        return out


async def serve(host: str, port: int, step: float, announce: Callable[[str], None]) -> None:
    """Serve the sample timeline until SIGTERM or SIGINT; `announce` is given the address once it answers.

    Raises UsageProblem where the port cannot be had.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(
        Newsroom(read_timeline(), step).application(), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise UsageProblem(
                f"newsroom: cannot listen on {host}:{port} ({error.strerror}); "
                "choose another --port, or --port 0 for a free one"
            ) from None
        announce(_address(host, runner.addresses[0][1]))
        await stop.wait()
    finally:
        await runner.cleanup()


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _origin(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


def _document(request: web.Request, body: bytes, media_type: str, changed: datetime | None) -> web.Response:
    """Answer 200 or 304 by the request's conditions. The weak tag stands for both the plain and the gzip form."""
    tag = ETag(hashlib.sha256(body).hexdigest()[:16], is_weak=True)
    known = request.if_none_match
    since = request.if_modified_since
    if known is not None:
        unchanged = any(candidate.value in (tag.value, "*") for candidate in known)
    else:
        unchanged = changed is not None and since is not None and changed.astimezone(UTC) <= since
    response = (
        web.Response(status=304) if unchanged else web.Response(body=body, content_type=media_type, charset="utf-8")
    )
    response.etag = tag
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "no-cache"
    if changed is not None:
        response.last_modified = changed
    if not unchanged and len(body) >= WORTH_COMPRESSING and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.enable_compression(web.ContentCoding.gzip)
    return response
