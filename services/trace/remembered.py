"""An article's id -> what the ingester's file remembers of it; writes nothing."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from services.errors import ParleyError
from services.ingest.database import FILE


class Remembered(NamedTuple):
    """What the ingester keeps of it: `sent` says whether any revision was about the subject, `first` when it came."""

    sent: bool
    revision: int
    seen: datetime
    waits: bool
    first: datetime


def remember(id: str, state: Path) -> Remembered | None:
    """Return what the file in `state` says; None where there is none, or where it knows nothing of the article."""
    path = state / FILE
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as db:
            row = db.execute("SELECT sent, revision, seen, first FROM articles WHERE id = ?", (id,)).fetchone()
            waits = db.execute("SELECT 1 FROM outbox WHERE key = ?", (id,)).fetchone() is not None
    except sqlite3.Error as error:
        raise ParleyError(f"{path} cannot be read ({error})") from None
    if row is None:
        now = datetime.now(UTC)
        return Remembered(True, 0, now, True, now) if waits else None
    seen, first = (datetime.fromtimestamp(seconds, UTC) for seconds in row[2:])
    return Remembered(bool(row[0]), int(row[1]), seen, waits, first)
