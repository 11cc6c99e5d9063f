"""Name servers that hang, and names that change their address between two looks."""

import asyncio
import socket
import threading
import time
from typing import Any

import pytest

from services.ingest.fetch import Fetcher
from tests.services.ingest.server import Site
from tests.services.ingest.test_fetch import failed, visiting


@pytest.mark.fault(22, "the system's resolver answers only after the test is over")
def test_a_name_server_that_hangs_costs_one_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    over, asked = threading.Event(), threading.Event()

    def hang(*_: Any, **__: Any) -> Any:
        asked.set()
        over.wait(20)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/feed", "<rss/>")
        started = time.monotonic()
        with monkeypatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", hang)
            visit = asyncio.create_task(fetcher.fetch("http://hangs.example/feed"))
            assert await asyncio.to_thread(asked.wait, 60)
            # Another feed is read while this one waits.
            assert (await fetcher.fetch(f"{place.url}/feed")).body == b"<rss/>"
            assert failed(await visit) == "timeout"
            assert time.monotonic() - started < 15
            over.set()

    visiting(test, fetch_timeout=1.0)


@pytest.mark.fault(23, "a resolver that gives a public name an inside address when it is connected")
@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1"])
def test_a_name_that_is_bound_anew_is_refused_where_it_is_connected(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0

    async def test(place: Site, fetcher: Fetcher) -> None:
        place.serve("/secret", "inside")
        port = int(place.url.rpartition(":")[2])

        def rebind(host: str, *_: Any, **__: Any) -> Any:
            nonlocal looks
            looks += 1
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            where = (address, port, 0, 0) if ":" in address else (address, port)
            return [(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", where)]

        with monkeypatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", rebind)
            assert failed(await fetcher.fetch(f"http://rebind.example:{port}/secret")) == "address-refused"
        assert looks >= 1
        assert place.asked == []

    visiting(test, allow_private=False)
