"""The whole path, from a feed over HTTP to the last reading, beside bare inference and beside a plain program."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from models.predict import StanceReader
from ops.bench.speed import texts
from ops.bench.speed.plain import run_plain
from ops.bench.speed.processes import WATCHING, Process
from ops.bench.speed.row import Row, compare
from ops.bench.speed.site import Site
from services.broker.apache import ApacheKafka
from services.broker.embedded import API_VERSION, EmbeddedBroker
from services.ingest.relevance import judge
from streams.records import Article, Statement
from streams.statements import read_article

LIBS = Path(".parley/kafka/libs")
FEEDS = 20
PLAIN_MOST = 40
BATCH = 32
Kafka = tuple[str, list[str], tuple[int, ...] | None]


@contextmanager
def embedded() -> Iterator[Kafka]:
    with EmbeddedBroker() as broker:
        yield broker.bootstrap, ["--kafka", broker.bootstrap, "--kafka-api-version", API_VERSION], (2, 3)


@contextmanager
def apache() -> Iterator[Kafka]:
    with tempfile.TemporaryDirectory() as directory, ApacheKafka(LIBS, Path(directory)) as broker:
        yield broker.bootstrap, ["--kafka", broker.bootstrap], None


def run_path(kafka: Kafka, articles: Sequence[Article], workers: int = 1) -> float:
    """Return articles a second: from the moment that the feeds show them to the last one read by a worker.

    Processes are ready and the feeds known before, so that starting them does not count.
    """
    dealt = [list(articles[number::FEEDS]) for number in range(FEEDS)]
    with tempfile.TemporaryDirectory() as name, Site() as site:
        directory = Path(name)
        for number in range(FEEDS):
            site.serve(f"/{number}", f"Outlet {number}", [])
        opml = directory / "feeds.opml"
        opml.write_text(site.write_opml([(f"Outlet {number}", f"/{number}") for number in range(FEEDS)]))
        options = ["--feeds", str(opml), *WATCHING]
        running = [Process("stream", directory, kafka[1]) for _ in range(workers)]
        ingest = Process("ingest", directory, kafka[1], *options)
        try:
            for worker in running:
                worker.await_ready()
            ingest.await_total("parley_fetches_total", FEEDS, kind="feed")
            before = site.requests
            for number, own in enumerate(dealt):
                site.serve(f"/{number}", f"Outlet {number}", own)
            began = time.perf_counter()
            while site.requests == before:
                time.sleep(0.005)
            began = time.perf_counter()
            _await_read(ingest, running, len(articles))
            return len(articles) / (time.perf_counter() - began)
        finally:
            for one in (ingest, *running):
                one.__exit__(None, None, None)


def _await_read(ingest: Process, workers: Sequence[Process], count: int) -> None:
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        taken, dropped = (ingest.total(f"parley_articles_{name}_total") for name in ("in", "dropped"))
        if taken + dropped >= count and sum(one.total("parley_articles_read_total") for one in workers) >= taken:
            return
        # Making and reading a page of metrics costs a core milliseconds: asked seldom, that does not count.
        time.sleep(0.2)
    raise RuntimeError(f"not all articles were read:\n{ingest.log.read_text()[-1000:]}")


def relevant(articles: Sequence[Article]) -> list[Article]:
    return [one for one in articles if judge(one.title, one.text).relevant]


def statements_of(articles: Sequence[Article]) -> list[Statement]:
    """The statements that the worker puts to the model: those of relevant articles."""
    return [found for one in relevant(articles) for found in read_article(one, texts.catalogue()).statements]


def measure(rounds: int, copies: int, kafka: Callable[[], Any], name: str, classify: Any) -> Iterator[Row]:
    """Every article goes through `copies` times, each time under another id and headline, so that a run takes long."""
    reader, once = StanceReader.load(), texts.articles()
    articles = list(islice(texts.fresh(once, datetime.now(UTC)), copies * len(once)))
    wanted = list(islice(texts.fresh(relevant(once), datetime.now(UTC)), 5 * copies * len(relevant(once))))
    # As the worker does: what comes together is read together, and what is equal in it once.
    batches, wanted_batches = (
        [statements_of(some[at : at + BATCH]) for at in range(0, len(some), BATCH)] for some in (articles, wanted)
    )

    def bare(of: Sequence[Article], read: Sequence[Sequence[Statement]]) -> float:
        began = time.perf_counter()
        for batch in read:
            reader.read(batch)
        return len(of) / (time.perf_counter() - began)

    def whole(of: Sequence[Article]) -> float:
        with kafka() as running:
            return run_path(running, of)

    def plain() -> float:
        few = wanted[:PLAIN_MOST]
        with kafka() as running, Site() as site:
            site.serve("/plain", "Plain", few)
            return run_plain([f"{site.origin}/plain"], running[0], running[2], classify)

    size = f"{len(articles)} articles, {len(relevant(articles))} relevant, {sum(map(len, batches))} statements"
    yield compare(
        f"whole path on {name}, articles as they come", "articles/s", "bare inference on their statements",
        lambda: whole(articles), lambda: bare(articles, batches), rounds, 0.8, size,
    )  # fmt: skip
    # One run of the path stands beside both peers.
    rates = [(whole(wanted), bare(wanted, wanted_batches), plain()) for _ in range(rounds)]
    size = f"{len(wanted)} articles, {sum(map(len, wanted_batches))} statements"
    peers = (
        ("bare inference on their statements", 0.8),
        ("plain program: feedparser, consumer, pipeline per sentence", 10),
    )
    for place, (peer, aim) in enumerate(peers, start=1):
        ours, theirs = iter([rate[0] for rate in rates]), iter([rate[place] for rate in rates])
        yield compare(
            f"whole path on {name}, relevant articles", "articles/s", peer,
            partial(next, ours), partial(next, theirs), rounds, aim, size,
        )  # fmt: skip
