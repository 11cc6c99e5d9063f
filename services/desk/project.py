"""A record of a topic -> rows of the projection; the same record again changes nothing, and nothing is ever sent."""

import sqlite3
from collections.abc import Callable
from typing import Any, Final

import msgspec
import numpy as np

from streams.canary import CANARY
from streams.dossiers.emissions import is_evidence, position_key
from streams.records import Article, Position, Pulse, Reading, ShiftAlert, Verdict, Withdrawal
from streams.topics import (
    ALERTS,
    ARTICLES,
    POSITIONS,
    READINGS,
    decode_alert,
    decode_article,
    decode_evidence,
    decode_position,
    encode,
)
from streams.verdicts import subjects_of, words_of

DECODERS: Final[dict[str, Callable[[bytes | None], msgspec.Struct]]] = {
    ARTICLES.name: decode_article,
    READINGS.name: decode_evidence,
    POSITIONS.name: decode_position,
    ALERTS.name: decode_alert,
}


def project(db: sqlite3.Connection, record: msgspec.Struct) -> bool:
    """Put one record; returns whether it was news. Kinds that the desk does not show, and canaries, are passed over."""
    put = _PUTS.get(type(record))
    if put is None or CANARY in (getattr(record, "outlet", ""), getattr(record, "actor", "")):
        return False
    return put(db, record)


def _put_article(db: sqlite3.Connection, one: Article) -> bool:
    return bool(
        db.execute(
            "INSERT OR IGNORE INTO articles (id, revision, outlet, url, title, text, published, fetched) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(one.id, one.revision, one.outlet, one.url, one.title, one.text),
                *(one.published.timestamp(), one.fetched.timestamp()),
            ),
        ).rowcount
    )


def _put_reading(db: sqlite3.Connection, one: Reading) -> bool:
    # The signature is most of the record as text, and little as numbers.
    slim = msgspec.structs.replace(one, signature=())
    return bool(
        db.execute(
            "INSERT INTO readings (id, article, revision, actor, speaker, position, capacity, outlet, label, "
            "time, counts, words, quote, signature, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            # What a new version of the model makes of the same words takes the place of what was read before.
            "ON CONFLICT (id) DO UPDATE SET label = excluded.label, counts = excluded.counts, record = excluded.record "
            "WHERE ? AND excluded.record <> record",
            (
                *(one.id, one.article, one.revision, one.actor, one.speaker, position_key(one), one.capacity),
                *(one.outlet, one.probabilities.label, one.time.timestamp(), is_evidence(one)),
                *(words_of(one.actor, one.speaker, one.quote), one.quote, pack(one.signature), encode(slim)),
                one.former is not None,
            ),
        ).rowcount
    )


def pack(signature: tuple[int, ...]) -> bytes:
    """Return the low halves of the numbers, which is all that is compared of them."""
    return np.array(signature, dtype=np.uint64).astype("<u4").tobytes()


def unpack(packed: bytes) -> tuple[int, ...]:
    """Return a packed signature as numbers."""
    return tuple(np.frombuffer(packed, dtype="<u4").tolist())


def _put_withdrawal(db: sqlite3.Connection, one: Withdrawal) -> bool:
    db.execute(
        "INSERT INTO withdrawals VALUES (?, ?) ON CONFLICT DO UPDATE SET revision = max(revision, excluded.revision)",
        (one.article, one.revision),
    )
    return True


def _put_pulse(db: sqlite3.Connection, one: Pulse) -> bool:
    minute = one.minute.timestamp()
    newest = db.execute("SELECT value FROM meta WHERE name = 'clock'").fetchone()
    if newest is not None and float(newest[0]) >= minute:
        # The other partitions' copies of the same minute.
        return False
    db.execute("INSERT OR REPLACE INTO meta VALUES ('clock', ?)", (repr(minute),))
    db.executemany(
        "INSERT INTO outlets VALUES (?, ?) ON CONFLICT DO UPDATE SET heard = max(heard, excluded.heard)",
        [(outlet, minute) for outlet in one.alive],
    )
    return True


def _put_verdict(db: sqlite3.Connection, one: Verdict) -> bool:
    at = one.at.timestamp()
    new = db.execute(
        "INSERT OR IGNORE INTO verdicts VALUES (?, ?, ?, ?, ?)",
        (at, one.reading or "", one.alert or "", one.what, encode(one)),
    ).rowcount
    subjects = subjects_of(one) if one.reading is not None else (f"alert {one.alert}",)
    db.executemany(
        "INSERT INTO said VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at, what = excluded.what "
        "WHERE (excluded.at, excluded.what) > (at, what)",
        [(subject, at, one.what) for subject in subjects],
    )
    return bool(new)


def _put_position(db: sqlite3.Connection, one: Position) -> bool:
    key = one.actor if one.speaker is None else f"{one.actor}/{one.speaker}"
    chances = one.probabilities
    at = one.at.timestamp()
    db.execute(
        "INSERT INTO positions VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
        "SET at = excluded.at, record = excluded.record WHERE excluded.at >= at",
        (key, one.actor, one.speaker, at, encode(one)),
    )
    db.execute(
        "INSERT OR REPLACE INTO history VALUES (?, ?, ?, ?, ?, ?, 0)",
        (key, at, one.stance, *(chances.get(state, 0.0) for state in ("favor", "mixed", "against"))),
    )
    return True


def _put_alert(db: sqlite3.Connection, one: ShiftAlert) -> bool:
    db.executemany("INSERT OR IGNORE INTO proofs VALUES (?)", [(part.article,) for part in one.evidence])
    return bool(
        db.execute(
            "INSERT OR IGNORE INTO alerts (id, revision, actor, speaker, kind, status, at, since, record) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(one.id, one.revision, one.actor, one.speaker, one.kind, one.status),
                *(one.at.timestamp(), one.since.timestamp(), encode(one)),
            ),
        ).rowcount
    )


_PUTS: Final[dict[type, Callable[[sqlite3.Connection, Any], bool]]] = {
    Article: _put_article,
    Reading: _put_reading,
    Withdrawal: _put_withdrawal,
    Pulse: _put_pulse,
    Verdict: _put_verdict,
    Position: _put_position,
    ShiftAlert: _put_alert,
}
