"""The rows of one sink: what it is owed, and what an attempt changed; never which to send or when."""

import sqlite3
from collections.abc import Iterable, Sequence

from services.notify.backoff import FORGIVING
from services.notify.ledger import Ledger
from services.notify.message import Owed
from services.notify.settle import SUPERSEDED, Settlement
from streams.records import ShiftAlert
from streams.topics import decode_alert

Key = tuple[str, int]
PAGE = 100  # Alerts in memory at once, however long an outage was.

# An alert's first waiting state; those that are due come first, and among them what was never tried, so that a queue
# of timeouts does not stand before fresh news.
HEADS = """
SELECT d.alert FROM deliveries d WHERE d.sink = :sink AND d.state = 'waiting' AND NOT EXISTS (
    SELECT 1 FROM deliveries e
    WHERE e.alert = d.alert AND e.sink = d.sink AND e.revision < d.revision AND e.state = 'waiting')
ORDER BY d.due > :now, d.attempts > 0, d.due, d.alert LIMIT :page
"""
OWED = """
SELECT s.record, s.written, s.recorded, d.due, d.attempts, d.first_try, d.digest, d.alone,
    coalesce(m.message, ''), coalesce(m.in_digest, 0)
FROM deliveries d JOIN states s ON s.alert = d.alert AND s.revision = d.revision
LEFT JOIN messages m ON m.sink = d.sink AND m.alert = d.alert
WHERE d.sink = :sink AND d.state = 'waiting' AND s.record IS NOT NULL AND
"""


def read_owed(ledger: Ledger, sink: str, now: float) -> tuple[list[Owed], dict[str, int]]:
    """Return up to PAGE alerts with all their waiting states, and the last revision each was told."""
    with ledger.read() as db:
        heads = [alert for (alert,) in db.execute(HEADS, {"sink": sink, "now": now, "page": PAGE})]
        rows = [row for alert in heads for row in _rows(db, sink, "d.alert = :match ORDER BY d.revision", alert)]
        for digest in sorted({row.digest for row in rows if row.digest}):
            have = {row.key for row in rows}
            rows += [row for row in _rows(db, sink, "d.digest = :match", digest) if row.key not in have]
        told = {}
        for alert in heads:
            (revision,) = db.execute(
                "SELECT max(revision) FROM deliveries WHERE alert = ? AND sink = ? AND state = 'delivered'",
                (alert, sink),
            ).fetchone()
            if revision is not None:
                told[alert] = revision
        return rows, told


def read_recent(ledger: Ledger, sink: str, since: float) -> list[float]:
    """Return the times of the messages that the sink took after then, ascending; a digest is one message."""
    with ledger.read() as db:
        rows = db.execute(
            "SELECT max(changed) FROM deliveries WHERE sink = ? AND changed > ? AND state = 'delivered' "
            "GROUP BY coalesce(digest, alert || '.' || revision) ORDER BY 1",
            (sink, since),
        ).fetchall()
    return [at for (at,) in rows]


def bind_digest(ledger: Ledger, sink: str, digest: str, states: Iterable[Key]) -> None:
    """Tie the states to the digest before its first attempt, so that a crash repeats it with the same id."""
    with ledger.write() as db:
        _set(db, sink, "digest = ?", (digest,), states)


def write_settlement(
    ledger: Ledger,
    sink: str,
    settlement: Settlement,
    reason: str,
    now: float,
    message: str = "",
    in_digest: bool = False,
) -> None:
    """Write what an attempt changed, in one transaction. `message` is what the sink calls the message it took.

    After a delivery, what waited because the sink did not answer is due at once, with the attempt that its outage
    cost given back: a desk must not wait hours for news that could be had now.
    """
    with ledger.write() as db:
        if settlement.digest and not settlement.keep_digest:
            db.execute("UPDATE deliveries SET digest = NULL WHERE sink = ? AND digest = ?", (sink, settlement.digest))
        _set(db, sink, "state = 'delivered', reason = '', changed = ?", (now,), settlement.delivered)
        _set(db, sink, "state = ?, reason = ?, changed = ?", (SUPERSEDED, SUPERSEDED, now), settlement.superseded)
        _set(db, sink, "state = 'parked', digest = NULL, reason = ?, changed = ?", (reason, now), settlement.parked)
        _set(db, sink, "alone = 1, reason = ?, changed = ?", (reason, now), settlement.alone)
        for retry in settlement.retries:
            changes = (retry.attempts, retry.first_try, retry.due, retry.woken_by_recovery, reason, now)
            setting = "attempts = ?, first_try = ?, due = ?, on_recovery = ?, reason = ?, changed = ?"
            _set(db, sink, setting, changes, [retry.key])
        if message:
            # An alert's own message is where it is followed; a digest is that only where there is no such message.
            db.executemany(
                f"INSERT OR {'IGNORE' if in_digest else 'REPLACE'} INTO messages VALUES (?, ?, ?, ?)",  # noqa: S608
                [(sink, alert, message, in_digest) for alert, _ in settlement.delivered],
            )
        if settlement.delivered:
            db.execute(
                "UPDATE deliveries SET due = ?, on_recovery = 0, attempts = attempts - (first_try > ?) "
                "WHERE sink = ? AND state = 'waiting' AND on_recovery",
                (now, now - FORGIVING, sink),
            )


