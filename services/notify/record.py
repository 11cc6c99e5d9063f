"""An alert's state -> a row for each sink, on disk before Kafka's offset moves; a state that is known adds nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.notify.decide import Taste
from services.notify.ledger import Ledger
from streams.records import ShiftAlert
from streams.topics import encode


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
                wanted = taste.wants(state)
                db.execute(
                    "INSERT INTO deliveries (alert, revision, sink, state, reason, due, changed) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (*key, sink, "waiting" if wanted else "skipped", "" if wanted else "not wanted", now, now),
                )
                if wanted:
                    db.execute(
                        "UPDATE deliveries SET due = ? WHERE alert = ? AND sink = ? AND revision < ? "
                        "AND state = 'waiting' AND due > ?",
                        (now, state.id, sink, state.revision, now),
                    )
                skipped[sink] += not wanted
    return skipped


def prune(ledger: Ledger, before: float) -> int:
    """Drop the text of states recorded before that time that no sink is owed; their keys stay. Returns how many."""
    with ledger.write() as db:
        return db.execute(
            "UPDATE states SET record = NULL WHERE recorded < ? AND record IS NOT NULL AND NOT EXISTS ("
            "SELECT 1 FROM deliveries d WHERE d.alert = states.alert AND d.revision = states.revision "
            "AND d.state IN ('waiting', 'parked'))",
            (before,),
        ).rowcount
