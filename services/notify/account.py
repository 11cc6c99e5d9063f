"""The ledger -> who was told what, and when, and who was not and why; changes nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from services.notify.ledger import Ledger
from services.notify.record import CANARY_SINK
from streams.records import ShiftAlert
from streams.topics import decode_alert

OUTCOMES: Final = {
    "delivered": "told",
    "superseded": "told as the past of a newer state",
    "silenced": "not told",
    "parked": "given up",
    "waiting": "waits",
    "skipped": "not for this sink",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One alert's state and one sink. `at` is when the outcome came about; `state` is None 90 days later."""

    at: datetime
    sink: str
    outcome: str
    alert: str
    revision: int
    status: str
    reason: str
    attempts: int
    digest: str | None
    state: ShiftAlert | None


def read_account(
    ledger: Ledger, since: float = 0.0, sink: str | None = None, alerts: frozenset[str] | None = None
) -> list[Entry]:
    """Return the entries from then on, the oldest first; canaries never.

    With `alerts`, those of these alerts alone, and also what was not for a sink.
    """
    with ledger.read() as db:
        rows = db.execute(
            "SELECT d.changed, d.sink, d.state, d.alert, d.revision, s.status, d.reason, d.attempts, d.digest, s.record"
            " FROM deliveries d JOIN states s ON s.alert = d.alert AND s.revision = d.revision "
            "WHERE d.changed >= ? AND d.sink != ? AND (? IS NULL OR d.sink = ?) AND (? OR d.state != 'skipped') "
            "ORDER BY d.changed, d.alert, d.revision, d.sink",
            (since, CANARY_SINK, sink, sink, alerts is not None),
        ).fetchall()
    entries = []
    for changed, name, outcome, alert, revision, status, reason, attempts, digest, record in rows:
        if alerts is None or alert in alerts:
            at, state = datetime.fromtimestamp(changed, UTC), None if record is None else decode_alert(record)
            entries.append(Entry(at, name, outcome, alert, revision, status, reason, attempts, digest, state))
    return entries


def explain(entry: Entry) -> str:
    """What became of it, with the reason where it is no plain success."""
    outcome = OUTCOMES.get(entry.outcome, entry.outcome)
    if entry.outcome == "delivered":
        return outcome + (f" in digest {entry.digest}" if entry.digest else "")
    return outcome + (f": {entry.reason}" if entry.reason and entry.outcome != "superseded" else "")
