"""The news of a soak: feeds over HTTP whose articles never end, on a clock where a day passes in seconds.

Invented throughout. Every article has an order of words of its own, so that none counts as another's copy, and one
statement whose stance turns every forty days, so that there are alerts to deliver.
"""

import random
import time
from datetime import UTC, datetime, timedelta
from html import escape

from aiohttp import web

START = datetime(2026, 1, 1, tzinfo=UTC)
FEEDS = 8
# A feed shows its newest articles; enough of them to bridge several visits.
SHOWN = 40
TURN_DAYS = 40.0
TURNING = (
    ("Putin says Russia is ready for a ceasefire in Ukraine", "Putin rejects a ceasefire in Ukraine"),
    ("Zelensky backs a peace deal with Russia", "Zelensky rejects a peace deal with Russia"),
    ("Macron backs an immediate ceasefire in Ukraine", "Macron rejects a ceasefire in Ukraine"),
    ("Erdogan calls for peace talks between Russia and Ukraine", "Erdogan opposes peace talks with Ukraine"),
)
# As many words as a newspaper uses in a week: what is kept of each word (its spelling without accents) must fill early.
WORDS = 8_000
LETTERS = "bcdfghklmnprstvwaeiou"
_chance = random.Random(0)
VOCABULARY = tuple("".join(_chance.choices(LETTERS, k=_chance.randint(3, 9))) for _ in range(WORDS))


class Source:
    """`rate` articles a second over all feeds; `day` seconds for a day of the feeds' clock."""

    def __init__(self, rate: float, day: float) -> None:
        self._rate, self._day = rate, day
        self._started = time.monotonic()
        self.delivered = 0

    def application(self) -> web.Application:
        application = web.Application()
        application.add_routes(
            [
                web.get("/opml", self._opml),
                web.get("/clock", self._clock),
                web.get("/feed/{feed}", self._feed),
                web.get("/article/{number}", self._article),
                web.post("/hook", self._hook),
            ]
        )
        return application

    @property
    def published(self) -> int:
        """How many articles there are by now."""
        return int((time.monotonic() - self._started) * self._rate)

    def _when(self, number: int) -> datetime:
        return START + timedelta(days=number / self._rate / self._day)

    async def _clock(self, request: web.Request) -> web.Response:
        now = self._when(self.published)
        return web.json_response({"now": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "done": False})

    async def _opml(self, request: web.Request) -> web.Response:
        outlines = "".join(
            f'<outline type="rss" text="Outlet {feed}" xmlUrl="http://{request.host}/feed/{feed}"/>'
            for feed in range(FEEDS)
        )
        return web.Response(text=f"<opml version='2.0'><body>{outlines}</body></opml>", content_type="text/x-opml")

    async def _feed(self, request: web.Request) -> web.Response:
        feed, last = int(request.match_info["feed"]), self.published
        own = [number for number in range(max(0, last - SHOWN * FEEDS), last) if number % FEEDS == feed]
        items = "".join(self._item(number, request.host) for number in reversed(own))
        body = f"<rss version='2.0'><channel><title>Outlet {feed}</title>{items}</channel></rss>"
        return web.Response(text=body, content_type="application/rss+xml")

    def _item(self, number: int, host: str) -> str:
        title, text = self._words(number)
        when = self._when(number).strftime("%d %b %Y %H:%M:%S GMT")
        return (
            f"<item><title>{escape(title)}</title><link>http://{host}/article/{number}</link>"
            f"<guid>{number}</guid><pubDate>{when}</pubDate><description>{escape(text[:200])}</description></item>"
        )

    async def _article(self, request: web.Request) -> web.Response:
        title, text = self._words(int(request.match_info["number"]))
        page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{text}</p></article></body>"
        return web.Response(text=page, content_type="text/html")

    async def _hook(self, request: web.Request) -> web.Response:
        await request.read()
        self.delivered += 1
        return web.Response(status=204)

    def _words(self, number: int) -> tuple[str, str]:
        chance = random.Random(number)
        turned = int(number / self._rate / self._day / TURN_DAYS) % 2
        title = TURNING[number % len(TURNING)][turned]
        words = chance.choices(VOCABULARY, k=80)
        return f"{title} amid {words[0]} and {words[1]}", f"{title}. In {words[2]}, " + " ".join(words[3:]) + "."
