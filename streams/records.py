"""The records that flow between processes, and the ids they are known by; never how or where they are sent.

Every time is an aware datetime in UTC. Unknown fields are ignored and new ones must have a default, so that an
older worker can read a newer record; a breaking change is a new topic.
"""

import hashlib
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Stance = Literal["favor", "against", "neither"]
State = Literal["favor", "mixed", "against", "unknown"]
Capacity = Literal["leader", "government", "military", "legislature", "opposition", "expert", "unnamed", "other"]
AlertKind = Literal["first-position", "shift", "condition-change", "ally-split", "departure", "canary"]
# What an actor asks for before it talks: nothing, something, or what amounts to the other side's defeat.
Conditions = Literal["none", "some", "hard"]
AlertStatus = Literal["pending", "confirmed", "retracted", "closed"]
VerdictKind = Literal["correct", "wrong-speaker", "wrong-stance", "duplicate", "not-news"]

Time = Annotated[datetime, Meta(tz=True)]
Unit = Annotated[float, Meta(ge=0.0, le=1.0)]
Count = Annotated[int, Meta(ge=0)]
Name = Annotated[str, Meta(min_length=1)]


def content_id(*parts: object) -> str:
    """Return 16 hexadecimal digits that depend on the parts alone: the same input makes the same id, everywhere."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:16]


class Probabilities(Struct, frozen=True):
    """What the stance reader makes of one statement; the three sum to 1."""

    favor: Unit
    against: Unit
    neither: Unit

    @property
    def label(self) -> Stance:
        """The likeliest stance; a tie goes to the more careful label."""
        best = max(self.favor, self.against, self.neither)
        if self.neither == best:
            return "neither"
        return "favor" if self.favor == best and self.against < best else "against" if self.favor < best else "neither"


class Article(Struct, frozen=True, kw_only=True):
    """One news article as it was when fetched. `revision` grows by one with each edit that is seen."""

    id: Name
    url: str
    outlet: str
    title: str
    text: str
    published: Time
    fetched: Time
    revision: Count = 0
    signature: tuple[int, ...] = ()
    backfill: bool = False

    @property
    def body(self) -> str:
        """The string that every character offset into this article counts in."""
        return f"{self.title}\n\n{self.text}"


class Statement(Struct, frozen=True, kw_only=True):
    """What one actor says or does in one place of an article; not yet read for its stance.

    `quote` is exactly `article.body[start:end]`; `speaker_start` and `speaker_end` are offsets into `quote` of the
    words that name who speaks, or both -1 where the name stands outside it. `claim_about` is the other actor whose will
    or doing the words are a mere claim about.
    """

    speaker: Name
    actor: Name
    capacity: Capacity
    quote: Name
    start: Count
    end: Count
    speaker_start: int = -1
    speaker_end: int = -1
    condition: str | None = None
    reported_by: str | None = None
    scope: str | None = None
    terms: str | None = None
    old: bool = False
    claim_about: str | None = None


class Former(Struct, frozen=True, kw_only=True):
    """What another version of the model made of a statement before this one read it again."""

    model: str
    probabilities: Probabilities


class Reading(Struct, frozen=True, kw_only=True, tag_field="record", tag="reading"):
    """One statement's stance, with all that a desk needs to check it.

    `speaker_start` and `speaker_end` are as in the Statement, so that it can be read again; `former` is set where it
    was, and keeps what stood in its place.
    """

    id: Name
    article: Name
    revision: Count
    actor: Name
    speaker: Name
    capacity: Capacity
    quote: Name
    start: Count
    end: Count
    probabilities: Probabilities
    model: str
    outlet: str
    url: str
    title: str
    published: Time
    fetched: Time
    signature: tuple[int, ...] = ()
    backfill: bool = False
    condition: str | None = None
    reported_by: str | None = None
    scope: str | None = None
    terms: str | None = None
    old: bool = False
    speaker_start: int = -1
    speaker_end: int = -1
    former: Former | None = None
    claim_about: str | None = None

    @property
    def time(self) -> datetime:
        """Event time: an outlet's future date never moves evidence past the moment it was seen."""
        return min(self.published, self.fetched)


class Withdrawal(Struct, frozen=True, kw_only=True, tag_field="record", tag="withdrawal"):
    """Readings of `article` below `revision` no longer count. Sent to every partition."""

    article: Name
    revision: Count
    at: Time


class Pulse(Struct, frozen=True, kw_only=True, tag_field="record", tag="pulse"):
    """The minute, and the outlets whose feeds are alive. The stream's only clock; sent to every partition."""

    minute: Time
    alive: tuple[str, ...] = ()


