"""Rows of positions -> where everybody stands, how that moved, and who stands together; reads only the projection."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

import msgspec

from services.desk.answers.stands import Kin, Point, Stand
from services.desk.names import name_of, name_of_key
from services.desk.quotes import when
from streams.records import Position

_position: Final = msgspec.json.Decoder(Position)

TREND: Final = timedelta(days=30).total_seconds()
KIN: Final = timedelta(days=90).total_seconds()
YEAR: Final = timedelta(days=365).total_seconds()
WEEK: Final = timedelta(days=7).total_seconds()
STATES: Final = ("favor", "mixed", "against")


def read_clock(db: sqlite3.Connection) -> float | None:
    """The stream's time: the last Pulse, in seconds."""
    row = db.execute("SELECT value FROM meta WHERE name = 'clock'").fetchone()
    return None if row is None else float(row[0])


def list_stands(db: sqlite3.Connection, actor: str | None = None) -> list[Stand]:
    """Return every actor's position (one actor's people, where it is named), the known first, then by evidence."""
    rows = db.execute(
        "SELECT record FROM positions WHERE speaker IS NULL"
        if actor is None
        else "SELECT record FROM positions WHERE speaker IS NOT NULL AND actor = ?",
        () if actor is None else (actor,),
    ).fetchall()
    return _ranked(_make_stand(db, record) for (record,) in rows)


def read_stand(db: sqlite3.Connection, key: str) -> Stand | None:
    """Return where the actor (or `actor/speaker`) stands; None where nothing is known of it."""
    row = db.execute("SELECT record FROM positions WHERE key = ?", (key,)).fetchone()
    return None if row is None else _make_stand(db, row[0])


def _ranked(stands: Iterable[Stand]) -> list[Stand]:
    """The known by how much is said, then those that were known by when, then the others by name."""

    def rank(one: Stand) -> tuple[bool, bool, float, str]:
        last = one.last_known
        weight = one.events if one.stance != "unknown" else 0.0 if last is None else last.at.timestamp()
        return (one.stance == "unknown", last is None, -weight, one.name)

    return sorted(stands, key=rank)


def _make_stand(db: sqlite3.Connection, record: bytes) -> Stand:
    one = _position.decode(record)
    key = one.actor if one.speaker is None else f"{one.actor}/{one.speaker}"
    chances = {state: one.probabilities.get(state, 0.0) for state in STATES}
    likeliest = max(chances, key=lambda state: chances[state])
    balance = chances["favor"] - chances["against"]
    now = max(one.at.timestamp(), read_clock(db) or 0.0)
    past = point_at(db, key, now - TREND)
    return Stand(
        key=key,
        actor=one.actor,
        speaker=one.speaker,
        name=name_of(one.actor) if one.speaker is None else name_of(one.speaker),
        stance=one.stance,
        probability=chances[likeliest if one.stance == "unknown" else one.stance],
        chances=chances,
        balance=round(balance, 6),
        trend=0.0 if past is None else round(balance - past.balance, 6),
        since=one.since,
        last_evidence=one.last_evidence,
        at=one.at,
        events=one.events,
        outlets=one.outlets,
        stale=one.stale,
        last_known=_last_known(db, key),
        recent=_thin(list_points(db, key, now - YEAR)),
    )


def point_at(db: sqlite3.Connection, key: str, at: float) -> Point | None:
    """Return the position as it was shown at that time; None before it was known."""
    row = db.execute(
        "SELECT at, stance, favor, mixed, against FROM history WHERE key = ? AND at <= ? ORDER BY at DESC LIMIT 1",
        (key, at),
    ).fetchone()
    return None if row is None or row[1] == "unknown" else _point(row)


def _last_known(db: sqlite3.Connection, key: str) -> Point | None:
    row = db.execute(
        "SELECT at, stance, favor, mixed, against FROM history WHERE key = ? AND stance <> 'unknown' "
        "ORDER BY at DESC LIMIT 1",
        (key,),
    ).fetchone()
    return None if row is None else _point(row)


def list_points(db: sqlite3.Connection, key: str, since: float, until: float = 1e12) -> list[Point]:
    """Return what the position was, oldest first."""
    rows = db.execute(
        "SELECT at, stance, favor, mixed, against FROM history WHERE key = ? AND at >= ? AND at <= ? ORDER BY at",
        (key, since, until),
    )
    return [_point(row) for row in rows]


def _point(row: Any) -> Point:
    return Point(at=when(row[0]), stance=row[1], favor=row[2], mixed=row[3], against=row[4])


def _thin(points: list[Point]) -> list[Point]:
    """The last point of each week, which is as much as a small line shows."""
    weeks = {point.at.timestamp() // WEEK: point for point in points}
    return list(weeks.values())


def agreement(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the probability that both are in the same state, if they were independent."""
    return sum(one[state] * other[state] for state in STATES)


def list_kin(db: sqlite3.Connection, stand: Stand, stands: Iterable[Stand]) -> list[Kin]:
    """Return how close every other known actor stands, the closest first."""
    if stand.stance == "unknown":
        return []
    kin = []
    now = read_clock(db) or stand.at.timestamp()
    past = point_at(db, stand.key, now - KIN)
    for other in stands:
        if other.key == stand.key or other.stance == "unknown":
            continue
        then = point_at(db, other.key, now - KIN)
        before = agreement(past.model_dump(), then.model_dump()) if past is not None and then is not None else None
        kin.append(
            Kin(
                actor=other.actor,
                name=other.name,
                stance=other.stance,
                agreement=round(agreement(stand.chances, other.chances), 6),
                before=None if before is None else round(before, 6),
            )
        )
    return sorted(kin, key=lambda one: (-one.agreement, one.name))


__all__ = ["list_kin", "list_points", "list_stands", "name_of_key", "read_clock", "read_stand"]
