"""One record of `readings.v1` and what is remembered -> rows to keep, alerts and positions to send; sends nothing.

The caller owns the order of effects: put `rows`, send `alerts` and `positions` and wait until the broker has them, put
`states`, commit. A crash anywhere in between repeats the record, and the record then gives the same alerts to the
byte, since what would have told it otherwise was not yet put.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from streams.canary import canary_alert, is_canary
from streams.cases import Case
from streams.dossiers.emissions import is_evidence, position_key
from streams.memory import (
    Memory,
    Row,
    alive_row,
    clock_row,
    day_row,
    life_row,
    reading_row,
    verdict_rows,
    withdrawn_row,
)
from streams.positions import make_position
from streams.records import EvidenceRecord, Position, Pulse, Reading, ShiftAlert, Verdict, Withdrawal
from streams.shifts import Cause, advance
from streams.verdicts import ACCEPTED


class Outcome(NamedTuple):
    """What follows from one record. `rows` are in the memory already; `states` must be put there by the caller."""

    rows: tuple[Row, ...] = ()
    alerts: tuple[ShiftAlert, ...] = ()
    states: tuple[Row, ...] = ()
    positions: tuple[Position, ...] = ()


def follow(record: EvidenceRecord, memory: Memory) -> Outcome:
    """Take in one record. The memory gains `rows`, which are harmless to repeat, and nothing else."""
    if isinstance(record, Reading):
        return _follow_reading(record, memory)
    if isinstance(record, Withdrawal):
        return _follow_withdrawal(record, memory)
    if isinstance(record, Verdict):
        return _follow_verdict(record, memory)
    return _follow_pulse(record, memory)


def positions_of(memory: Memory) -> list[Position]:
    """Return every position that the memory holds, as it stood at its clock."""
    return [_position(key, memory, memory.clock) for key in sorted({*memory.dossiers, *memory.lives})]


def _follow_reading(reading: Reading, memory: Memory) -> Outcome:
    if is_canary(reading):
        return Outcome(alerts=(canary_alert(reading),))
    key = position_key(reading)
    frozen = memory.dossier(key).archive.holds(reading.article, reading.revision)
    if not is_evidence(reading) or reading.revision < memory.withdrawn(reading.article) or frozen:
        return Outcome()
    rows = (reading_row(reading),)
    memory.put(rows)
    if memory.verdicts.rejects(reading):
        # Kept, so that a desk may think again; told of, never: the same error does not alert twice.
        return Outcome(rows)
    alerts, states = _judge([key], memory, memory.clock, Cause(reading=reading))
    return Outcome(rows, alerts, states, (_position(key, memory, memory.clock),))


def _follow_withdrawal(record: Withdrawal, memory: Memory) -> Outcome:
    keys = memory.keys_of(record.article)
    rows = [withdrawn_row(record.article, record.revision, record.at)]
    for key in keys:
        changed = memory.dossier(key).archive.without(record.article, record.revision)
        rows += [day_row(key, day, row) for day, row in changed.items()]
    memory.put(rows)
    alerts, states = _judge(keys, memory, memory.clock, Cause(withdrawal=True))
    return Outcome(tuple(rows), alerts, states, tuple(_position(key, memory, memory.clock) for key in keys))


def _follow_verdict(verdict: Verdict, memory: Memory) -> Outcome:
    """A frozen day keeps articles and no quotes: there, rejecting a reading takes its article out."""
    rows = verdict_rows(verdict)
    if not rows:
        return Outcome()
    keys = memory.keys_judged(verdict)
    for key in keys if verdict.what != ACCEPTED else ():
        changed = memory.dossier(key).archive.without(verdict.article, verdict.revision + 1)
        rows += [day_row(key, day, row) for day, row in changed.items()]
    memory.put(rows)
    alerts, states = _judge(keys, memory, memory.clock, Cause(withdrawal=True))
    return Outcome(tuple(rows), alerts, states, tuple(_position(key, memory, memory.clock) for key in keys))


def _follow_pulse(pulse: Pulse, memory: Memory) -> Outcome:
    """The clock is put among the states: until then, what the minute brings can be derived again."""
    if memory.clock is not None and pulse.minute <= memory.clock:
        return Outcome()
    rows: list[Row] = []
    positions: tuple[Position, ...] = ()
    if memory.clock is not None and pulse.minute.date() == memory.clock.date():
        keys = [key for key, life in memory.lives.items() if life.doubt is not None]
    else:
        # What only time changes is looked at once a day: nothing of it is urgent, and a day is the same at any pace.
        # So is who can be heard: two thousand feeds that come and go would otherwise write a long row every minute.
        keys = sorted({*memory.dossiers, *memory.lives})
        if pulse.alive and frozenset(pulse.alive) != memory.alive:
            rows.append(alive_row(pulse.alive))
        rows += _freeze(memory, pulse.minute)
        before = {key: _position(key, memory, memory.clock) for key in keys}
        memory.put(rows)
        after = (_position(key, memory, pulse.minute) for key in keys)
        positions = tuple(p for key, p in zip(keys, after, strict=True) if _look(p) != _look(before[key]))
    alerts, states = _judge(sorted(keys), memory, pulse.minute, Cause())
    return Outcome(tuple(rows), alerts, (*states, clock_row(pulse.minute)), positions)


def _freeze(memory: Memory, now: datetime) -> list[Row]:
    edge = now - timedelta(days=memory.settings.exact_days)
    rows = memory.leavings(edge)
    for key, dossier in sorted(memory.dossiers.items()):
        days, readings = dossier.freeze(now.timestamp())
        # The day comes before the deletions, so that a crash in between leaves evidence twice rather than not at all;
        # a reading that a day stands for is not counted beside it.
        rows += [day_row(key, day, row) for day, row in days.items()]
        rows += [Row(f"reading {reading} {key}", None) for reading in readings]
    return rows


def _judge(
    keys: list[str], memory: Memory, clock: datetime | None, cause: Cause
) -> tuple[tuple[ShiftAlert, ...], tuple[Row, ...]]:
    alerts: list[ShiftAlert] = []
    states: list[Row] = []
    for key in keys:
        dossier, life = memory.dossier(key), memory.life(key)
        dossier.refresh()
        if not dossier.nodes and life.number == 0:
            continue
        now = _now(key, memory, clock)
        cause_time = now if cause.reading is None else cause.reading.time.timestamp()
        case = Case(key, dossier, now, partial(memory.reading, key), memory.settings, cause_time)
        after, told = advance(life, case, cause)
        alerts += told
        if after != life:
            states.append(life_row(key, after))
    return tuple(alerts), tuple(states)


def _position(key: str, memory: Memory, clock: datetime | None) -> Position:
    return make_position(key, memory.dossier(key), _now(key, memory, clock), memory.alive)


def _now(key: str, memory: Memory, clock: datetime | None) -> float:
    """The stream's time: the last Pulse, or the key's latest evidence where no Pulse has reached it yet."""
    dossier = memory.dossier(key)
    dossier.refresh()
    return max(dossier.latest, clock.timestamp() if clock is not None else 0.0)


def _look(position: Position) -> tuple[object, ...]:
    """What a reader of positions would notice."""
    return (position.stance, position.stale, *(round(chance, 2) for chance in position.probabilities.values()))
