"""An actor and filters -> its readings and positions over time; reads only the projection."""

import sqlite3
from datetime import UTC, date, datetime, time
from typing import Final, NamedTuple

from services.desk.alerts import list_alerts
from services.desk.answers.quotes import Quote
from services.desk.answers.views import Timeline
from services.desk.names import name_of
from services.desk.quotes import find_quotes
from services.desk.stands import list_points

MOST: Final = 2_000
DAY: Final = 86400.0


class Filters(NamedTuple):
    """What of an actor's readings is asked for; None means all. Days are whole, in UTC."""

    outlet: str | None = None
    speaker: str | None = None
    capacity: str | None = None
    label: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def span(self) -> tuple[float, float]:
        """The days as seconds, the last one included."""
        start = -1e12 if self.since is None else _midnight(self.since).timestamp()
        end = 1e12 if self.until is None else _midnight(self.until).timestamp() + DAY
        return start, end


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def read_timeline(db: sqlite3.Connection, actor: str, filters: Filters) -> Timeline:
    """Return the newest readings that match, and the position as it was shown, oldest first."""
    since, until = filters.span
    quotes, more = list_quotes(db, actor, filters, MOST, 0)
    alerts = [
        one
        for one in list_alerts(db, actor=actor, limit=500)
        if one.speaker is None and since <= one.since.timestamp() < until
    ]
    return Timeline(
        actor=actor,
        name=name_of(actor),
        points=list_points(db, actor, since, until),
        readings=quotes[::-1],
        changes=alerts[::-1],
        left_out=more,
    )


def list_quotes(
    db: sqlite3.Connection, actor: str, filters: Filters, limit: int, offset: int
) -> tuple[list[Quote], int]:
    """Return the actor's readings that match, newest first, and how many follow after them."""
    since, until = filters.span
    values = {
        "actor": actor,
        "outlet": filters.outlet,
        "speaker": filters.speaker,
        "capacity": filters.capacity,
        "label": filters.label,
        "since": since,
        "until": until,
        "limit": limit,
        "offset": offset,
    }
    where = (
        "WHERE r.actor = :actor AND r.time >= :since AND r.time < :until "
        "AND (:outlet IS NULL OR r.outlet = :outlet) AND (:speaker IS NULL OR r.speaker = :speaker) "
        "AND (:capacity IS NULL OR r.capacity = :capacity) AND (:label IS NULL OR r.label = :label)"
    )
    quotes = find_quotes(db, f"{where} ORDER BY r.time DESC, r.number DESC LIMIT :limit OFFSET :offset", values)
    (count,) = db.execute(f"SELECT count(*) FROM readings r {where}", values).fetchone()  # noqa: S608  Our own words.
    return quotes, max(0, count - offset - len(quotes))


def choices(db: sqlite3.Connection, actor: str) -> tuple[list[str], dict[str, str], list[str]]:
    """Return the outlets, speakers (with their names) and capacities that the actor's readings have."""
    outlets = [
        row[0] for row in db.execute("SELECT DISTINCT outlet FROM readings WHERE actor = ? ORDER BY 1", (actor,))
    ]
    speakers = [row[0] for row in db.execute("SELECT DISTINCT speaker FROM readings WHERE actor = ?", (actor,))]
    capacities = [
        row[0] for row in db.execute("SELECT DISTINCT capacity FROM readings WHERE actor = ? ORDER BY 1", (actor,))
    ]
    named = {speaker: name_of(speaker) for speaker in speakers}
    return outlets, dict(sorted(named.items(), key=lambda pair: pair[1])), capacities
