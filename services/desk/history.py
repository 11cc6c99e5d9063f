"""Readings -> the positions that a compacted topic holds no more; a position that was shown is never touched.

`positions.v1` keeps the last position of each key. A projection made anew from it would begin its lines on that day,
so what lies before the first position that was shown is worked out again from the readings, by the functions with which
the worker does.
"""

import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec

from services.desk.database import Projection
from services.desk.project import unpack
from streams.dossiers.dossier import Dossier
from streams.dossiers.emissions import make_emissions
from streams.positions import DIGITS, likeliest
from streams.records import Reading, State
from streams.shift_settings import STATES, ShiftSettings
from streams.verdicts import ACCEPTED

_reading: Final = msgspec.json.Decoder(Reading)
_DONE: Final = "history"


class Derived(NamedTuple):
    """Where a key stood from `at` on, in seconds since 1970, as the evidence until then says."""

    at: float
    stance: State
    favor: float
    mixed: float
    against: float


def derive_history(readings: Iterable[Reading], settings: ShiftSettings) -> list[Derived]:
    """Return the position after each event of one key's readings, from the first on at which it is known."""
    dossier = Dossier(settings, make_emissions(settings))
    for reading in readings:
        dossier.add(reading)
    dossier.refresh()
    if dossier.known is None:
        return []
    return [
        Derived(node.time, STATES[likeliest(node.filtered)], *(round(chance, DIGITS) for chance in node.filtered))
        for node in dossier.nodes[dossier.known :]
    ]


def fill_history(projection: Projection, settings: ShiftSettings) -> int:
    """Fill what is missing, once in the life of the file; returns how many positions that were.

    Raises ParleyError when the file cannot be written.
    """
    with projection.write() as db:
        if db.execute("SELECT 1 FROM meta WHERE name = ?", (_DONE,)).fetchone():
            return 0
        keys = db.execute("SELECT DISTINCT actor, position FROM readings WHERE counts").fetchall()
    added = 0
    for actor, key in keys:
        # Worked out outside the transaction: what arrives need not wait for it.
        points = derive_history(_readings(projection.reader, actor, key), settings)
        with projection.write() as db:
            (first,) = db.execute("SELECT min(at) FROM history WHERE key = ? AND NOT derived", (key,)).fetchone()
            missing = [(key, *point) for point in points if first is None or point.at < first]
            db.executemany("INSERT OR IGNORE INTO history VALUES (?, ?, ?, ?, ?, ?, 1)", missing)
            added += len(missing)
    with projection.write() as db:
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (_DONE,))
    return added


def _readings(db: sqlite3.Connection, actor: str, key: str) -> Iterable[Reading]:
    """The readings that count for the key, oldest first: none that was withdrawn or that a desk rejected."""
    rows = db.execute(
        "SELECT r.signature, r.record FROM readings r LEFT JOIN withdrawals w ON w.article = r.article "
        "LEFT JOIN said a ON a.subject = r.id LEFT JOIN said b ON b.subject = r.words "
        "WHERE r.actor = ? AND r.position = ? AND r.counts AND coalesce(w.revision, 0) <= r.revision "
        "AND CASE WHEN coalesce(a.at, -1e12) >= coalesce(b.at, -1e12) THEN coalesce(a.what, ?) ELSE b.what END = ? "
        "ORDER BY r.time, r.article, r.revision",
        (actor, key, ACCEPTED, ACCEPTED),
    )
    for signature, record in rows:
        yield msgspec.structs.replace(_reading.decode(record), signature=unpack(signature))
