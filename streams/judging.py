"""Keys whose evidence changed, and what is remembered -> the alerts, states and tellings that follow; sends nothing.

A position's own evidence is judged first, since a change of conditions is told only of an actor that stays where it is;
then what it asks for; then the pairs that may part: a person and the government, an actor and its allies.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace as replace_fields
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from streams.accords import advance_accord
from streams.cases import Case
from streams.dossiers.conditions import CONDITIONS
from streams.dossiers.dossier import Dossier
from streams.dossiers.facets import CONDITIONS_OF, OFFICES, VOICE_OF, base_of, is_position
from streams.drift import as_formerly_read
from streams.lives import Life
from streams.memory import Memory
from streams.parties import Parties, Side
from streams.positions import split_key
from streams.records import AlertKind, Conditions, Reading, ShiftAlert, Stand
from streams.rows import Row, accord_row, life_row
from streams.shift_settings import STATES
from streams.shifts import Cause, advance
from streams.sides import OwnSide, ToldSide, make_stand


class Judged(NamedTuple):
    """What follows: alerts to send, states to put, what allies' workers must be told, and which positions only the
    change of the model moved."""

    alerts: tuple[ShiftAlert, ...] = ()
    states: tuple[Row, ...] = ()
    stands: tuple[Stand, ...] = ()
    drifted: tuple[str, ...] = ()


def judge(
    keys: Iterable[str], memory: Memory, clock: datetime | None, cause: Cause, told: Stand | None = None,
    daily: bool = False,
) -> Judged:  # fmt: skip
    """Judge the keys as they stand at `clock`; `told` is the ally's stand that made us look, if one did."""
    keys = sorted(keys, key=lambda key: (not is_position(key), key))
    alerts: list[ShiftAlert] = []
    states: list[Row] = []
    stands: list[Stand] = []
    lives: dict[str, Life] = {}
    drifted: list[str] = []
    for key in keys:
        case = make_case(key, memory, clock, cause)
        if key.endswith(VOICE_OF) or case is None:
            continue
        life = memory.life(key)
        if key.endswith(CONDITIONS_OF):
            base = base_of(key)
            case = _beside(case, lives.get(base) or memory.life(base))
        after, found = advance(life, case, cause)
        alerts += found if case.kind == "shift" else [_of_conditions(one, case) for one in found]
        if after != life:
            states.append(life_row(key, after))
            lives[key] = after
        if after.drifted is not None and after.drifted != life.drifted:
            drifted.append(key)
        stands += _stands(case, memory, life, after, daily)
    for key in keys:
        for parties, accord_key in _parties(key, memory, clock, cause, told):
            before = memory.accord(accord_key)
            accord, parted = advance_accord(before, parties)
            alerts += parted
            if accord != before:
                states.append(accord_row(accord_key, accord))
    return Judged(tuple(alerts), tuple(states), tuple(stands), tuple(drifted))


def now_of(key: str, memory: Memory, clock: datetime | None) -> float:
    """Return the stream's time: the last Pulse, or the key's latest evidence where no Pulse has reached it yet."""
    dossier = memory.evidence.dossier(key)
    dossier.refresh()
    return max(dossier.latest, clock.timestamp() if clock is not None else 0.0)


def make_case(key: str, memory: Memory, clock: datetime | None, cause: Cause) -> Case | None:
    """Return the key's case; None where there is nothing to judge and never was."""
    dossier = memory.evidence.dossier(key)
    now = now_of(key, memory, clock)
    if not dossier.nodes and memory.life(key).number == 0:
        return None
    kind: AlertKind = "condition-change" if key.endswith(CONDITIONS_OF) else "shift"
    cause_time = now if cause.reading is None else cause.reading.time.timestamp()
    return Case(
        key, dossier, now, partial(memory.evidence.reading, key), memory.settings_of(kind), cause_time,
        kind, memory.alive, memory.relations, partial(_new_model, key, memory, now),
        former=partial(_former, key, memory, now),
    )  # fmt: skip


def _new_model(key: str, memory: Memory, now: float) -> float | None:
    """Return when the newest model came, until it has read the key's last month again or a month has passed."""
    newest = memory.models.newest()
    if newest is None:
        return None
    version, at = newest[0], newest[1].timestamp()
    window = timedelta(days=memory.settings.exact_days).total_seconds()
    if now - at > window or memory.evidence.has_been_read_again(key, version, at - window, now):
        return None
    return at