class Stand(Struct, frozen=True, kw_only=True, tag_field="record", tag="stand"):
    """Where an ally stands, sent to the partition of `to`, which shares an alliance with it and judges the pair.

    Made by the worker of the ally's own partition, when its position changes and once on a day with evidence of it, so
    that what the two say meets on one log. `since` is when its present stay began, `events` what it has said since;
    `reading` is the last that it said. `drifted` says that the model before the present one read another stance.
    """

    to: Name
    actor: Name
    stance: Literal["favor", "mixed", "against"]
    probabilities: tuple[Unit, Unit, Unit]
    since: Time
    last_evidence: Time
    at: Time
    reading: str
    rate: Annotated[float, Meta(ge=0.0)] = 0.0
    events: Annotated[float, Meta(ge=0.0)] = 0.0
    evidence: "tuple[Evidence, ...]" = ()
    drifted: bool = False


class Verdict(Struct, frozen=True, kw_only=True, tag_field="record", tag="verdict"):
    """What a desk says of a reading or an alert: anything but `correct` takes the reading out of the evidence.

    `at` is the desk's own clock and orders verdicts among themselves. A verdict on an alert has no `reading`; it is
    followed by one for each reading that the alert quotes, with both ids set. `actor`, `speaker`, `quote`, `article`
    and `revision` are the reading's. `stance` is the right one, where the desk said so.
    """

    actor: Name
    what: VerdictKind
    at: Time
    reading: str | None = None
    alert: str | None = None
    speaker: str = ""
    quote: str = ""
    article: str = ""
    revision: Count = 0
    stance: Stance | None = None
    by: str = ""


class Position(Struct, frozen=True, kw_only=True):
    """Where an actor stands; `speaker` is set where the position is a person's own.

    `probabilities` holds favor, mixed and against; `events` is the effective number of independent events that
    counted, `outlets` the number of outlets they came from.
    """

    actor: Name
    speaker: str | None = None
    stance: State
    probabilities: dict[str, float]
    since: Time | None = None
    last_evidence: Time | None = None
    at: Time
    events: Annotated[float, Meta(ge=0.0)] = 0.0
    outlets: Count = 0
    stale: bool = False


class Evidence(Struct, frozen=True, kw_only=True):
    """A reading as it stands in an alert: verbatim, with the place to check it and the weight it carried."""

    reading: Name
    article: Name
    outlet: str
    url: str
    title: str
    published: Time
    speaker: str
    capacity: Capacity
    quote: str
    start: Count
    end: Count
    label: Stance
    probabilities: Probabilities
    weight: Unit = 1.0
    condition: str | None = None
    # Where the outlet is the actor's own site; and the alert's probability and status had this reading never come.
    first_party: bool = False
    probability_without: Unit | None = None
    status_without: "AlertStatus | Literal['none'] | None" = None


EvidenceRecord = Reading | Withdrawal | Pulse | Verdict | Stand


class ShiftAlert(Struct, frozen=True, kw_only=True):
    """An actor has moved, or has stopped having moved. `revision` counts the states this alert has been in.

    `id` is minted from the reading that raised the alert and kept until it closes. `at` is the stream's time when
    this state was reached, `since` the estimated date of the change. `cause_time` is the event time of the reading that
    brought this state about, or `at` where time or a correction did: `at` minus that is how late the news is.

    The change lies between `since_from` and `since_to` with probability 0.8. `before_probabilities` is what was known
    just before it, `after_probabilities` what is known now: by stance, or by condition where those have changed. In a
    `condition-change` the stance stays, and `condition_before` became `condition_after`; in an `ally-split`, `other` is
    the ally, which stands where both stood, at `before`; in a `departure`, `other` is the speaker's own government,
    which stands at `before`.
    """

    id: Name
    kind: AlertKind = "shift"
    actor: Name
    speaker: str | None = None
    before: State
    after: State
    since: Time
    at: Time
    probability: Unit
    status: AlertStatus
    revision: Count = 0
    evidence: tuple[Evidence, ...] = ()
    cause_time: Time | None = None
    since_from: Time | None = None
    since_to: Time | None = None
    before_probabilities: dict[str, float] | None = None
    after_probabilities: dict[str, float] | None = None
    condition_before: Conditions | None = None
    condition_after: Conditions | None = None
    other: str | None = None


def reading_id(article: str, revision: int, statement: Statement) -> str:
    """The id of what `statement` says in that revision of the article, whichever model reads it."""
    return content_id(article, revision, statement.actor, statement.speaker, statement.start, statement.end)
