"""The ingester's memory on disk: feeds, articles seen, and the outbox, changed together or not at all.

A visit's validators and seen ids are stored in the transaction that puts its articles into the outbox: whatever
happens between two instructions, an article is either still to be fetched or still to be sent, never neither.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from services.errors import ParleyError, UsageProblem
from services.ingest.database import FILE, claim, open_database
from services.ingest.feed import Feed
from services.ingest.outbox import Outbox
from streams.canary import KIND as CANARY
from streams.records import Article


class Known(NamedTuple):
    """What is remembered of an article."""

    feed: str
    hash: str
    revision: int
    sent: bool


class News(NamedTuple):
    """A new or changed entry: the record to send, or None where it is only to be remembered."""

    id: str
    hash: str
    article: Article | None


class Visited(NamedTuple):
    """The outcome of a visit to the feed `key` made at `at`: new and changed entries, and the ids of all it showed."""

    key: str
    feed: Feed
    at: datetime
    news: Sequence[News] = ()
    seen: Sequence[str] = ()


class Store:
    """One connection, one writer at a time; every method may be called from any thread and blocks until it is on disk.

    A disk that is full or broken raises sqlite3.Error: nothing was stored, and nothing may be acknowledged.
    """

    def __init__(self, directory: Path, *, fresh: bool = False) -> None:
        """Open or create the state in `directory`; `fresh` discards what is there.

        Raises UsageProblem when the directory cannot be used, is in use, or is from another version.
        """
        self._directory = directory
        self._lock = threading.RLock()
        self._claim_file = claim(directory)
        path = directory / FILE
        if fresh:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
        try:
            self._db = open_database(path)
            self.outbox = Outbox(self._db, self._lock)
        except (sqlite3.Error, OSError, ParleyError) as error:
            self._claim_file.close()
            if isinstance(error, ParleyError):
                raise
            raise UsageProblem(f"state {path}: cannot be used ({error}); move it away or start with --fresh") from None

    def close(self) -> None:
        with self._lock:
            self._db.close()
            self._claim_file.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db

    def belong_to(self, cluster: str) -> None:
        """Stamp the state with the broker's cluster id, or check it against the stamp; raises UsageProblem.

        State that is ahead of its broker would hold back every article that another broker has and this one lacks.
        """
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO meta VALUES ('cluster', ?)", (cluster,))
            ((stamp,),) = db.execute("SELECT value FROM meta WHERE name = 'cluster'").fetchall()
        if stamp != cluster:
            raise UsageProblem(
                f"state {self._directory}: belongs to Kafka cluster {stamp}, but the broker is {cluster}; "
                "move the directory away, or start with --fresh to discard it and send everything again"
            )

    def feeds(self) -> dict[str, Feed]:
        """Every feed remembered, by its source's key."""
        with self._lock:
            rows = self._db.execute("SELECT key, state FROM feeds").fetchall()
        return {key: msgspec.json.decode(state, type=Feed) for key, state in rows}

    def known(self, ids: Sequence[str]) -> dict[str, Known]:
        """What is remembered of those articles that were seen before."""
        found: dict[str, Known] = {}
        with self._lock:
            for start in range(0, len(ids), 500):
                part = ids[start : start + 500]
                marks = ",".join("?" * len(part))
                query = f"SELECT id, feed, hash, revision, sent FROM articles WHERE id IN ({marks})"  # noqa: S608
                for id_, feed, hash_, revision, sent in self._db.execute(query, part):
                    found[id_] = Known(feed, hash_, revision, bool(sent))
        return found

    def record(self, key: str, feed: Feed, at: datetime, news: Sequence[News] = (), seen: Sequence[str] = ()) -> int:
        """Store the outcome of a visit made at `at` in one transaction; returns how many articles went to the outbox.

        `news` are new and changed entries, `seen` the ids of all that the feed showed. Revisions are given here.
        """
        return self.record_all([Visited(key, feed, at, news, seen)])[0]

    def record_all(self, visits: Sequence[Visited]) -> list[int]:
        """Store the outcomes of several visits, in their order, in one transaction: all of them, or none."""
        with self._transaction() as db:
            added = [self._record(db, *visited) for visited in visits]
        if any(added):
            self.outbox.count()
        return added

    def _record(
        self, db: sqlite3.Connection, key: str, feed: Feed, at: datetime, news: Sequence[News], seen: Sequence[str]
    ) -> int:
        db.execute("INSERT OR REPLACE INTO feeds VALUES (?, ?)", (key, msgspec.json.encode(feed)))
        db.executemany("UPDATE articles SET seen = ? WHERE id = ?", [(at.timestamp(), id_) for id_ in seen])
        return sum(self._remember(db, key, item, at.timestamp()) for item in news)

    def put_canary(self, article: Article) -> None:
        """Put a canary into the outbox, in the place of one that still waits: after an outage the newest is enough."""
        with self._transaction() as db:
            db.execute("DELETE FROM outbox WHERE kind = ?", (CANARY,))
            self.outbox.put(article)
        self.outbox.count()

    def _remember(self, db: sqlite3.Connection, key: str, item: News, at: float) -> int:
        row = db.execute("SELECT feed, hash, revision, first FROM articles WHERE id = ?", (item.id,)).fetchone()
        article = item.article
        if row is None:
            revision, first = 0, at
            db.execute(
                "INSERT INTO articles VALUES (?, ?, ?, 0, ?, ?, ?)",
                (item.id, key, item.hash, article is not None, at, at),
            )
        else:
            owner, words, revision, first = row
            if owner != key or words == item.hash:
                # Another feed of ours was quicker.
                return 0
            revision += 1
            db.execute(
                "UPDATE articles SET hash = ?, revision = ?, sent = max(sent, ?), seen = ? WHERE id = ?",
                (item.hash, revision, article is not None, at, item.id),
            )
        if article is None:
            return 0
        # An article without a usable date keeps the moment it was first seen through all its edits.
        undated = article.published == article.fetched
        published = datetime.fromtimestamp(first, UTC) if undated else article.published
        self.outbox.put(replace(article, revision=revision, published=published))
        return 1

    def forget(self, before: datetime, batch: int = 5000) -> int:
        """Forget up to `batch` articles last read before then, unless a feed still shows them; returns how many.

        Feeds that nobody has listed since then go too.
        """
        at = before.timestamp()
        with self._transaction() as db:
            db.execute("DELETE FROM feeds WHERE json_extract(state, '$.visited') < ?", (at,))
            return db.execute(
                "DELETE FROM articles WHERE id IN (SELECT id FROM articles WHERE seen < ?"
                " AND id NOT IN (SELECT value FROM feeds, json_each(feeds.state, '$.entries')) LIMIT ?)",
                (at, batch),
            ).rowcount
