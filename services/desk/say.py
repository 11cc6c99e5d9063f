"""A click -> Verdicts on `readings.v1`, acknowledged by the broker; never changes the projection itself."""

import sqlite3
import threading
from datetime import datetime

from services import metrics
from services.desk.alerts import newest_record
from services.desk.quotes import read_reading
from services.errors import BrokerProblem
from services.ingest.broker import Line, Record
from services.settings import Settings
from streams.records import Reading, Stance, Verdict, VerdictKind
from streams.topics import READINGS, encode


class Unknown(LookupError):
    """There is no such reading or alert."""


def judge_reading(
    db: sqlite3.Connection, id: str, what: VerdictKind, at: datetime, by: str, stance: Stance | None = None
) -> list[Verdict]:
    """Return what to write for a click on a reading; raises Unknown."""
    reading = read_reading(db, id)
    if reading is None:
        raise Unknown(f"no reading {id}")
    return [_verdict(reading, what, at, by, stance=stance)]


def judge_alert(db: sqlite3.Connection, id: str, what: VerdictKind, at: datetime, by: str) -> list[Verdict]:
    """Return what to write for a click on an alert: one for itself and one for each reading it quotes."""
    alert = newest_record(db, id)
    if alert is None:
        raise Unknown(f"no alert {id}")
    said = [Verdict(actor=alert.actor, what=what, at=at, alert=id, by=by)]
    for evidence in alert.evidence:
        reading = read_reading(db, evidence.reading)
        if reading is not None:
            said.append(_verdict(reading, what, at, by, alert=id))
    return said


def _verdict(
    reading: Reading,
    what: VerdictKind,
    at: datetime,
    by: str,
    alert: str | None = None,
    stance: Stance | None = None,
) -> Verdict:
    return Verdict(
        actor=reading.actor,
        what=what,
        at=at,
        reading=reading.id,
        alert=alert,
        speaker=reading.speaker,
        quote=reading.quote,
        article=reading.article,
        revision=reading.revision,
        stance=stance,
        by=by,
    )


class Pen:
    """Writes to the log, one click at a time; a connection that failed is replaced."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._line: Line | None = None

    def write(self, said: list[Verdict]) -> None:
        """Write them in order, and return when the broker has all; raises BrokerProblem, after which none may count."""
        # A record goes to its actor's partition, behind the readings that it judges.
        records = [Record(READINGS.name, verdict.actor, encode(verdict)) for verdict in said]
        with self._lock:
            if self._line is None:
                self._line = Line(self._settings)
            outcomes = self._line.send(records, lambda: False)
            if any(outcomes):
                self._line.close()
                self._line = None
                problem = next(filter(None, outcomes))
                raise BrokerProblem(f"broker {self._settings.kafka} did not take it ({problem}); try again")
        for verdict in said:
            metrics.DESK_VERDICTS.labels("alert" if verdict.reading is None else "reading", verdict.what).inc()

    def close(self) -> None:
        with self._lock:
            if self._line is not None:
                self._line.close(1.0)
                self._line = None
