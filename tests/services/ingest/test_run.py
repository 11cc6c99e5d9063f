"""The ingester as a process: called, watched, stopped."""

import asyncio
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from aiohttp import web

from services.broker.embedded import API_VERSION, EmbeddedBroker
from services.ingest.store import Store
from streams.records import Article, Pulse
from streams.topics import ARTICLES, READINGS, Topic, decode_article, decode_evidence
from tests.services.ingest.server import Site, site
from tests.services.ingest.test_visit import entry, rss
from tests.services.received import read_embedded

pytestmark = pytest.mark.journey

REAL_FEEDS = Path(__file__).parents[4] / "shared" / "data" / "feeds"

LOCAL = ["--allow-private", "--host-delay", "0", "--poll-min", "0.2", "--poll-max", "0.4"]


@pytest.fixture(scope="module")
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker() as made:
        yield made


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "services", "ingest", *arguments]


def connection(broker: EmbeddedBroker, state: Path) -> list[str]:
    return ["--kafka", broker.bootstrap, "--kafka-api-version", API_VERSION, "--state", str(state)]


def call(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command(*arguments), capture_output=True, text=True, check=False, timeout=180)


async def called(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return await asyncio.to_thread(call, *arguments)


def listed(directory: Path, feeds: dict[str, str]) -> str:
    path = directory / "feeds.opml"
    outlines = "".join(f'<outline text="{outlet}" xmlUrl="{url}"/>' for outlet, url in feeds.items())
    path.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    return str(path)


def records(broker: EmbeddedBroker, topic: Topic) -> list[bytes]:
    return [record.value for record in read_embedded(broker.bootstrap, topic.name)]


def articles(broker: EmbeddedBroker, *outlets: str) -> list[Article]:
    found = [decode_article(value) for value in records(broker, ARTICLES)]
    return sorted((article for article in found if article.outlet in outlets), key=lambda article: article.published)


def with_site(test: Callable[[Site], Awaitable[None]]) -> None:
    async def run() -> None:
        async with site() as place:
            await test(place)

    asyncio.run(run())


@contextmanager
def running(*arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Start it and give its process and the address of its metrics page; whatever it left is an error."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    process = subprocess.Popen(
        command(*arguments, "--metrics-port", port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process, f"http://127.0.0.1:{port}/metrics"
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def page(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


async def until(done: Callable[[], bool], seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not await asyncio.to_thread(done):
        assert time.monotonic() < deadline, "did not happen in time"
        await asyncio.sleep(0.1)


def test_once_visits_each_feed_and_what_is_new_is_on_the_topic(tmp_path: Path, broker: EmbeddedBroker) -> None:
    async def test(place: Site) -> None:
        place.serve("/herald", rss(entry(1), entry(2), entry(3, title="Cup final", text="Football.")))
        place.serve("/gazette", rss(entry(4), entry(1)).replace("herald.example/4", "gazette.example/4"))
        place.serve("/broken", "<html>Sign in</html>")

        async def never(_: web.Request) -> web.Response:
            await asyncio.sleep(60)
            return web.Response()

        place.pages["/hangs"] = never
        feeds = {
            "Broken": f"{place.url}/broken",
            "Hangs": f"{place.url}/hangs",
            "Nobody": "http://127.0.0.1:1/feed",
            "Herald": f"{place.url}/herald",
            "Gazette": f"{place.url}/gazette",
        }
        arguments = ["--once", "--no-fulltext", "--feeds", listed(tmp_path, feeds), *connection(broker, tmp_path / "s")]
        before = datetime.now(UTC).replace(second=0, microsecond=0)
        done = await called(*arguments, *LOCAL, "--fetch-timeout", "5")
        assert done.returncode == 0, done.stderr
        found = articles(broker, "Herald", "Gazette")
        assert [article.title[-3:] for article in found] == ["(4)", "(2)", "(1)"]
        assert all(article.backfill for article in found)
        pulses = [decode_evidence(value) for value in records(broker, READINGS)]
        assert len(pulses) == READINGS.partitions
        for pulse in pulses:
            assert isinstance(pulse, Pulse)
            assert pulse.alive == ("Gazette", "Herald")
            assert pulse.minute >= before
        again = await called(*arguments, *LOCAL, "--fetch-timeout", "5")
        assert again.returncode == 0
        assert len(articles(broker, "Herald", "Gazette")) == 3

    with_site(test)


@pytest.mark.data
@pytest.mark.skipif(not REAL_FEEDS.is_dir(), reason="the real feeds under ../shared/data are not here")
def test_every_real_feed_is_read(tmp_path: Path, broker: EmbeddedBroker) -> None:
    async def test(place: Site) -> None:
        files = sorted(REAL_FEEDS.glob("*.xml"))
        assert len(files) == 33
        for file in files:
            place.serve(f"/{file.name}", file.read_bytes(), Content_Type="application/xml")
        feeds = listed(tmp_path, {file.stem: f"{place.url}/{file.name}" for file in files})
        done = await called("--once", "--no-fulltext", "--feeds", feeds, *connection(broker, tmp_path / "s"), *LOCAL)
        assert done.returncode == 0, done.stderr
        store = Store(tmp_path / "s")
        states = store.feeds().values()
        store.close()
        assert len(states) == 33
        assert [feed.reason for feed in states if not feed.alive] == []
        assert sum(len(feed.entries) for feed in states) > 500

    with_site(test)


def test_it_watches_until_it_is_told_to_stop_and_leaves_nothing(tmp_path: Path, broker: EmbeddedBroker) -> None:
    async def test(place: Site) -> None:
        place.serve("/feed", rss(entry(2)))
        address = place.url.replace("//", "//desk:hunter2@")
        feeds = listed(tmp_path, {"Courier": f"{address}/feed?key=hunter3", "Missing": f"{address}/missing"})
        with running("--feeds", feeds, "--no-fulltext", *connection(broker, tmp_path / "s"), *LOCAL) as (process, url):
            await until(lambda: "parley_feeds" in page(url))
            await until(lambda: len(articles(broker, "Courier")) == 1)
            place.serve("/feed", rss(entry(1), entry(2)))
            await until(lambda: len(articles(broker, "Courier")) == 2)
            shown = page(url)
            assert 'parley_feeds{state="live"} 1.0' in shown
            assert 'parley_feeds{state="failing"} 1.0' in shown
            assert 'parley_articles_in_total{kind="live"} 1.0' in shown
            assert "parley_ready 1.0" in shown
            family = psutil.Process(process.pid).children(recursive=True)
            assert family
            process.send_signal(signal.SIGTERM)
            started = time.monotonic()
            output, _ = await asyncio.to_thread(process.communicate)
            assert process.returncode == 0, output
            assert time.monotonic() - started < 5.0
            _, left = psutil.wait_procs(family, timeout=60)
            assert left == []
            assert "hunter" not in output + shown
            assert "metrics on http://127.0.0.1:" in output
        assert [article.backfill for article in articles(broker, "Courier")] == [True, False]

    with_site(test)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_in_time_with_a_hanging_server_and_no_broker(tmp_path: Path, number: signal.Signals) -> None:
    async def test(place: Site) -> None:
        async def never(_: web.Request) -> web.Response:
            await asyncio.sleep(60)
            return web.Response()

        place.pages["/hangs"] = never
        place.serve("/feed", rss(entry(1)))
        feeds = listed(tmp_path, {"Hangs": f"{place.url}/hangs", "Herald": f"{place.url}/feed"})
        arguments = ["--feeds", feeds, "--kafka", "127.0.0.1:1", "--state", str(tmp_path / "s"), "--no-fulltext"]
        with running(*arguments, *LOCAL) as (process, url):
            await until(lambda: "parley_outbox_articles 1.0" in page(url))
            assert "parley_ready 0.0" in page(url)
            process.send_signal(number)
            started = time.monotonic()
            output, _ = await asyncio.to_thread(process.communicate)
            assert (process.returncode, "Traceback" in output) == (0, False), output
            # Neither the server, which hangs for a minute, nor the broker is waited for; compose kills after 35 s.
            assert time.monotonic() - started < 10.0
            assert "not ready: broker 127.0.0.1:1" in output

    with_site(test)


def test_a_kill_loses_nothing(tmp_path: Path, broker: EmbeddedBroker) -> None:
    async def test(place: Site) -> None:
        place.serve("/feed", rss(*(entry(n) for n in range(1, 31))).replace("herald", "killed"))
        feeds = listed(tmp_path, {"Killed": f"{place.url}/feed"})
        state = tmp_path / "s"
        absent = ["--kafka", "127.0.0.1:1", "--state", str(state)]
        with running("--feeds", feeds, "--no-fulltext", *absent, *LOCAL) as (process, url):
            await until(lambda: "parley_outbox_articles 30.0" in page(url))
            family = psutil.Process(process.pid).children(recursive=True)
            process.kill()
            # The processes that read documents notice that nobody is left to read for.
            _, left = psutil.wait_procs(family, timeout=60)
            assert left == []
        done = await called("--once", "--feeds", feeds, "--no-fulltext", *connection(broker, state), *LOCAL)
        assert done.returncode == 0, done.stderr
        assert len(articles(broker, "Killed")) == 30

    with_site(test)


def small_disk() -> None:
    # Writing past the limit fails as it does on a full disk, and Python ignores the signal that comes with it.
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))


def test_a_full_disk_ends_it_with_one_line_and_loses_nothing(tmp_path: Path, broker: EmbeddedBroker) -> None:
    async def test(place: Site) -> None:
        place.serve("/feed", rss(*(entry(n, text="Words. " * 1000) for n in range(1, 41))).replace("herald", "full"))
        feeds = listed(tmp_path, {"Full": f"{place.url}/feed"})
        arguments = ["--once", "--feeds", feeds, "--no-fulltext", *connection(broker, tmp_path / "s"), *LOCAL]
        done = await asyncio.to_thread(
            subprocess.run,
            command(*arguments),
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=small_disk,
        )
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
        assert "cannot be written" in done.stderr.splitlines()[-1]
        assert articles(broker, "Full") == []
        assert (await called(*arguments)).returncode == 0
        assert len(articles(broker, "Full")) == 40

    with_site(test)
