"""An alert's state -> a row for each sink, on disk before Kafka's offset moves; a state that is known adds nothing."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from services.notify.decide import ENDS
from services.notify.ledger import Ledger
from services.notify.taste import Taste
from streams.canary import KIND as CANARY
from streams.records import ShiftAlert
from streams.topics import encode

CANARY_SINK: Final = "canary"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An alert's state as it was taken from the topic; `written` is the Kafka record's time in seconds."""

    state: ShiftAlert
    written: float


def record(
    ledger: Ledger,
    arrivals: Iterable[Arrival],
    sinks: Mapping[str, Taste],
    now: float,
) -> dict[str, int]:
    """Write what each sink is owed, in one transaction.

    Returns how many states each sink did not want. A new state wakes an earlier one of its alert that waits for a
    retry: it is news, and it must not wait ten hours behind the one before it.
    """
    skipped = dict.fromkeys(sinks, 0)
    with ledger.write() as db:
        for arrival in arrivals:
            state = arrival.state
            key = (state.id, state.revision)
            new = db.execute(
                "INSERT OR IGNORE INTO states VALUES (?, ?, ?, ?, ?, ?)",
                (*key, state.status, encode(state), arrival.written, now),
            ).rowcount
            if not new:
                # A replay of the log must not tell years of news to a sink that was added since.
                continue
            for sink, taste in sinks.items():
                if (state.kind == CANARY) != taste.canaries:
                    continue
                why = _unwanted(db, state, sink, taste)
                db.execute(
                    "INSERT INTO deliveries (alert, revision, sink, state, reason, due, changed) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (*key, sink, "skipped" if why else "waiting", why, now, now),
                )
                if not why:
                    db.execute(
                        "UPDATE deliveries SET due = ? WHERE alert = ? AND sink = ? AND revision < ? "
                        "AND state = 'waiting' AND due > ?",
                        (now, state.id, sink, state.revision, now),
                    )
                skipped[sink] += bool(why)
    return skipped


def _unwanted(db: sqlite3.Connection, state: ShiftAlert, sink: str, taste: Taste) -> str:
    """Why the sink is not told of the state; "" where it is.

    What a sink was told, or is about to be, is followed to its end, whatever its routes say of the later states: a
    retraction has a low probability by its nature. And nobody is told of the end of what they never heard of.
    """
    (followed,) = db.execute(
        "SELECT EXISTS (SELECT 1 FROM deliveries WHERE alert = ? AND sink = ? AND revision < ? "
        "AND state NOT IN ('skipped', 'silenced'))",
        (state.id, sink, state.revision),
    ).fetchone()
    if followed:
        return ""
    if not taste.wants(state):
        return "not wanted"
    if taste.every_state or state.status not in ENDS:
        return ""
    (known,) = db.execute(
        "SELECT EXISTS (SELECT 1 FROM states WHERE alert = ? AND revision < ?)", (state.id, state.revision)
    ).fetchone()
    return "its beginning was not told here" if known else ""


def prune(ledger: Ledger, before: float, canaries_before: float = 0.0) -> int:
    """Drop the text of states recorded before that time that no sink is owed; their keys stay. Returns how many.

    Canaries older than `canaries_before` go altogether: telling one again harms nobody.
    """
    with ledger.write() as db:
        old = "SELECT alert FROM deliveries WHERE sink = ? AND changed < ?"
        db.execute(f"DELETE FROM states WHERE alert IN ({old})", (CANARY_SINK, canaries_before))  # noqa: S608
        db.execute("DELETE FROM deliveries WHERE sink = ? AND changed < ?", (CANARY_SINK, canaries_before))
        return db.execute(
            "UPDATE states SET record = NULL WHERE recorded < ? AND record IS NOT NULL AND NOT EXISTS ("
            "SELECT 1 FROM deliveries d WHERE d.alert = states.alert AND d.revision = states.revision "
            "AND d.state IN ('waiting', 'parked'))",
            (before,),
        ).rowcount
