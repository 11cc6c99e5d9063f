"""Articles that the broker has not acknowledged yet, as rows on disk; never talks to the broker."""

import sqlite3
import threading
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from services import metrics
from streams.canary import KIND as CANARY
from streams.canary import is_canary
from streams.records import Article
from streams.topics import ARTICLES, decode_article, encode

# Kafka's default largest record is 1,048,588 bytes with its key and framing.
LARGEST: Final = 900_000

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    published REAL NOT NULL,
    kind TEXT NOT NULL          -- live, backfill or canary
);
CREATE INDEX IF NOT EXISTS outbox_by_time ON outbox (published, key, seq);
"""


class Waiting(NamedTuple):
    """A record to send, the same bytes however often it is asked for."""

    seq: int
    topic: str
    key: str
    value: bytes
    kind: str


class Outbox:
    """The table `outbox` of the store's database. Rows go only by `remove`, after the broker's acknowledgement."""

    def __init__(self, db: sqlite3.Connection, lock: threading.RLock) -> None:
        self._db = db
        self._lock = lock
        with lock:
            db.executescript(_SCHEMA)
        self.count()

    def put(self, article: Article) -> None:
        """Add an article, shortened where it would not fit into a record; the caller holds the transaction."""
        value = fitting(article, LARGEST)
        self._db.execute(
            "INSERT INTO outbox (topic, key, value, published, kind) VALUES (?, ?, ?, ?, ?)",
            (ARTICLES.name, article.id, value, article.published.timestamp(), _kind(article)),
        )

    def take(self, limit: int) -> list[Waiting]:
        """Up to `limit` records in the order of publication; they stay until `remove`."""
        with self._lock:
            rows = self._db.execute(
                "SELECT seq, topic, key, value, kind FROM outbox ORDER BY published, key, seq LIMIT ?", (limit,)
            ).fetchall()
        return [Waiting(*row) for row in rows]

    def remove(self, seqs: Sequence[int]) -> None:
        """Forget acknowledged records."""
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("DELETE FROM outbox WHERE seq = ?", [(seq,) for seq in seqs])
        self.count()

    def halve(self, waiting: Waiting) -> bool:
        """Halve the text of a record that the broker calls too large; False where there is none left to cut."""
        article = decode_article(waiting.value)
        if not article.text:
            return False
        with self._lock:
            value = encode(_shortened(article, len(article.text) // 2))
            self._db.execute("UPDATE outbox SET value = ? WHERE seq = ?", (value, waiting.seq))
        metrics.ARTICLES_CUT.inc()
        return True

    def last(self) -> int:
        """The number of the newest record ever put; numbers are never used again."""
        with self._lock:
            row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetchone()
        return int(row[0]) if row else 0

    def empty_up_to(self, seq: int) -> bool:
        """Whether every record up to that number has been acknowledged."""
        with self._lock:
            row = self._db.execute("SELECT min(seq) FROM outbox").fetchone()
        return row[0] is None or int(row[0]) > seq

    def count(self) -> int:
        """Return how many records wait, and show it on the metrics page."""
        with self._lock:
            (rows,) = self._db.execute("SELECT count(*) FROM outbox").fetchone()
        metrics.OUTBOX.set(rows)
        return int(rows)


def fitting(article: Article, largest: int) -> bytes:
    """The article's bytes, its text cut until they are at most `largest`; a title alone always fits."""
    value = encode(article)
    if len(value) <= largest:
        return value
    metrics.ARTICLES_CUT.inc()
    # Characters differ in how many bytes they take, so the longest beginning that fits is searched for.
    lengths = range(1, len(article.text) + 1)
    fits = bisect_left(lengths, True, key=lambda characters: _size(article, characters) > largest)
    return encode(_shortened(article, fits))


def _shortened(article: Article, characters: int) -> Article:
    return replace(article, text=article.text[:characters])


def _size(article: Article, characters: int) -> int:
    return len(encode(_shortened(article, characters)))


def _kind(article: Article) -> str:
    if is_canary(article):
        return CANARY
    return "backfill" if article.backfill else "live"
