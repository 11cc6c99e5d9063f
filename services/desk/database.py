"""The desk's SQLite file: its schema, and connections that write or only read it; never what is in it.

It is a projection: whatever is in here can be made again from the topics, so a file of another version or of another
cluster is emptied and not mended.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from services.errors import ParleyError, UsageProblem

FILE: Final = "desk.sqlite"
VERSION: Final = 2

SCHEMA: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE offsets (topic TEXT, partition INTEGER, following INTEGER NOT NULL, PRIMARY KEY (topic, partition));
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, revision INTEGER NOT NULL, outlet TEXT NOT NULL, url TEXT NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, published REAL NOT NULL, fetched REAL NOT NULL, UNIQUE (id, revision)
);
CREATE INDEX articles_by_outlet ON articles (outlet, fetched);
CREATE INDEX articles_by_age ON articles (fetched);
-- Articles that an alert rests on: their text is kept, however old it is.
CREATE TABLE proofs (article TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE article_words USING fts5 (
    title, text, content = 'articles', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER article_in AFTER INSERT ON articles BEGIN
    INSERT INTO article_words (rowid, title, text) VALUES (new.number, new.title, new.text);
END;
CREATE TRIGGER article_out AFTER DELETE ON articles BEGIN
    INSERT INTO article_words (article_words, rowid, title, text) VALUES ('delete', old.number, old.title, old.text);
END;
-- `words` names the quote as a verdict on it does; `counts` is 0 for what may move no position; `signature` is the
-- article's MinHash, the low halves of its numbers, by which copies are found.
CREATE TABLE readings (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article TEXT NOT NULL, revision INTEGER NOT NULL,
    actor TEXT NOT NULL, speaker TEXT NOT NULL, position TEXT NOT NULL, capacity TEXT NOT NULL, outlet TEXT NOT NULL,
    label TEXT NOT NULL, time REAL NOT NULL, counts INTEGER NOT NULL, words TEXT NOT NULL, quote TEXT NOT NULL,
    signature BLOB NOT NULL, record BLOB NOT NULL
);
CREATE INDEX readings_by_actor ON readings (actor, time);
CREATE INDEX readings_by_article ON readings (article);
CREATE INDEX readings_by_words ON readings (words);
CREATE VIRTUAL TABLE reading_words USING fts5 (
    quote, content = 'readings', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER reading_in AFTER INSERT ON readings BEGIN
    INSERT INTO reading_words (rowid, quote) VALUES (new.number, new.quote);
END;
CREATE TRIGGER reading_out AFTER DELETE ON readings BEGIN
    INSERT INTO reading_words (reading_words, rowid, quote) VALUES ('delete', old.number, old.quote);
END;
CREATE TABLE withdrawals (article TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE verdicts (
    at REAL, reading TEXT, alert TEXT, what TEXT NOT NULL, record BLOB NOT NULL, PRIMARY KEY (at, reading, alert)
) WITHOUT ROWID;
-- The latest word on each reading, on words, and on each alert.
CREATE TABLE said (subject TEXT PRIMARY KEY, at REAL NOT NULL, what TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE positions (
    key TEXT PRIMARY KEY, actor TEXT NOT NULL, speaker TEXT, at REAL NOT NULL, record BLOB NOT NULL
) WITHOUT ROWID;
-- `derived`: made from the readings, where the topic holds the position of that time no more.
CREATE TABLE history (
    key TEXT, at REAL, stance TEXT NOT NULL, favor REAL NOT NULL, mixed REAL NOT NULL, against REAL NOT NULL,
    derived INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (key, at)
) WITHOUT ROWID;
CREATE TABLE alerts (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, revision INTEGER NOT NULL, actor TEXT NOT NULL, speaker TEXT,
    kind TEXT NOT NULL, status TEXT NOT NULL, at REAL NOT NULL, since REAL NOT NULL, record BLOB NOT NULL,
    UNIQUE (id, revision)
);
CREATE INDEX alerts_by_actor ON alerts (actor, at);
CREATE TABLE outlets (name TEXT PRIMARY KEY, heard REAL NOT NULL) WITHOUT ROWID;
"""


class Projection:
    """The open file. One thread writes; every thread that reads has a connection of its own."""

    def __init__(self, path: Path, lock: IO[bytes]) -> None:
        self.path = path
        self._lock_file = lock
        self._write_lock = threading.Lock()
        self._writer = _connect(path)
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        if self._writer.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            self.empty()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction, on disk when the block ends; raises ParleyError when the file cannot be written."""
        with self._write_lock:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                yield self._writer
                self._writer.execute("COMMIT")
            except sqlite3.Error as error:
                raise ParleyError(
                    f"{self.path} cannot be written ({error}); make room, or choose another --state"
                ) from None
            finally:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")

    @property
    def reader(self) -> sqlite3.Connection:
        """This thread's connection, which cannot write and never waits for who does."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = _connect(self.path)
            found.execute("PRAGMA query_only = ON")
            self._local.connection = found
            self._readers.append(found)
        return found

    def empty(self) -> None:
        """Forget everything, and begin anew."""
        with self.write() as db:
            for kind, name in db.execute(
                "SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'table') AND name NOT LIKE 'sqlite_%' "
                "AND sql IS NOT NULL ORDER BY type DESC, sql LIKE 'CREATE VIRTUAL%' DESC"
            ).fetchall():
                db.execute(f'DROP {kind} IF EXISTS "{name}"')
            for statement in _statements(SCHEMA):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {VERSION}")

    def stamp(self, cluster: str) -> bool:
        """Tie the file to the cluster; one that was made from another is emptied. Returns whether it was."""
        with self.write() as db:
            db.execute("INSERT OR IGNORE INTO meta VALUES ('cluster', ?)", (cluster,))
            (found,) = db.execute("SELECT value FROM meta WHERE name = 'cluster'").fetchone()
        if found == cluster:
            return False
        self.empty()
        self.stamp(cluster)
        return True

    def close(self) -> None:
        for connection in (*self._readers, self._writer):
            connection.close()
        self._lock_file.close()


def open_projection(state: Path, *, fresh: bool = False) -> Projection:
    """Open or make the file under `state`; raises UsageProblem when it cannot be used or another desk holds it."""
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = (state / f"{FILE}.lock").open("wb")
    except OSError as error:
        raise UsageProblem(f"state directory {state}: {error.strerror}; choose another with --state") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise UsageProblem(f"{state / FILE} is in use by another `parley desk`; choose another --state") from None
    try:
        if fresh:
            for suffix in ("", "-wal", "-shm"):
                (state / f"{FILE}{suffix}").unlink(missing_ok=True)
        # The articles' texts are the desk's business alone.
        os.close(os.open(state / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        return Projection(state / FILE, lock)
    except (sqlite3.Error, OSError) as error:
        lock.close()
        raise UsageProblem(f"{state / FILE}: cannot be used ({error}); remove it, it is made again") from None


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _statements(script: str) -> Iterator[str]:
    """Yield the script's statements: `executescript` would end the transaction."""
    buffer = ""
    for line in script.splitlines(keepends=True):
        buffer += line
        if sqlite3.complete_statement(buffer):
            yield buffer
            buffer = ""
