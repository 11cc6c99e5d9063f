"""The feed list and the ingester's memory of it -> how every feed does; changes neither."""

import sqlite3
from pathlib import Path
from typing import Final

import msgspec

from services.desk.answers.health import FeedList, FeedView
from services.desk.quotes import when
from services.desk.stands import read_clock
from services.errors import UsageProblem
from services.ingest.database import FILE
from services.ingest.feed import Feed
from services.ingest.fetch import without_secrets
from services.ingest.opml import Outline, list_outlines
from services.settings import Settings

WEEK: Final = 7 * 86400.0
# An outlet that has not been among the living for so long is silent.
HEARD: Final = 900.0


def view_feeds(db: sqlite3.Connection, settings: Settings) -> FeedList:
    """Return every feed of the list; without a list, every outlet that the stream heard of."""
    outlines, note = _outlines(settings)
    known = _remembered(settings.state)
    if outlines and known is None:
        note = note or (
            "The ingester keeps its state elsewhere: which outlets can be heard is told by the stream; visits and "
            "errors are shown on the machine it runs on."
        )
    clock = read_clock(db) or 0.0
    heard = dict(db.execute("SELECT name, heard FROM outlets").fetchall())
    counts = dict(
        db.execute(
            "SELECT outlet, count(DISTINCT id) FROM articles WHERE fetched > ? GROUP BY outlet", (clock - WEEK,)
        ).fetchall()
    )
    listed = {outline.outlet for outline in outlines}
    outlines += [Outline("", outlet, False) for outlet in sorted({*heard, *counts} - listed)]
    feeds = [_view(outline, (known or {}).get(outline.key), heard, counts, clock) for outline in outlines]
    return FeedList(feeds=feeds, editable=editable(settings) is not None, note=note)


def editable(settings: Settings) -> Path | None:
    """The list as a file that may be written; None where it is none."""
    if settings.feeds is None or settings.feeds.startswith(("http://", "https://")):
        return None
    return Path(settings.feeds)


def _outlines(settings: Settings) -> tuple[list[Outline], str]:
    if settings.feeds is None:
        return [], "No feed list: name the ingester's OPML file with --feeds to see and change it here."
    try:
        note = "" if editable(settings) else "The list lies at an address: it is changed there, and not here."
        return list_outlines(settings.feeds), note
    except UsageProblem as error:
        return [], str(error)


def _remembered(state: Path) -> dict[str, Feed] | None:
    """What the ingester remembers of each feed; None where its file is not here."""
    path = state / FILE
    if not path.is_file():
        return None
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=2.0) as memory:
            rows = memory.execute("SELECT key, state FROM feeds").fetchall()
        memory.close()
        return {key: msgspec.json.decode(text, type=Feed) for key, text in rows}
    except (sqlite3.Error, msgspec.MsgspecError):
        return None


def _view(
    outline: Outline, feed: Feed | None, heard: dict[str, float], counts: dict[str, int], clock: float
) -> FeedView:
    last = heard.get(outline.outlet)
    # Each minute names the outlets that answer: what is known of a feed where the ingester's own file is not.
    told = None if last is None else "heard" if clock - last <= HEARD else "silent"
    return FeedView(
        key=outline.key if outline.url else "",
        outlet=outline.outlet,
        url=without_secrets(outline.url) if outline.url else "",
        paused=outline.paused,
        state="paused" if outline.paused else told if feed is None else feed.state,
        failures=None if feed is None else feed.failures,
        reason="" if feed is None else feed.reason,
        last_success=when(feed.visited) if feed is not None and feed.visited else None,
        next_visit=when(feed.due) if feed is not None and feed.due and not outline.paused and not feed.gone else None,
        heard=None if last is None else when(last),
        articles_per_day=round(counts.get(outline.outlet, 0) / 7, 1),
    )
