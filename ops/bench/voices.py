"""Invented actors with several voices, allies and demands -> what the stream's own code tells of them; judges nobody.

Each voice of an actor speaks by itself, as `ops.bench.actors` makes it speak: the head of state, two ministers, whose
words count towards the state as well, and a member of parliament, whose do not. A share of the readings names what is
asked for before there are talks, once for all copies; the rules that read it take a demand for its neighbour as often
as `streams.dossiers.conditions` assumes.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from msgspec.structs import replace

from ops.bench.actors import EPOCH, Course, World, speak
from streams.dossiers.conditions import CONDITIONS, NAMED
from streams.evidence import follow
from streams.memory import Memory
from streams.records import Capacity, Conditions, EvidenceRecord, Pulse, Reading, ShiftAlert
from streams.relations import Relations
from streams.shift_settings import ShiftSettings

# Share of each demand among those that an actor makes, by day; in the order of CONDITIONS.
Demand = Callable[[float], tuple[float, float, float]]
PAIR: Final = ("grenzmark", "ruritania")
ALLIED: Final = Relations((PAIR,))


class Voice(NamedTuple):
    """Who speaks for an actor, and how much of what is read of it."""

    speaker: str
    capacity: Capacity
    share: float


PRESIDENT: Final = Voice("President", "leader", 0.55)
MINISTERS: Final = (Voice("Foreign Minister", "government", 0.2), Voice("Defence Minister", "government", 0.1))
DEPUTY: Final = Voice("Deputy", "legislature", 0.15)
VOICES: Final = (PRESIDENT, *MINISTERS, DEPUTY)


@dataclass(frozen=True)
class Cast:
    """One actor: its news, each voice's course by the voice's name, and what it asks for; `naming` says how often."""

    actor: str
    world: World
    courses: Mapping[str, Course]
    demand: Demand
    naming: float


def steady(share: float) -> Course:
    """Return the course of a voice that stands still."""
    return lambda _: share


def speak_all(cast: Cast, days: float, seed: int) -> list[Reading]:
    """Return all that the actor's voices say, unsorted."""
    return [
        _name_demand(_give_voice(reading, cast.actor, voice), cast, seed)
        for voice in VOICES
        for reading in speak(
            replace_rate(cast.world, voice.share),
            cast.courses[voice.speaker],
            days,
            seed,
            f"{cast.actor} {voice.speaker} ",
        )
    ]


def replace_rate(world: World, share: float) -> World:
    """Return the world in which so large a share of the readings is left."""
    return World(**{**vars(world), "rate": world.rate * share})


def _give_voice(reading: Reading, actor: str, voice: Voice) -> Reading:
    unnamed = reading.capacity == "unnamed" and voice.capacity != "legislature"
    return replace(
        reading,
        actor=actor,
        speaker="officials" if unnamed else voice.speaker,
        capacity="unnamed" if unnamed else voice.capacity,
    )


def _name_demand(reading: Reading, cast: Cast, seed: int) -> Reading:
    """Copies say the same, and the readings of one occasion mostly do."""
    told, _, _ = reading.article.rpartition("-")
    occasion, _, _ = told.rpartition("-")
    rng = random.Random(f"{seed} {told}")
    if rng.random() >= cast.naming:
        return reading
    own = rng if rng.random() > cast.world.cohesion else random.Random(f"{seed} {occasion}")
    asked = own.choices(range(3), cast.demand((reading.time - EPOCH) / timedelta(days=1)))[0]
    return _in_words(reading, rng.choices(CONDITIONS, NAMED[asked])[0])


def _in_words(reading: Reading, named: Conditions) -> Reading:
    if named == "none":
        return replace(reading, quote=f"{reading.quote} without preconditions")
    return replace(reading, condition="after the last soldier has left" if named == "hard" else "after a ceasefire")


@dataclass
class Story:
    """What became of one pair of allies: every confirmed alert, and since when each actor's position was known."""

    confirmed: list[ShiftAlert]
    known: dict[str, datetime]
    until: datetime


def tell(casts: tuple[Cast, Cast], days: float, seed: int, settings: ShiftSettings) -> Story:
    """Follow both actors by the code that the stream runs, a Pulse each day."""
    memory = Memory(settings, ALLIED)
    story = Story([], {}, EPOCH + timedelta(days=days))
    readings = [reading for cast in casts for reading in speak_all(cast, days, seed)]
    pulses = [Pulse(minute=EPOCH + timedelta(days=day)) for day in range(1, int(days))]
    records: list[Reading | Pulse] = sorted([*readings, *pulses], key=_when)
    for record in records:
        for alert in _take(record, memory):
            if alert.status == "confirmed":
                story.confirmed.append(alert)
        if isinstance(record, Pulse):
            for cast in casts:
                if cast.actor not in story.known and memory.evidence.dossier(cast.actor).known is not None:
                    story.known[cast.actor] = record.minute
    return story


def _when(record: Reading | Pulse) -> tuple[datetime, str]:
    return (record.minute, "") if isinstance(record, Pulse) else (record.fetched, record.id)


def _take(record: EvidenceRecord, memory: Memory) -> Iterator[ShiftAlert]:
    outcome = follow(record, memory)
    memory.put(outcome.states)
    yield from outcome.alerts
    for stand in outcome.stands:
        yield from _take(stand, memory)
