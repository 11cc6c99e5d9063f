"""An address to a response that is safe to read; never parses it and never decides when to come back.

Redirects are followed by hand, so that each hop is checked like the first. Whatever a server does, one visit ends
within the total timeout and holds no more than the size cap.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

import aiohttp
from yarl import URL

from services import metrics
from services.ingest.address import AddressRefused, guarded_sockets
from services.ingest.decoding import ACCEPTED, TooLarge, Undecodable, decoder_for
from services.ingest.response import NO_VALIDATORS, Answer, Validators, failed, weigh
from services.settings import Settings

log = logging.getLogger("parley.ingest")

HOPS: Final = 5
CHUNK: Final = 64 * 1024
FEED_TYPES: Final = "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5"
PAGE_TYPES: Final = "text/html, application/xhtml+xml;q=0.9"


class Fetched(NamedTuple):
    """A visit's end. `url` is where the body came from; `moved` the address that permanent redirects led to, or ""."""

    answer: Answer
    url: str
    moved: str = ""
    body: bytes = b""
    content_type: str = ""


class Fetcher:
    """One HTTP session for the whole process; an async context manager."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Fetcher":
        connector = aiohttp.TCPConnector(
            limit=self._settings.fetch_concurrency,
            # Checked on every connection, so a cached name gains nothing and a rebinding one loses.
            ttl_dns_cache=60,
            socket_factory=guarded_sockets(private=self._settings.allow_private),
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._settings.fetch_timeout),
            headers={"User-Agent": self._settings.user_agent, "Accept-Encoding": ACCEPTED},
            raise_for_status=False,
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def fetch(
        self, url: str, validators: Validators = NO_VALIDATORS, *, kind: str = "feed", limit: int | None = None
    ) -> Fetched:
        """Get `url`, following up to five redirects. `kind` is "feed", "page" or "robots" and labels the metrics.

        Raises nothing that the network or the server can cause: what went wrong is the answer's `reason`.
        """
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._settings.fetch_timeout):
                result = await self._follow(url, validators, kind, limit or self._settings.fetch_max_bytes)
        except TimeoutError:
            result = Fetched(failed("timeout"), url)
        except (aiohttp.ClientError, AddressRefused, TooLarge, Undecodable, ValueError, OSError) as error:
            # The error's text may hold the whole address, credentials included; its kind is enough.
            result = Fetched(failed(_reason(error)), url)
        metrics.FETCH_SECONDS.labels(kind).observe(time.perf_counter() - started)
        answer = result.answer
        metrics.FETCHES.labels(kind, answer.reason if answer.outcome == "failed" else answer.outcome).inc()
        return result

    async def _follow(self, url: str, validators: Validators, kind: str, limit: int) -> Fetched:
        here, moved, all_permanent = URL(url), "", True
        for _ in range(HOPS + 1):
            if here.scheme not in ("http", "https") or not here.host:
                return Fetched(failed("not-http"), str(here))
            result = await self._visit(here, validators, kind, limit)
            answer = result.answer
            if answer.outcome != "redirect":
                return result._replace(moved=moved if answer.outcome in ("fresh", "unchanged") else "")
            here = here.join(URL(answer.location)).with_fragment(None)
            # A permanent hop behind a temporary one is permanent only for that other address.
            all_permanent = all_permanent and answer.permanent
            moved = str(here) if all_permanent else moved
        return Fetched(failed("too-many-redirects"), str(here))

    async def _visit(self, url: URL, validators: Validators, kind: str, limit: int) -> Fetched:
        if self._session is None:
            raise RuntimeError("the fetcher is used outside its context")
        headers = {
            "Accept": FEED_TYPES if kind == "feed" else PAGE_TYPES if kind == "page" else "text/plain, */*;q=0.5"
        }
        headers |= validators.headers()
        async with self._session.get(url, headers=headers, allow_redirects=False) as response:
            answer = weigh(response.status, response.headers, self._now())
            # Leaving with the body unread closes the connection: an unwanted or endless body is never drained.
            if answer.outcome != "fresh":
                return Fetched(answer, str(url))
            if (response.content_length or 0) > limit:
                raise TooLarge
            decoder = decoder_for(response.headers.get("Content-Encoding", ""), limit)
            async for chunk in response.content.iter_chunked(CHUNK):
                decoder.feed(chunk)
            return Fetched(answer, str(url), "", decoder.body(), response.headers.get("Content-Type", ""))


# The bounded names of what can go wrong, the first that fits: they label a metric and are all that is logged.
_REASONS: Final[tuple[tuple[tuple[type[BaseException], ...], str], ...]] = (
    ((TooLarge,), "too-large"),
    ((Undecodable,), "undecodable"),
    ((AddressRefused,), "address-refused"),
    ((aiohttp.ClientConnectorDNSError,), "dns"),
    ((aiohttp.ClientSSLError, ssl.SSLError), "tls"),
    ((aiohttp.ClientConnectorError,), "connect"),
    ((aiohttp.ClientPayloadError,), "cut-short"),
    ((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, ConnectionError), "disconnected"),
    ((aiohttp.InvalidURL, ValueError), "bad-address"),
    ((OSError,), "system"),
)


def _reason(error: BaseException) -> str:
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, AddressRefused):
        error = error.os_error
    return next((name for kinds, name in _REASONS if isinstance(error, kinds)), "protocol")


def host_of(url: str) -> str:
    """The host that an address belongs to, or "" where it has none."""
    try:
        return URL(url).host or ""
    except ValueError:
        return ""


def without_secrets(url: str) -> str:
    """The address as it may be logged: no credentials, no query (which may hold a key), no fragment."""
    try:
        link = URL(url)
        return str(link.with_user(None).with_query(None).with_fragment(None)) if link.host else "<no address>"
    except ValueError:
        return "<no address>"
