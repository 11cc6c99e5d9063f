"""Rows of alerts -> what a desk reads of them: before and after, proof, states; reads only the projection."""

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from services.desk.answers.alerts import AlertState, AlertSummary, AlertView, EvidenceView, Precision
from services.desk.answers.quotes import Judgement
from services.desk.names import name_of, name_of_key
from services.desk.quotes import latest, place, read_reading, when
from streams.records import Evidence, ShiftAlert

Raw = Mapping[str, Any]

HEADLINES: Final[Mapping[str, str]] = {
    "shift pending": "May be moving",
    "shift confirmed": "Has moved",
    "condition-change pending": "Condition may be changing",
    "condition-change confirmed": "Condition has changed",
    "ally-split pending": "May be parting from an ally",
    "ally-split confirmed": "Has parted from an ally",
    "departure pending": "May be leaving its government's line",
    "departure confirmed": "Has left its government's line",
    "first-position pending": "First position, not sure yet",
    "first-position confirmed": "First position",
    "first-position retracted": "First position taken back",
    "first-position closed": "First position not borne out",
}
ENDS: Final[Mapping[str, str]] = {"retracted": "Taken back", "closed": "Not borne out"}
# What the page shows of a record by its own design; everything else on it is listed as it stands.
KNOWN: Final = frozenset(ShiftAlert.__struct_fields__)


def list_alerts(
    db: sqlite3.Connection, *, actor: str | None = None, kind: str | None = None, limit: int = 50, offset: int = 0
) -> list[AlertSummary]:
    """Return alerts in their latest states, the newest state first."""
    rows = db.execute(
        "SELECT record FROM alerts a WHERE revision = (SELECT max(revision) FROM alerts b WHERE b.id = a.id) "
        "AND (:actor IS NULL OR actor = :actor) AND (:kind IS NULL OR kind = :kind) AND kind <> 'canary' "
        "ORDER BY at DESC, number DESC LIMIT :limit OFFSET :offset",
        {"actor": actor, "kind": kind, "limit": limit, "offset": offset},
    ).fetchall()
    return [_summary(db, record) for (record,) in rows]


def read_alert(db: sqlite3.Connection, id: str) -> AlertView | None:
    """Return the alert as it stands now, with all that led to it; None where there is none."""
    rows = db.execute("SELECT record FROM alerts WHERE id = ? ORDER BY revision", (id,)).fetchall()
    if not rows:
        return None
    states = [read_record(record) for (record,) in rows]
    raw: Raw = msgspec.json.decode(rows[-1][0])
    shown = states[-1]
    evidence = [_evidence(db, one) for one in shown.evidence]
    return AlertView(
        **_summary(db, rows[-1][0]).model_dump(),
        evidence=evidence,
        states=[
            AlertState(
                revision=one.revision, status=one.status, at=one.at, probability=one.probability, since=one.since
            )
            for one in states
        ],
        before_chances=shown.before_probabilities,
        after_chances=shown.after_probabilities,
        more={name: _words(value) for name, value in raw.items() if name not in KNOWN},
    )


def read_record(record: bytes) -> ShiftAlert:
    return msgspec.json.decode(record, type=ShiftAlert)


def newest_record(db: sqlite3.Connection, id: str) -> ShiftAlert | None:
    """Return the alert's latest state as it is on the topic."""
    row = db.execute("SELECT record FROM alerts WHERE id = ? ORDER BY revision DESC LIMIT 1", (id,)).fetchone()
    return None if row is None else read_record(row[0])


def _summary(db: sqlite3.Connection, record: bytes) -> AlertSummary:
    one = read_record(record)
    (raised,) = db.execute("SELECT min(at) FROM alerts WHERE id = ?", (one.id,)).fetchone()
    best = _best(one)
    return AlertSummary(
        id=one.id,
        kind=one.kind,
        actor=one.actor,
        speaker=one.speaker,
        name=name_of_key(one.actor, one.speaker),
        before=one.before,
        after=one.after,
        other=None if one.other is None else name_of(one.other),
        condition_before=one.condition_before,
        condition_after=one.condition_after,
        since=one.since,
        since_from=one.since_from,
        since_to=one.since_to,
        at=one.at,
        raised=when(raised),
        probability=one.probability,
        status=one.status,
        revision=one.revision,
        headline=HEADLINES.get(f"{one.kind} {one.status}") or ENDS.get(one.status) or one.status.capitalize(),
        lead=None if best is None else _evidence(db, one.evidence[best]),
        verdict=_said(db, f"alert {one.id}"),
    )


def _best(one: ShiftAlert) -> int | None:
    """The index of the quote that says most for the new position."""
    order = sorted(
        range(len(one.evidence)),
        key=lambda i: (one.evidence[i].label == one.after, one.evidence[i].weight, one.evidence[i].published),
        reverse=True,
    )
    return order[0] if order else None


def _evidence(db: sqlite3.Connection, one: Evidence) -> EvidenceView:
    chances = one.probabilities
    reading = read_reading(db, one.reading)
    words = db.execute("SELECT words FROM readings WHERE id = ?", (one.reading,)).fetchone()
    return EvidenceView(
        reading=one.reading,
        article=one.article,
        outlet=one.outlet,
        url=one.url,
        title=one.title,
        published=one.published,
        speaker=one.speaker,
        speaker_name=name_of(one.speaker),
        capacity=one.capacity,
        label=one.label,
        probability=getattr(chances, one.label),
        weight=one.weight,
        condition=one.condition,
        passage=place(db, one.article, None if reading is None else reading.revision, one.start, one.end, one.quote),
        first_party=one.first_party,
        without=one.probability_without,
        status_without=one.status_without,
        verdict=_said(db, one.reading, *(words or ())),
    )


def _said(db: sqlite3.Connection, *subjects: str) -> Judgement | None:
    marks = ", ".join("?" * len(subjects))
    return latest(db.execute(f"SELECT at, what FROM said WHERE subject IN ({marks})", subjects))  # noqa: S608


def _words(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def measure_precision(db: sqlite3.Connection) -> Precision:
    """Count people's latest words on shift alerts."""
    rows = db.execute(
        "SELECT s.what, count(*) FROM said s WHERE s.subject IN "
        "(SELECT 'alert ' || id FROM alerts WHERE kind = 'shift') GROUP BY s.what"
    ).fetchall()
    by_kind = {what: int(count) for what, count in rows}
    judged, correct = sum(by_kind.values()), by_kind.get("correct", 0)
    return Precision(judged=judged, correct=correct, share=correct / judged if judged else None, by_kind=by_kind)
