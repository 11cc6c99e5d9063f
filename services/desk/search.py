"""Words -> the quotes and articles that hold them; reads only the projection."""

import sqlite3
from typing import Final

from services.desk.answers.quotes import Found, Hit
from services.desk.quotes import find_quotes, when

MOST: Final = 50
EXCERPT: Final = 24  # Words around what was found.
OPEN, CLOSE = "\x01", "\x02"  # In no text: feeds are cleaned of control characters.


def search(db: sqlite3.Connection, query: str, limit: int = MOST) -> Found:
    """Return what holds every word of the query; a word may be the beginning of a longer one."""
    match = to_match(query)
    if not match:
        return Found(query=query, quotes=[], articles=[])
    quotes = find_quotes(
        db,
        "WHERE r.number IN (SELECT rowid FROM reading_words WHERE reading_words MATCH ?) ORDER BY r.time DESC LIMIT ?",
        (match, limit),
    )
    rows = db.execute(
        "SELECT a.id, a.outlet, a.title, a.url, a.published, snippet(article_words, -1, ?, ?, ' … ', ?) "
        "FROM article_words JOIN articles a ON a.number = article_words.rowid WHERE article_words MATCH ? "
        "AND a.revision = (SELECT max(revision) FROM articles b WHERE b.id = a.id) "
        "ORDER BY a.published DESC LIMIT ?",
        (OPEN, CLOSE, EXCERPT, match, limit),
    )
    hits = [
        Hit(id=id, outlet=outlet, title=title, url=url, published=when(published), excerpt=_parts(excerpt))
        for id, outlet, title, url, published, excerpt in rows
    ]
    return Found(query=query, quotes=quotes, articles=hits)


def to_match(query: str) -> str:
    """Return the query as FTS5 takes it: nothing in it is an operator, whatever was typed."""
    words = ["".join(char for char in word if char.isalnum() or char in "'-") for word in query.split()[:20]]
    return " ".join(f'"{word}"*' for word in words if any(char.isalnum() for char in word))


def _parts(excerpt: str) -> list[tuple[str, bool]]:
    parts: list[tuple[str, bool]] = []
    for number, piece in enumerate(excerpt.split(OPEN)):
        found, mark, rest = piece.partition(CLOSE)
        if number and mark:
            parts.append((found, True))
            found = rest
        if found:
            parts.append((found, False))
    return parts
