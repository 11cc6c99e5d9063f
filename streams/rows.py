"""What outlives a worker: the rows that the fold puts, and how each kind is written; never what they mean together.

A row is a short key and a text. Its kinds, by the key's first word:

    reading ID KEY              the Reading that may move the position KEY, as JSON
    day DATE KEY                what is left of a day older than a month (streams/dossiers/freezing.py), as JSON
    withdrawn REVISION ARTICLE  when it was withdrawn
    life NUMBER KEY             a state in the life of KEY's alerts (streams/lives.py), as JSON; the highest counts
    verdict TIME SUBJECT        what a desk said (streams/verdicts.py) of a reading, or of words, and of which actor
    accord NUMBER KEY           how two that may part stand (streams/accords.py), as JSON; the highest counts
    stand TIME TO ACTOR         where the ally ACTOR of TO stands, as JSON; the latest counts
    past DAY KEY                what stands for KEY's days up to DAY (streams/dossiers/forgetting.py); the latest counts
    model TIME VERSION          when readings of a version of the model were first seen
    kept OFFSET KIND            a record of the log, as it is there, that only a newer version can follow
    alive                       the outlets whose feeds answer, as JSON
    clock                       the last Pulse's minute

No row is ever read, changed and written back: what changes gets another key (a withdrawal its revision, an alert's
state its number), so that a worker that was frozen and wakes can repeat an older row, but not hide a newer one.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec

from streams.accords import Accord
from streams.dossiers.emissions import position_key
from streams.dossiers.forgetting import Past
from streams.dossiers.freezing import FrozenDay
from streams.lives import Life
from streams.records import Reading, Stand, Verdict
from streams.verdicts import subjects_of

_encode = msgspec.json.Encoder(order="deterministic").encode


class Row(NamedTuple):
    """A row to put, or to delete where `value` is None."""

    key: str
    value: str | None


def reading_row(reading: Reading, key: str | None = None) -> Row:
    """The row under one key, that of the reading's position where none is given."""
    return reading_rows(reading, [position_key(reading) if key is None else key])[0]


def reading_rows(reading: Reading, keys: Iterable[str]) -> tuple[Row, ...]:
    text = _encode(reading).decode()
    return tuple(Row(f"reading {reading.id} {key}", text) for key in keys)


def day_row(key: str, day: str, row: FrozenDay) -> Row:
    return Row(f"day {day} {key}", _encode(row).decode() if row else None)


def withdrawn_row(article: str, revision: int, at: datetime) -> Row:
    return Row(f"withdrawn {revision} {article}", at.isoformat())


def verdict_rows(verdict: Verdict) -> list[Row]:
    said = f"{verdict.what} {verdict.actor}"
    return [Row(f"verdict {verdict.at.isoformat()} {subject}", said) for subject in subjects_of(verdict)]


def life_row(key: str, life: Life) -> Row:
    return Row(f"life {life.number} {key}", _encode(life).decode())


def accord_row(key: str, accord: Accord) -> Row:
    return Row(f"accord {accord.number} {key}", _encode(accord).decode())


def stand_row(stand: Stand) -> Row:
    return Row(f"stand {stand.at.isoformat()} {stand.to} {stand.actor}", _encode(stand).decode())


def past_row(key: str, past: Past) -> Row:
    return Row(f"past {past.day} {key}", _encode(past).decode())


def model_row(version: str, at: datetime) -> Row:
    return Row(f"model {at.isoformat()} {version}", "")


def kept_row(offset: int, kind: str, record: str | None) -> Row:
    return Row(f"kept {offset} {kind}", record)


def alive_row(alive: Iterable[str]) -> Row:
    return Row("alive", _encode(sorted(alive)).decode())


def clock_row(minute: datetime) -> Row:
    return Row("clock", minute.isoformat())
