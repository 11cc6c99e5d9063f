"""The notifier's durable memory: one SQLite file that says which sink was told which state; never what to do next.

Written before the Kafka offset is committed, and stamped with the broker's cluster id: what was delivered, and how far
the topic was read, mean something only for the cluster they were made with.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from services.errors import ParleyError, UsageProblem

FILE: Final = "notify.sqlite"
VERSION: Final = "1"

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- An alert's state as it came. After 90 days the record is dropped and the key stays, so that a replay of the log
-- does not tell it again.
CREATE TABLE IF NOT EXISTS states (
    alert TEXT, revision INTEGER, status TEXT NOT NULL, record BLOB, written REAL NOT NULL, recorded REAL NOT NULL,
    PRIMARY KEY (alert, revision)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deliveries (
    alert TEXT, revision INTEGER, sink TEXT,
    state TEXT NOT NULL,                 -- waiting, delivered, superseded, skipped, silenced, parked
    reason TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    first_try REAL,
    due REAL NOT NULL,
    on_recovery INTEGER NOT NULL DEFAULT 0,
    digest TEXT,
    alone INTEGER NOT NULL DEFAULT 0,
    changed REAL NOT NULL,
    PRIMARY KEY (alert, revision, sink)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS deliveries_by_state ON deliveries (sink, state, due);
CREATE INDEX IF NOT EXISTS deliveries_by_change ON deliveries (sink, changed);
-- What a sink calls the message that first told of an alert, where it gives its messages names.
CREATE TABLE IF NOT EXISTS messages (
    sink TEXT, alert TEXT, message TEXT NOT NULL, in_digest INTEGER NOT NULL, PRIMARY KEY (sink, alert)
) WITHOUT ROWID;
-- Empty texts mean any. A silence that is over stays, so that what it kept back can be explained.
CREATE TABLE IF NOT EXISTS silences (
    number INTEGER PRIMARY KEY AUTOINCREMENT, actor TEXT NOT NULL, kind TEXT NOT NULL, sink TEXT NOT NULL,
    until REAL NOT NULL, why TEXT NOT NULL, made REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS ended (sink TEXT PRIMARY KEY, address TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
"""


class Ledger:
    """An open ledger, safe to use from several threads; one process at a time writes."""

    def __init__(self, path: Path, connection: sqlite3.Connection, lock_file: int | None) -> None:
        self.path = path
        self._connection, self._lock_file = connection, lock_file
        self._lock = threading.RLock()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is on disk when the block ends; raises ParleyError when it cannot be."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise _unusable(self.path, error) from None
            finally:
                # SQLite has rolled back by itself where the disk was full.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """The connection for reading; raises ParleyError when the file cannot be read."""
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise _unusable(self.path, error) from None

    def stamp(self, cluster: str) -> None:
        """Tie the ledger to the cluster; raises UsageProblem when it belongs to another one."""
        with self.write() as db:
            db.execute("INSERT OR IGNORE INTO meta VALUES ('cluster', ?)", (cluster,))
            (found,) = db.execute("SELECT value FROM meta WHERE key = 'cluster'").fetchone()
        if found != cluster:
            raise UsageProblem(
                f"{self.path} belongs to another broker (cluster {found}, this one is {cluster}): point --kafka at "
                "that one, or --state at another directory, or discard it with --fresh (what waits in it is lost)"
            )

    def close(self) -> None:
        with self._lock:
            self._connection.close()
            if self._lock_file is not None:
                os.close(self._lock_file)
                self._lock_file = None


def open_ledger(state: Path, fresh: bool = False) -> Ledger:
    """Open or make the ledger under the directory `state` for writing; `fresh` discards what is there.

    Raises UsageProblem when the directory cannot be used, when another notifier holds it, or when the file is none of
    ours.
    """
    path = state / FILE
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock_file = os.open(state / f"{FILE}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UsageProblem(f"state directory {state}: {error.strerror}; choose another with --state") from None
    try:
        fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock_file)
        raise UsageProblem(f"{path} is in use by another notifier; stop it, or choose another --state") from None
    try:
        if fresh:
            for old in (path, *(path.with_name(path.name + tail) for tail in ("-wal", "-shm"))):
                old.unlink(missing_ok=True)
        return Ledger(path, _connect(path), lock_file)
    except (OSError, UsageProblem) as error:
        os.close(lock_file)
        if isinstance(error, OSError):
            raise UsageProblem(f"{path}: {error.strerror}") from None
        raise


def open_beside(state: Path) -> Ledger:
    """Open the ledger beside a notifier that may be running, to look at it or to replay; raises UsageProblem."""
    path = state / FILE
    if not path.is_file():
        raise UsageProblem(f"{path}: no such file; name the notifier's directory with --state")
    return Ledger(path, _connect(path), None)


def _connect(path: Path) -> sqlite3.Connection:
    try:
        # What is delivered is the desk's business alone.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            # With WAL, NORMAL may lose the last transactions in a power cut, and their offsets are committed.
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(SCHEMA)
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('version', ?)", (VERSION,))
            (found,) = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
        except BaseException:
            connection.close()
            raise
    except (sqlite3.Error, OSError) as error:
        raise UsageProblem(f"{path} cannot be used as a ledger ({error}); choose another --state, or --fresh") from None
    if found != VERSION:
        connection.close()
        raise UsageProblem(f"{path} was written by another version of Parley (format {found}, this one has {VERSION})")
    return connection


def _unusable(path: Path, error: sqlite3.Error) -> ParleyError:
    return ParleyError(f"{path} cannot be used ({error}); nothing is committed: make room or mend it and start again")
