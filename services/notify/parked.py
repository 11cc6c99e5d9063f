"""Deliveries that were given up: lists them and makes them due again; works beside a running notifier."""

from dataclasses import dataclass
from datetime import UTC, datetime

from services.notify.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Parked:
    """A state that a sink was not told, why, and since when; the message's id is `alert`.`revision`."""

    alert: str
    revision: int
    status: str
    sink: str
    reason: str
    attempts: int
    since: datetime


def list_parked(ledger: Ledger) -> list[Parked]:
    """Return every parked delivery, the oldest first."""
    with ledger.read() as db:
        rows = db.execute(
            "SELECT d.alert, d.revision, s.status, d.sink, d.reason, d.attempts, d.changed FROM deliveries d "
            "JOIN states s ON s.alert = d.alert AND s.revision = d.revision WHERE d.state = 'parked' "
            "ORDER BY d.changed, d.alert, d.revision, d.sink"
        ).fetchall()
    return [
        Parked(alert, revision, status, sink, reason, attempts, datetime.fromtimestamp(changed, UTC))
        for alert, revision, status, sink, reason, attempts, changed in rows
    ]


def replay_parked(ledger: Ledger, now: float) -> int:
    """Make every parked delivery due with a new schedule, and reopen sinks that had ended; returns how many."""
    with ledger.write() as db:
        db.execute("DELETE FROM ended")
        return db.execute(
            "UPDATE deliveries SET state = 'waiting', reason = 'replayed', attempts = 0, first_try = NULL, due = ?, "
            "on_recovery = 0, digest = NULL, alone = 0, changed = ? WHERE state = 'parked'",
            (now, now),
        ).rowcount