def _former(key: str, memory: Memory, now: float) -> Dossier | None:
    """Return the evidence as it was read before the newest model, for the month in which that is to be told apart."""
    newest = memory.models.newest()
    if newest is None or now - newest.at.timestamp() > timedelta(days=memory.settings.exact_days).total_seconds():
        return None
    return as_formerly_read(key, memory, newest.version)


def _beside(case: Case, life: Life) -> Case:
    """Return the case of an actor's conditions: what its position tells already is not told again."""

    def unsettled() -> bool:
        return life.established == "unknown" or life.pending is not None or life.held is not None

    moved_at = life.since if life.left != "unknown" else None
    return replace_fields(case, unsettled=unsettled, moved_at=moved_at, stance=life.established)


def _of_conditions(alert: ShiftAlert, case: Case) -> ShiftAlert:
    """Return the alert in the words of conditions; within, they stand under the names of the three states."""
    names: dict[str, Conditions] = dict(zip(STATES, CONDITIONS, strict=True))
    stance = case.stance

    def renamed(chances: dict[str, float] | None) -> dict[str, float] | None:
        return None if chances is None else {names[state]: chance for state, chance in chances.items()}

    return replace(
        alert,
        before=stance,
        after=stance,
        condition_before=names[alert.before],
        condition_after=names[alert.after],
        before_probabilities=renamed(alert.before_probabilities),
        after_probabilities=renamed(alert.after_probabilities),
    )


def _stands(case: Case, memory: Memory, before: Life, after: Life, daily: bool) -> Iterator[Stand]:
    if case.kind != "shift" or case.speaker is not None or not case.known or not case.dossier.nodes:
        return
    clock = memory.clock.timestamp() if memory.clock is not None else 0.0
    if after.established != before.established or (daily and case.dossier.latest > clock - 86_400.0):
        for ally in memory.relations.told_to(case.actor):
            yield make_stand(case, ally)


def _parties(
    key: str, memory: Memory, clock: datetime | None, cause: Cause, told: Stand | None
) -> Iterator[tuple[Parties, str]]:
    actor, speaker = split_key(base_of(key))
    if key.endswith(CONDITIONS_OF):
        return
    if speaker is not None:
        if not key.endswith(VOICE_OF) and not _has_office(key, memory, cause):
            return
        one, other = make_case(key, memory, clock, cause), make_case(actor, memory, clock, cause)
        if one is None or other is None or not one.known or not other.known or not _is_newest(cause, one, other):
            return
        yield _between("departure", one, OwnSide(one, speaker), OwnSide(other, actor), memory, cause, None), key
        return
    allies = memory.relations.judged_at(actor)
    case = make_case(key, memory, clock, cause) if allies else None
    for ally in allies if case is not None and case.known else ():
        stand = memory.stand(actor, ally) if told is None or told.actor != ally else told
        if stand is not None and case is not None and (told is None or told.actor == ally):
            yield (
                _between("ally-split", case, OwnSide(case, actor), ToldSide(stand), memory, cause, told),
                f"{actor}&{ally}",
            )


def _between(
    kind: AlertKind, case: Case, one: Side, other: Side, memory: Memory, cause: Cause, told: Stand | None
) -> Parties:
    reading: Reading | None = cause.reading
    raising = None if reading is None or reading.backfill else reading.id
    rate = case.rate() if not isinstance(other, ToldSide) else max(case.rate(), other.stand.rate)
    return Parties(
        kind=kind,
        one=one,
        other=other,
        now=case.now,
        cause_time=case.cause_time if told is None else told.last_evidence.timestamp(),
        rate=rate,
        reading=raising if told is None else told.reading or None,
        withdrawal=cause.withdrawal,
        is_held=case.is_held,
        settings=memory.settings_of(kind),
        is_news=told is None and reading is not None and reading.former is None,
    )


def _is_newest(cause: Cause, *cases: Case) -> bool:
    """Whether nothing newer than the cause is known of either: what comes late, or once more, waits for the day's look.

    The government's own words do not have its ministers judged again, so a duplicate of a minister's would be judged on
    more than there was when it first came.
    """
    reading = cause.reading
    return reading is None or reading.time.timestamp() >= max(case.dossier.latest for case in cases)


def _has_office(key: str, memory: Memory, cause: Cause) -> bool:
    if cause.reading is not None:
        return cause.reading.capacity in OFFICES
    return memory.accord(key).number > 0
