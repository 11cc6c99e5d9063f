"""From the moment that a feed shows an article to the webhook that tells of it, while other articles stream in.

A probe is the fifth event on an actor of whom four are known, so that it makes exactly one alert, the actor's first
position. The wait for the next poll is left out: time starts when the site hands the article out.
"""

import itertools
import json
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from kafka import KafkaProducer

from models.exported_model import EXPORTED, read_description
from models.predict import StanceReader
from ops.bench.speed import texts
from ops.bench.speed.made import make_reading
from ops.bench.speed.path import embedded
from ops.bench.speed.processes import WATCHING, Process
from ops.bench.speed.row import Row, quantiles
from ops.bench.speed.site import Site
from streams.records import Article, Reading
from streams.statements import read_article
from streams.topics import READINGS, encode

KNOWN = 4
LOADING_FEEDS = 10


class Webhook:
    """Notes when each actor's alert came; a context manager."""

    def __init__(self) -> None:
        self.came: dict[str, float] = {}
        came = self.came

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                came.setdefault(body["data"]["actor"], time.perf_counter())
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def make_probes(count: int, now: datetime) -> list[tuple[str, Article]]:
    """Return (actor, article) pairs whose one statement is read as a stance of that actor's."""
    reader, catalogue = StanceReader.load(), texts.catalogue()
    probes = []
    for actor in catalogue.actors.values():
        title = f"{actor.name} backs peace talks to end the war in Ukraine, its foreign minister says"
        article = Article(
            id=f"probe-{actor.id}", url="", outlet="Probe", title=title, text=title + ".", published=now, fetched=now
        )
        found = [one for one in read_article(article, catalogue).statements if one.actor == actor.id]
        stances = reader.read(found)
        if stances and all(one.favor > 0.8 for one in stances):
            probes.append((actor.id, article))
    return probes[:count]


def known(actor: str, number: int, now: datetime, model: str) -> Reading:
    """A reading by the worker's own model: another's would be read again, and what it says be held meanwhile."""
    at = now - timedelta(days=4 * number + 4)
    return make_reading(f"known-{actor}-{number}", actor, f"Outlet {number % 2}", at, model)


def preload(bootstrap: str, api_version: tuple[int, ...] | None, actors: Sequence[str], now: datetime) -> None:
    model = read_description(EXPORTED).version
    producer = KafkaProducer(bootstrap_servers=bootstrap, api_version=api_version, enable_idempotence=False)
    for actor in actors:
        for number in range(KNOWN):
            producer.send(READINGS.name, encode(known(actor, number, now, model)), actor.encode())
    producer.flush()
    producer.close()


def measure(rate: int, count: int) -> Row:
    """Return the row of `count` probes while `rate` articles a second stream in."""
    now = datetime.now(UTC)
    probes = make_probes(count, now)
    with embedded() as (bootstrap, options, version), Site() as site, tempfile.TemporaryDirectory() as name:
        directory, hook = Path(name), Webhook()
        preload(bootstrap, version, [actor for actor, _ in probes], now)
        feeds = [("Probe", "/probe"), *((f"Load {number}", f"/load/{number}") for number in range(LOADING_FEEDS))]
        for title, path in feeds:
            site.serve(path, title, [])
        opml = directory / "feeds.opml"
        opml.write_text(site.write_opml(feeds))
        with (
            Process("stream", directory, options) as worker,
            Process("notify", directory, options, "--webhook", hook.url),
            Process("ingest", directory, options, "--feeds", str(opml), *WATCHING) as ingest,
        ):  # fmt: skip
            worker.await_ready()
            ingest.await_total("parley_fetches_total", len(feeds), kind="feed")
            handed = _probe(site, probes, texts.fresh(texts.articles(), now), rate)
            deadline = time.monotonic() + 120
            while len(hook.came.keys() & handed.keys()) < len(handed) and time.monotonic() < deadline:
                time.sleep(0.1)
        hook.close()
    waits = [hook.came[actor] - at for actor, at in handed.items() if actor in hook.came]
    if not waits:
        return Row(f"feed to webhook at {rate} articles/s", "no alert came", "", None)
    p50, p95, p99 = quantiles(waits)
    lost = len(handed) - len(waits)
    return Row(
        f"feed to webhook at {rate} articles/s", f"p50 {p50:.2f} s, p95 {p95:.2f} s, p99 {p99:.2f} s", "",
        None, note=f"{len(waits)} probes" + (f", {lost} did not come" if lost else ""),
    )  # fmt: skip


def _probe(site: Site, probes: Sequence[tuple[str, Article]], load: Iterator[Article], rate: int) -> dict[str, float]:
    """Show a probe at each poll of its feed, and `rate` other articles a second; return when each was handed out."""
    handed: dict[str, float] = {}
    shown: list[list[Article]] = [[] for _ in range(LOADING_FEEDS)]
    began, sent = time.perf_counter(), 0
    for number, (actor, _) in enumerate(probes):
        site.serve("/probe", "Probe", [one for _, one in probes[max(0, number - 20) : number + 1]])
        before = site.taken["/probe"]
        while site.taken["/probe"] == before:
            due = int((time.perf_counter() - began) * rate)
            for one in itertools.islice(load, due - sent):
                own = shown[sent % LOADING_FEEDS]
                own.append(one)
                # A feed shows its newest, and no fewer than what came since its last visit.
                del own[: -max(20, 4 * rate // LOADING_FEEDS)]
                sent += 1
            for place, own in enumerate(shown):
                if due and own:
                    site.serve(f"/load/{place}", f"Load {place}", own)
            time.sleep(0.05)
        handed[actor] = site.last["/probe"]
    return handed
