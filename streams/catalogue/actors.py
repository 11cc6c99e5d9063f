"""What the catalogue knows of actors and people, and the mentions it finds; records only, never how they are found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from streams.records import Capacity

MentionKind = Literal["person", "institution", "metonym", "demonym", "title", "unnamed"]

# The corpus calls an analyst's actor `expert`: such a voice belongs to no state and moves no position.
NO_ACTOR = "expert"


class Mention(NamedTuple):
    """The words `text[start:end]` that name somebody who can speak.

    `actor` is None where the words leave open whom they stand for ("the minister", an ambiguous surname), `person` is
    set where they name one person of the catalogue, and `capacity` is None for a bare adjective ("Russian").
    """

    start: int
    end: int
    text: str
    actor: str | None
    person: str | None
    capacity: Capacity | None
    kind: MentionKind


@dataclass(frozen=True, slots=True)
class Actor:
    """A state or organisation with a voice.

    `seats` speak for its government, `voices` in the capacity given; `regions` are places whose mayors and governors
    are quoted, and which say nothing themselves.
    """

    id: str
    name: str
    also: tuple[str, ...] = ()
    demonym: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    voices: Mapping[str, Capacity] = field(default_factory=dict)
    head: str | None = None
    wikidata: str | None = None


@dataclass(frozen=True, slots=True)
class Tenure:
    """An office held from `since` to the day before `until`; None is open. The capacity is the office's own."""

    actor: str
    office: str
    capacity: Capacity
    since: date | None
    until: date | None

    def covers(self, on: date) -> bool:
        """Whether the office was held on that day; the day of handing over belongs to the successor."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the news quotes. `surnames` are the short forms that headlines use."""

    id: str
    name: str
    also: tuple[str, ...]
    surnames: tuple[str, ...]
    tenures: tuple[Tenure, ...]
    wikidata: str | None = None

    def held(self, on: date) -> tuple[Tenure, ...]:
        """The offices held on that day, in the file's order."""
        return tuple(tenure for tenure in self.tenures if tenure.covers(on))

    def standing(self, on: date) -> tuple[str, Capacity]:
        """The actor and capacity in which the person speaks on that day.

        Out of office it is `other`, for the actor last served (before a first office: the one served first).
        """
        if held := self.held(on):
            first = next((tenure for tenure in held if tenure.capacity == "leader"), held[0])
            return first.actor, first.capacity
        past = [tenure for tenure in self.tenures if tenure.until is not None and tenure.until <= on]
        nearest = max(past, key=lambda tenure: tenure.until or date.min) if past else self.tenures[0]
        return nearest.actor, "expert" if nearest.capacity == "expert" else "other"


@dataclass(frozen=True, slots=True)
class Office:
    """The words for one kind of office, and the capacity of whoever holds it.

    `envoy` offices are named with the place they are sent to, which is not the one they speak for. A `transparent`
    one ("spokesman") speaks in the capacity of what it is attached to. An `institution` is a body, not a person.
    `actor` is whose office it is where only one has it ("the pope"). Without `bare` the word alone needs a
    determiner, because it has other uses ("in general"); a `dependent` one names nobody without a state.
    A `unique` office has one holder at a time; `like` is the office that this one is another state's word for.
    `joins` are the words, besides "of", after which comes whom the holder speaks for ("an aide to").
    """

    id: str
    capacity: Capacity
    words: tuple[str, ...]
    envoy: bool = False
    transparent: bool = False
    institution: bool = False
    unique: bool = False
    like: str | None = None
    joins: tuple[str, ...] = ()
    actor: str | None = None
    bare: bool = True
    dependent: bool = False
