"""The canary: an article of our own that travels the whole path, and what it becomes on the way; moves no position.

It is sent like any article, its one statement is read by the model like any statement, and its reading goes through
the evidence log like any reading. There it raises an alert of its own kind at once, and is remembered nowhere. Its
words name nobody of the catalogue, so that a worker that does not know canaries finds no statement in it.
"""

from datetime import datetime
from typing import Final

from streams.records import Article, Reading, ShiftAlert, Statement, content_id

CANARY: Final = "parley-canary"  # Its outlet and its actor; no other's.
KIND: Final = "canary"
_ID: Final = "canary-"  # Ids of articles from feeds are hexadecimal digits alone.


def make_canary(at: datetime) -> Article:
    """Return the canary sent at `at`; one a second, by its id."""
    return Article(
        id=f"{_ID}{int(at.timestamp())}",
        url="",
        outlet=CANARY,
        title=f"Canary of {at:%Y-%m-%d %H:%M:%S} UTC",
        text="This is a test of the path, written by no outlet. The canary says that it rejects a ceasefire.",
        published=at,
        fetched=at,
        # It is no live news, and must count as none in what is measured of it.
        backfill=True,
    )


def is_canary(record: Article | Reading) -> bool:
    """Whether the article, or the reading, is a canary's. No feed can make one: its ids are given by us."""
    id_ = record.id if isinstance(record, Article) else record.article
    return id_.startswith(_ID) and record.outlet == CANARY


def canary_statement(article: Article) -> Statement:
    """Return the one statement that a canary makes."""
    body = article.body
    start = body.index("The canary says")
    quote = body[start:]
    return Statement(
        speaker=CANARY, actor=CANARY, capacity="other", quote=quote, start=start, end=len(body),
        speaker_start=0, speaker_end=len("The canary"),
    )  # fmt: skip


def canary_alert(reading: Reading) -> ShiftAlert:
    """Return the alert that a canary's reading raises; `since`, `at` and `cause_time` are when it was sent."""
    return ShiftAlert(
        id=content_id("alert", CANARY, reading.id),
        kind=KIND,
        actor=CANARY,
        before="unknown",
        after="unknown",
        since=reading.fetched,
        at=reading.fetched,
        probability=1.0,
        status="confirmed",
        cause_time=reading.fetched,
    )
