"""Where the whole path's processor time goes: by process, and by function of what the processes do with an article.

.venv/bin/python -m ops.bench.speed --profile
"""

import cProfile
import io
import os
import pstats
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import psutil

from models.predict import StanceReader
from ops.bench.speed import path, texts
from ops.bench.speed.made import SURE
from ops.bench.speed.site import write_feed
from services.ingest.digest import judge_entries, read_feed, write_article
from streams.batch import read_batch
from streams.records import Article
from streams.topics import decode_article, encode

FUNCTIONS = 12


def show_profile() -> None:
    """Print both; takes about a minute."""
    once = texts.articles()
    articles = list(islice(texts.fresh(once, datetime.now(UTC)), 2 * len(once)))
    print(f"# {len(articles)} articles as they come, {len(path.relevant(articles))} of them relevant\n")
    with path.embedded() as kafka, seconds_by_process():
        path.run_path(kafka, articles)
    print("\n# What the processes do with an article, µs of processor time each\n")
    # The first time, words are looked up and patterns compiled that a process then has for good.
    stages(articles)
    for name, spent in stages(articles).items():
        print(f"{spent * 1e6:9.0f}  {name}")
    print("\n# By function\n")
    profile = cProfile.Profile()
    profile.runcall(stages, articles)
    text = io.StringIO()
    pstats.Stats(profile, stream=text).sort_stats("tottime").print_stats(FUNCTIONS)
    print(text.getvalue())


@contextmanager
def seconds_by_process() -> Iterator[None]:
    """Print the processor seconds of this process, and of each that ended in between with its children."""
    own, before = time.process_time(), os.times()
    yield
    after = os.times()
    print(f"{time.process_time() - own:7.2f} s  the server of the feeds, the embedded broker, the benchmark itself")
    others = after.children_user + after.children_system - before.children_user - before.children_system
    print(f"{others:7.2f} s  worker and ingester, their start included (its parsers are not: see below)")
    print(f"{psutil.cpu_percent(None):7.0f} %  of the machine, others' work included")


def stages(articles: Sequence[Article]) -> dict[str, float]:
    """Return seconds an article, of one thread, in each stage."""
    feeds = [write_feed(f"Outlet {number}", articles[number :: path.FEEDS]) for number in range(path.FEEDS)]
    spent: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any], share: int = len(articles)) -> Any:
        began = time.thread_time()
        done = work()
        spent[name] = (time.thread_time() - began) / share
        return done

    readings = timed("parse feeds", lambda: [read_feed(body, "", "http://bench.example/", "Bench") for body in feeds])
    entries = [item.entry for reading in readings for item in reading.items]
    calls = timed("judge relevance", lambda: judge_entries(entries))
    about = [entry for entry, call in zip(entries, calls, strict=True) if call == "relevant"]
    now = datetime.now(UTC)
    written = timed(
        "write and sign relevant articles", lambda: [write_article(e, "B", None, now, False)[0] for e in about]
    )
    raws = timed("encode them", lambda: [encode(article) for article in written])
    timed("decode them", lambda: [decode_article(raw) for raw in raws])
    reader = StanceReader.load(threads=1)
    timed(
        "find their statements (and decode)",
        lambda: read_batch(raws, texts.catalogue(), lambda found: [SURE] * len(found), reader.version),
    )
    batches = [raws[start : start + path.BATCH] for start in range(0, len(raws), path.BATCH)]
    statements = [path.statements_of([decode_article(raw) for raw in batch]) for batch in batches]
    timed("bare inference", lambda: [reader.read(batch) for batch in statements])
    return spent
