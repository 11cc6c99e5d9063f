"""Visits to a real server, friendly and hostile."""

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import brotli
import pytest
from aiohttp import web
from prometheus_client import REGISTRY

from services.ingest.fetch import Fetched, Fetcher, host_of, without_secrets
from services.ingest.response import Validators
from services.settings import Settings
from tests.services.ingest.server import Site, site

NOW = datetime(2026, 2, 16, 12, 0, tzinfo=UTC)
Body = Callable[[Site, Fetcher], Awaitable[None]]


def visiting(test: Body, **options: object) -> None:
    """Run the test with a site and a fetcher that may visit it."""
    settings = Settings.model_validate({"allow_private": True, "fetch_timeout": 5.0, **options})

    async def run() -> None:
        async with site() as place, Fetcher(settings, lambda: NOW) as fetcher:
            await test(place, fetcher)

    asyncio.run(run())


def failed(fetched: Fetched) -> str:
    assert fetched.answer.outcome == "failed"
    assert fetched.body == b""
    return fetched.answer.reason


def test_a_feed_comes_back_whole_with_its_type() -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/feed", "<rss/>", Content_Type="application/rss+xml; charset=utf-8", ETag='"1"')
        fetched = await fetcher.fetch(f"{place.url}/feed")
        assert (fetched.answer.outcome, fetched.body) == ("fresh", b"<rss/>")
        assert fetched.content_type == "application/rss+xml; charset=utf-8"
        assert fetched.answer.validators.etag == '"1"'
        assert fetched.moved == ""
        assert place.headers["User-Agent"].startswith("Parley")

    visiting(test)


def test_a_conditional_request_is_answered_with_nothing_to_read() -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        async def page(request: web.Request) -> web.Response:
            same = request.headers.get("If-None-Match") == '"1"' and "If-Modified-Since" in request.headers
            return web.Response(status=304 if same else 200)

        place.pages["/feed"] = page
        fetched = await fetcher.fetch(f"{place.url}/feed", Validators('"1"', "Mon, 16 Feb 2026 11:00:00 GMT"))
        assert fetched.answer.outcome == "unchanged"

    visiting(test)


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress), ("identity", bytes)],
)
def test_every_encoding_that_is_offered_is_read(encoding: str, compress: Callable[[bytes], bytes]) -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/feed", compress(b"<rss/>" * 1000), Content_Encoding=encoding)
        assert (await fetcher.fetch(f"{place.url}/feed")).body == b"<rss/>" * 1000
        assert encoding in place.headers["Accept-Encoding"] or encoding == "identity"

    visiting(test)


def test_a_bomb_is_refused() -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/feed", gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")
        assert failed(await fetcher.fetch(f"{place.url}/feed")) == "too-large"

    visiting(test, fetch_max_bytes=1_000_000)


def test_an_endless_body_is_left_at_the_cap() -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        sent = 0

        async def page(request: web.Request) -> web.StreamResponse:
            nonlocal sent
            response = web.StreamResponse()
            await response.prepare(request)
            while True:
                await response.write(bytes(65536))
                sent += 65536

        place.pages["/feed"] = page
        assert failed(await fetcher.fetch(f"{place.url}/feed")) == "too-large"
        assert sent < 50_000_000

    visiting(test, fetch_max_bytes=1_000_000)


def test_a_length_above_the_cap_is_not_even_read() -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/feed", bytes(2000))
        assert failed(await fetcher.fetch(f"{place.url}/feed", limit=1000)) == "too-large"

    visiting(test)


@pytest.mark.parametrize("where", ["body", "headers"])
def test_a_byte_each_moment_runs_into_the_total_timeout(where: str) -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        async def page(request: web.Request) -> web.StreamResponse:
            if where == "headers":
                await asyncio.sleep(60)
            response = web.StreamResponse()
            await response.prepare(request)
            while True:
                await response.write(b" ")
                await asyncio.sleep(0.05)

        place.pages["/feed"] = page
        started = asyncio.get_running_loop().time()
        assert failed(await fetcher.fetch(f"{place.url}/feed")) == "timeout"
        assert asyncio.get_running_loop().time() - started < 2.0

    visiting(test, fetch_timeout=0.5)


def test_slow_redirects_share_one_timeout() -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        async def page(_: web.Request) -> web.Response:
            await asyncio.sleep(0.2)
            return web.Response(status=302, headers={"Location": "/again"})

        place.pages["/again"] = page
        assert failed(await fetcher.fetch(f"{place.url}/again")) == "timeout"

    visiting(test, fetch_timeout=0.5)


