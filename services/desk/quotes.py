"""Rows of readings and articles -> quotes in their place; reads only the projection."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from services.desk.answers.quotes import ArticleView, Judgement, Passage, Quote
from services.desk.names import name_of
from streams.records import Reading

_reading: Final = msgspec.json.Decoder(Reading)

COLUMNS: Final = (
    "r.record, r.counts, coalesce(w.revision, 0) > r.revision, a.at, a.what, b.at, b.what FROM readings r "
    "LEFT JOIN withdrawals w ON w.article = r.article "
    "LEFT JOIN said a ON a.subject = r.id LEFT JOIN said b ON b.subject = r.words"
)


def when(seconds: float) -> datetime:
    """Seconds since 1970 as a time in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def find_quotes(db: sqlite3.Connection, rest: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[Quote]:
    """Return the readings that `rest` of the query asks for, `r` being the reading."""
    return [make_quote(row) for row in db.execute(f"SELECT {COLUMNS} {rest}", parameters)]


def make_quote(row: Sequence[Any]) -> Quote:
    record, counts, withdrawn, *said = row
    one = _reading.decode(record)
    chances = one.probabilities
    return Quote(
        id=one.id,
        article=one.article,
        actor=one.actor,
        actor_name=name_of(one.actor),
        speaker=one.speaker,
        speaker_name=name_of(one.speaker),
        capacity=one.capacity,
        outlet=one.outlet,
        url=one.url,
        title=one.title,
        quote=one.quote,
        label=chances.label,
        favor=chances.favor,
        against=chances.against,
        neither=chances.neither,
        time=one.time,
        counts=bool(counts),
        withdrawn=bool(withdrawn),
        verdict=latest([(said[0], said[1]), (said[2], said[3])]),
    )


def latest(said: Iterable[tuple[float | None, str | None]]) -> Judgement | None:
    """Return the newest word of several on the same thing."""
    spoken = [(at, what) for at, what in said if at is not None and what is not None]
    if not spoken:
        return None
    at, what = max(spoken)
    return Judgement.model_validate({"what": what, "at": when(at)})


def read_reading(db: sqlite3.Connection, id: str) -> Reading | None:
    """Return the reading as it is on the topic, without its signature."""
    row = db.execute("SELECT record FROM readings WHERE id = ?", (id,)).fetchone()
    return None if row is None else _reading.decode(row[0])


def place(db: sqlite3.Connection, article: str, revision: int | None, start: int, end: int, quote: str) -> Passage:
    """Return the quote in its paragraph; where the text is gone, or reads otherwise now, the quote alone."""
    rows = db.execute(
        "SELECT title, text FROM articles WHERE id = ? AND (? IS NULL OR revision = ?) ORDER BY revision DESC",
        (article, revision, revision),
    )
    for title, text in rows:
        body = f"{title}\n\n{text}"
        if body[start:end] == quote:
            first = body.rfind("\n", 0, start) + 1
            last = body.find("\n", end)
            return Passage(
                before=body[first:start], quote=quote, after=body[end : last if last >= 0 else None], complete=True
            )
    return Passage(before="", quote=quote, after="", complete=False)


def view_article(db: sqlite3.Connection, id: str) -> ArticleView | None:
    """Return the newest revision of the article that is kept, with its readings in the order of the text."""
    row = db.execute(
        "SELECT revision, outlet, url, title, text, published, fetched FROM articles WHERE id = ? "
        "ORDER BY revision DESC LIMIT 1",
        (id,),
    ).fetchone()
    if row is None:
        return None
    revision, outlet, url, title, text, published, fetched = row
    quotes = find_quotes(db, "WHERE r.article = ? AND r.revision = ? ORDER BY r.number", (id, revision))
    return ArticleView(
        id=id,
        revision=revision,
        outlet=outlet,
        url=url,
        title=title,
        text=text,
        published=when(published),
        fetched=when(fetched),
        readings=quotes,
    )
