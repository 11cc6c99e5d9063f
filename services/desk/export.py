"""What desks said of readings -> labelled rows for the corpus; reads only the projection, writes no corpus."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import msgspec

from services.desk.database import FILE
from services.desk.quotes import read_reading
from services.errors import UsageProblem
from streams.records import Stance, Verdict
from streams.verdicts import words_of

_verdict: Final = msgspec.json.Decoder(Verdict)


def export_rows(state: Path, *, unlabelled: bool, from_alerts: bool) -> Iterator[dict[str, Any]]:
    """Yield one row for each statement judged, by the latest word on it, oldest first.

    A reading called correct has the label it was read with, one of the wrong stance the label that was said to be
    right. Rows whose label nobody gave (`label` is null) come with `unlabelled`; readings that were judged only with
    their alert, as a whole, with `from_alerts`. Raises UsageProblem where there is no projection.
    """
    path = state / FILE
    if not path.is_file():
        raise UsageProblem(f"{path}: no such file; name the desk's directory with --state")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        latest: dict[str, Verdict] = {}
        for (record,) in db.execute("SELECT record FROM verdicts WHERE reading <> '' ORDER BY at"):
            said = _verdict.decode(record)
            if said.alert is None or from_alerts:
                subject = words_of(said.actor, said.speaker, said.quote)
                latest.pop(subject, None)
                latest[subject] = said
        for subject, said in latest.items():
            row = _row(db, subject, said)
            if row is not None and (unlabelled or row["label"] is not None):
                yield row


def _row(db: sqlite3.Connection, subject: str, said: Verdict) -> dict[str, Any] | None:
    reading = read_reading(db, said.reading or "")
    if reading is None:
        return None
    label: Stance | None = None
    if said.what == "correct":
        label = reading.probabilities.label
    elif said.what == "wrong-stance":
        label = said.stance
    start = reading.quote.find(reading.speaker)
    return {
        "text": reading.quote,
        "label": label,
        "actor": reading.actor,
        "speaker": reading.speaker,
        "start": start,
        "end": start + len(reading.speaker) if start >= 0 else -1,
        "capacity": reading.capacity,
        "voice": "attributed",
        "trap": said.what,
        "style": "headline" if reading.start < len(reading.title) else "passage",
        "group": f"desk-{subject}",
        "provenance": "desk",
        "read_as": reading.probabilities.label,
        "model": reading.model,
        "outlet": reading.outlet,
        "url": reading.url,
        "said": said.at.isoformat(),
    }