def test_permanent_redirects_are_remembered_up_to_the_first_temporary_one() -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/1", status=301, Location="/2")
        place.serve("/2", status=308, Location=f"{place.url}/3")
        place.serve("/3", status=302, Location="4#part")
        place.serve("/4", status=301, Location="/5")
        place.serve("/5", "<rss/>")
        fetched = await fetcher.fetch(f"{place.url}/1")
        assert fetched.body == b"<rss/>"
        assert fetched.moved == f"{place.url}/3"
        assert fetched.url == f"{place.url}/5"
        assert (await fetcher.fetch(f"{place.url}/3")).moved == ""

    visiting(test)


def test_an_address_that_leads_to_a_failure_is_not_remembered() -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/1", status=301, Location="/nothing")
        fetched = await fetcher.fetch(f"{place.url}/1")
        assert (failed(fetched), fetched.moved) == ("http-404", "")

    visiting(test)


def test_a_loop_ends_after_five_hops() -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/loop", status=301, Location="/loop")
        assert failed(await fetcher.fetch(f"{place.url}/loop")) == "too-many-redirects"
        assert len(place.asked) == 6

    visiting(test)


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://herald.example/", "gopher://x/", "javascript:1"])
def test_a_redirect_leads_only_to_http(location: str) -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/1", status=302, Location=location)
        assert failed(await fetcher.fetch(f"{place.url}/1")) == "not-http"

    visiting(test)


@pytest.mark.parametrize("location", ["http://[::1", "http://a:b:c/"])
def test_a_redirect_to_nonsense_is_a_failure(location: str) -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/1", status=302, Location=location)
        assert failed(await fetcher.fetch(f"{place.url}/1")) in ("bad-address", "not-http", "dns")

    visiting(test)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0"]
)
def test_loopback_is_refused_in_every_form(host: str) -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/feed", "<rss/>")
        port = place.url.rpartition(":")[2]
        assert failed(await fetcher.fetch(f"http://{host}:{port}/feed")) in ("address-refused", "bad-address", "dns")
        assert place.asked == []

    visiting(test, allow_private=False)


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/"])
def test_a_redirect_to_metadata_is_refused_even_where_private_is_allowed(target: str) -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/1", status=302, Location=target)
        assert failed(await fetcher.fetch(f"{place.url}/1")) == "address-refused"

    visiting(test)


def test_gone_is_gone() -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/feed", status=410)
        assert (await fetcher.fetch(f"{place.url}/feed")).answer.outcome == "gone"

    visiting(test)


def test_a_closed_port_and_a_cut_connection_are_failures_with_a_name() -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        async def cut(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Length": "1000"})
            await response.prepare(request)
            await response.write(b"<rss>")
            assert request.transport is not None
            request.transport.abort()
            return response

        place.pages["/cut"] = cut
        assert failed(await fetcher.fetch("http://127.0.0.1:1/feed")) == "connect"
        assert failed(await fetcher.fetch(f"{place.url}/cut")) in ("cut-short", "disconnected")

    visiting(test)


def test_headers_without_end_are_refused() -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/feed", "<rss/>", X_Long="x" * 100_000)
        assert failed(await fetcher.fetch(f"{place.url}/feed")) == "protocol"

    visiting(test)


def test_cookies_are_not_kept() -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/feed", "<rss/>", Set_Cookie="who=me")
        await fetcher.fetch(f"{place.url}/feed")
        await fetcher.fetch(f"{place.url}/feed")
        assert "Cookie" not in place.headers

    visiting(test)


def test_credentials_reach_the_server_and_no_other_one() -> None:
    async def test(place: Site, fetcher: Fetcher) -> None:
        async with site() as other:
            other.serve("/feed", "<rss/>")
            place.serve("/feed", status=302, Location=f"{other.url}/feed")
            await fetcher.fetch(place.url.replace("http://", "http://desk:secret@") + "/feed")
            assert "Authorization" in place.headers
            assert "Authorization" not in other.headers

    visiting(test)


def test_every_visit_is_counted_with_its_outcome() -> None:
    def count(outcome: str) -> float:
        return REGISTRY.get_sample_value("parley_fetches_total", {"kind": "feed", "outcome": outcome}) or 0.0

    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/feed", "<rss/>")
        before = count("fresh"), count("http-404")
        await fetcher.fetch(f"{place.url}/feed")
        await fetcher.fetch(f"{place.url}/missing")
        assert (count("fresh"), count("http-404")) == (before[0] + 1, before[1] + 1)

    visiting(test)


def test_addresses_are_logged_without_credentials_or_keys() -> None:
    assert without_secrets("https://desk:secret@herald.example/rss?key=secret#x") == "https://herald.example/rss"
    assert "secret" not in without_secrets("http://[desk:secret")
    assert host_of("https://desk:secret@Herald.example/rss") == "herald.example"
    assert host_of("http://[") == ""
