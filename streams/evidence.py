"""One record of `readings.v1` and what is remembered -> rows to keep, alerts and positions to send; sends nothing.

The caller owns the order of effects: put `rows`, send `alerts` and `positions` and wait until the broker has them, put
`states`, commit. A crash anywhere in between repeats the record, and the record then gives the same alerts to the
byte, since what would have told it otherwise was not yet put.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from streams.admission import why_ignored
from streams.canary import canary_alert, is_canary
from streams.dossiers.emissions import is_evidence
from streams.dossiers.facets import is_position, keys_of
from streams.judging import judge, now_of
from streams.memory import Memory
from streams.positions import make_position
from streams.records import EvidenceRecord, Position, Pulse, Reading, ShiftAlert, Stand, Verdict, Withdrawal
from streams.rereading import beside, takes_over
from streams.retention import retire
from streams.rows import (
    Row,
    alive_row,
    clock_row,
    day_row,
    model_row,
    reading_rows,
    stand_row,
    verdict_rows,
    withdrawn_row,
)
from streams.shifts import Cause
from streams.verdicts import ACCEPTED


class Outcome(NamedTuple):
    """What follows from one record. `rows` are in the memory already; `states` must be put there by the caller.

    `stands` go back on the evidence log, each to the partition of the actor that it is `to`. `ignored` is why a reading
    changed nothing (one of streams.admission.IGNORED, or empty); `drifted` are the keys whose position was taken in
    silence, because only the change of the model moved it.
    """

    rows: tuple[Row, ...] = ()
    alerts: tuple[ShiftAlert, ...] = ()
    states: tuple[Row, ...] = ()
    positions: tuple[Position, ...] = ()
    stands: tuple[Stand, ...] = ()
    ignored: str = ""
    drifted: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether anything is to be sent, put or told."""
        return any((self.rows, self.alerts, self.states, self.positions, self.stands))


def follow(record: EvidenceRecord, memory: Memory) -> Outcome:
    """Take in one record. The memory gains `rows`, which are harmless to repeat, and nothing else."""
    if isinstance(record, Reading):
        return _follow_reading(record, memory)
    if isinstance(record, Withdrawal):
        return _follow_withdrawal(record, memory)
    if isinstance(record, Verdict):
        return _follow_verdict(record, memory)
    if isinstance(record, Stand):
        return _follow_stand(record, memory)
    return _follow_pulse(record, memory)


def positions_of(memory: Memory) -> list[Position]:
    """Return every position that the memory holds, as it stood at its clock."""
    return list(_positions(sorted({*memory.evidence.dossiers, *memory.lives}), memory))


def _follow_reading(reading: Reading, memory: Memory) -> Outcome:
    if is_canary(reading):
        return Outcome(alerts=(canary_alert(reading),))
    key, *others = keys_of(reading)
    kept = memory.evidence.reading(key, reading.id)
    reason = why_ignored(reading, kept, key, memory)
    if reason is not None:
        rows = _reader_rows(reading, memory) if reason == "" else ()
        memory.put(rows)
        return Outcome(rows, ignored=reason)
    again = beside(reading, kept)
    keys = [key, *(other for other in others if not memory.evidence.dossier(other).covers(again))]
    rows = (*reading_rows(again, keys), *_reader_rows(reading, memory))
    memory.put(rows)
    if memory.evidence.verdicts.rejects(again):
        # Kept, so that a desk may think again; told of, never: the same error does not alert twice.
        return Outcome(rows, ignored="rejected")
    # Where another model finds no stance any more, what the one before found is withdrawn.
    cause = Cause(reading=again) if is_evidence(again) else Cause(withdrawal=True)
    judged = judge(keys, memory, memory.clock, cause)
    return Outcome(rows, judged.alerts, judged.states, _positions([key], memory), judged.stands, drifted=judged.drifted)


def _reader_rows(reading: Reading, memory: Memory) -> tuple[Row, ...]:
    """Return what says that another version of the model is at work from this reading on, where one is."""
    if not takes_over(reading, memory.models):
        return ()
    return (model_row(reading.model, memory.models.next_at(memory.clock or reading.fetched)),)