def drop(ledger: Ledger, sink: str, states: Iterable[Key], state: str, reason: str, now: float) -> None:
    """Close states that are no news to the sink: `state` is superseded or silenced."""
    with ledger.write() as db:
        _set(db, sink, "state = ?, reason = ?, changed = ?", (state, reason, now), states)


def read_newest(ledger: Ledger, sink: str) -> ShiftAlert | None:
    """Return the state that the sink was told last, where its text is still there."""
    with ledger.read() as db:
        row = db.execute(
            "SELECT s.record FROM deliveries d JOIN states s ON s.alert = d.alert AND s.revision = d.revision "
            "WHERE d.sink = ? AND d.state = 'delivered' AND s.record IS NOT NULL ORDER BY d.changed DESC LIMIT 1",
            (sink,),
        ).fetchone()
    return None if row is None else decode_alert(row[0])


def read_unknown_sinks(ledger: Ledger, known: Iterable[str]) -> dict[str, int]:
    """Return how many states wait for sinks that are not among the known ones: nobody delivers them."""
    with ledger.read() as db:
        rows = db.execute("SELECT sink, count(*) FROM deliveries WHERE state = 'waiting' GROUP BY sink").fetchall()
    return {sink: count for sink, count in rows if sink not in set(known)}


def park_waiting(ledger: Ledger, sink: str, reason: str, now: float) -> int:
    """Put aside everything the sink is owed; returns how many states that were."""
    with ledger.write() as db:
        return db.execute(
            "UPDATE deliveries SET state = 'parked', digest = NULL, reason = ?, changed = ? "
            "WHERE sink = ? AND state = 'waiting'",
            (reason, now, sink),
        ).rowcount


def count_states(ledger: Ledger, sink: str) -> tuple[int, int]:
    """How many states wait for the sink and how many are parked."""
    with ledger.read() as db:
        counts = dict(
            db.execute(
                "SELECT state, count(*) FROM deliveries WHERE sink = ? AND state IN ('waiting', 'parked') GROUP BY 1",
                (sink,),
            ).fetchall()
        )
    return counts.get("waiting", 0), counts.get("parked", 0)


def end_sink(ledger: Ledger, sink: str, address: str, now: float) -> None:
    """Remember that the sink at `address` (a fingerprint) wants no more; another address is another subscription."""
    with ledger.write() as db:
        db.execute("INSERT OR REPLACE INTO ended VALUES (?, ?, ?)", (sink, address, now))


def has_ended(ledger: Ledger, sink: str, address: str) -> bool:
    """Whether the sink at that address has ended its subscription."""
    with ledger.read() as db:
        return bool(db.execute("SELECT 1 FROM ended WHERE sink = ? AND address = ?", (sink, address)).fetchone())


def _rows(db: sqlite3.Connection, sink: str, condition: str, match: str) -> list[Owed]:
    found = db.execute(OWED + condition, {"sink": sink, "match": match}).fetchall()
    return [Owed(decode_alert(record), *columns) for record, *columns in found]


def _set(db: sqlite3.Connection, sink: str, setting: str, values: Sequence[object], states: Iterable[Key]) -> None:
    db.executemany(
        f"UPDATE deliveries SET {setting} WHERE sink = ? AND alert = ? AND revision = ? AND state = 'waiting'",  # noqa: S608
        [(*values, sink, *key) for key in states],
    )
