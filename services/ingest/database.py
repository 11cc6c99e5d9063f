"""The state's directory to an open database that this process alone writes; never reads what is in it."""

import fcntl
import os
import sqlite3
from pathlib import Path
from typing import IO, Final

from services.errors import ParleyError, UsageProblem

FILE: Final = "ingest.sqlite3"
BUSY_SECONDS: Final = 10.0

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS feeds (key TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY,       -- the article's
    feed TEXT NOT NULL,        -- the feed that brought it first: only its changes are edits
    hash TEXT NOT NULL,        -- of the words last seen
    revision INTEGER NOT NULL,
    sent INTEGER NOT NULL,     -- 1 when a revision went out: later ones must follow, relevant or not
    first REAL NOT NULL,       -- when it was first seen, seconds since the epoch by the clock of the articles
    seen REAL NOT NULL         -- when it was last read in a feed
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS articles_by_seen ON articles (seen);
"""
_VERSION: Final = 1


def claim(directory: Path) -> IO[bytes]:
    """Hold the directory for this process: two ingesters on one state would each lose what the other stored."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        file = (directory / "ingest.lock").open("wb")
    except OSError as error:
        raise UsageProblem(f"state {directory}: cannot be used ({error.strerror}); name another with --state") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise UsageProblem(f"state {directory}: in use by another `parley ingest`; name another with --state") from None
    return file


def open_database(path: Path) -> sqlite3.Connection:
    # Addresses of feeds may carry credentials.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise UsageProblem(f"state {path}: written by another version of Parley (schema {version}); move it away")
        db.executescript(_SCHEMA)
        db.execute(f"PRAGMA user_version = {_VERSION}")
    except (sqlite3.Error, ParleyError):
        db.close()
        raise
    return db