def _follow_stand(stand: Stand, memory: Memory) -> Outcome:
    rows = (stand_row(stand),)
    memory.put(rows)
    latest = memory.stand(stand.to, stand.actor)
    if latest is None or latest.at > stand.at:
        return Outcome(rows)
    judged = judge([stand.to], memory, memory.clock, Cause(), told=stand)
    return Outcome(rows, judged.alerts, judged.states)


def _follow_withdrawal(record: Withdrawal, memory: Memory) -> Outcome:
    keys = memory.evidence.keys_of(record.article)
    rows = [withdrawn_row(record.article, record.revision, record.at)]
    for key in keys:
        changed = memory.evidence.dossier(key).archive.without(record.article, record.revision)
        rows += [day_row(key, day, row) for day, row in changed.items()]
    memory.put(rows)
    judged = judge(keys, memory, memory.clock, Cause(withdrawal=True))
    return Outcome(
        tuple(rows), judged.alerts, judged.states, _positions(keys, memory), judged.stands, drifted=judged.drifted
    )


def _follow_verdict(verdict: Verdict, memory: Memory) -> Outcome:
    """A frozen day keeps articles and no quotes: there, rejecting a reading takes its article out."""
    rows = verdict_rows(verdict)
    if not rows:
        return Outcome()
    keys = memory.evidence.keys_judged(verdict)
    for key in keys if verdict.what != ACCEPTED else ():
        changed = memory.evidence.dossier(key).archive.without(verdict.article, verdict.revision + 1)
        rows += [day_row(key, day, row) for day, row in changed.items()]
    memory.put(rows)
    judged = judge(keys, memory, memory.clock, Cause(withdrawal=True))
    return Outcome(
        tuple(rows), judged.alerts, judged.states, _positions(keys, memory), judged.stands, drifted=judged.drifted
    )


def _follow_pulse(pulse: Pulse, memory: Memory) -> Outcome:
    """The clock is put among the states: until then, what the minute brings can be derived again."""
    if memory.clock is not None and pulse.minute <= memory.clock:
        return Outcome()
    rows: list[Row] = []
    positions: tuple[Position, ...] = ()
    daily = memory.clock is None or pulse.minute.date() != memory.clock.date()
    if not daily:
        keys = [key for key, life in memory.lives.items() if life.doubt is not None]
        keys += [key.partition("&")[0] for key, accord in memory.accords.items() if accord.doubt is not None]
    else:
        # What only time changes is looked at once a day: nothing of it is urgent, and a day is the same at any pace.
        # So is who can be heard: two thousand feeds that come and go would otherwise write a long row every minute.
        keys = sorted({*memory.evidence.dossiers, *memory.lives})
        if pulse.alive and frozenset(pulse.alive) != memory.alive:
            rows.append(alive_row(pulse.alive))
        rows += retire(memory, pulse.minute)
        shown = [key for key in keys if is_position(key)]
        before = {key: _position(key, memory, memory.clock) for key in shown}
        memory.put(rows)
        after = (_position(key, memory, pulse.minute) for key in shown)
        positions = tuple(p for key, p in zip(shown, after, strict=True) if _look(p) != _look(before[key]))
    judged = judge(sorted(set(keys)), memory, pulse.minute, Cause(), daily=daily)
    states = (*judged.states, clock_row(pulse.minute))
    return Outcome(tuple(rows), judged.alerts, states, positions, judged.stands, drifted=judged.drifted)


def _positions(keys: Iterable[str], memory: Memory) -> tuple[Position, ...]:
    return tuple(_position(key, memory, memory.clock) for key in keys if is_position(key))


def _position(key: str, memory: Memory, clock: datetime | None) -> Position:
    return make_position(key, memory.evidence.dossier(key), now_of(key, memory, clock), memory.alive)


def _look(position: Position) -> tuple[object, ...]:
    """What a reader of positions would notice."""
    return (position.stance, position.stale, *(round(chance, 2) for chance in position.probabilities.values()))
