"""Feeds a minute: a second round over a thousand feeds of which few changed, beside a loop of feedparser.parse(url)."""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import msgspec

from ops.bench.speed import texts
from ops.bench.speed.path import embedded
from ops.bench.speed.processes import AT_ONCE, Process
from ops.bench.speed.row import Row, compare
from ops.bench.speed.site import Site
from streams.records import Article

ENTRIES = 30
CHANGED = 0.05


def entries(feed: int, shift: int) -> list[Article]:
    """Return a feed's entries: `shift` of them are newer than those of the round before."""
    pool, now = texts.articles(), datetime.now(UTC)
    return [
        msgspec.structs.replace(
            pool[(feed * 7 + number) % len(pool)], id=f"{feed}-{number}", text=pool[number % len(pool)].text[:400],
            published=now, fetched=now,
        )
        for number in range(shift, shift + ENTRIES)
    ]  # fmt: skip


def measure(count: int, rounds: int) -> Row:
    """Every round changes five feeds in a hundred; the loop parses a tenth of the feeds, and its rate is the same."""
    with embedded() as (_, options, _), Site() as site, tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        feeds = [(f"Outlet {number}", f"/{number}") for number in range(count)]
        for number, (title, path) in enumerate(feeds):
            site.serve(path, title, entries(number, 0))
        opml = directory / "feeds.opml"
        opml.write_text(site.write_opml(feeds))
        shifts = iter(range(1, 1000))
        # One process all the while, so that starting it does not count.
        with Process("ingest", directory, options, "--feeds", str(opml), *AT_ONCE) as ingest:  # fmt: skip
            ingest.await_total("parley_fetches_total", count, kind="feed")

            def ours() -> float:
                shift = next(shifts)
                for number in range(0, count, round(1 / CHANGED)):
                    site.serve(f"/{number}", f"Outlet {number}", entries(number, shift))
                before, began = ingest.total("parley_fetches_total", kind="feed"), time.perf_counter()
                ingest.await_total("parley_fetches_total", before + 2 * count, kind="feed")
                return 2 * count / (time.perf_counter() - began) * 60

            def loop() -> float:
                began, few = time.perf_counter(), feeds[:: max(1, count // 100)]
                for _, path in few:
                    feedparser.parse(f"{site.origin}{path}")
                return len(few) / (time.perf_counter() - began) * 60

            return compare(
                f"{count} feeds, {CHANGED:.0%} changed", "feeds/min", "a loop of feedparser.parse(url)",
                ours, loop, rounds, 20, "both share the two cores with the server of the feeds",
            )  # fmt: skip
