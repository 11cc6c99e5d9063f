"""What one sink is told next, and why: pure, from what it is owed and the time; never how it is worded or sent.

Order holds per alert and sink: a state waits until the one before it is delivered or put aside. A machine is told
every state, in order. A person is told the newest state, with those that never reached them as its history: after an
outage, "pending" and a second later "confirmed" would be two messages for one piece of news.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from streams.records import ShiftAlert, content_id

# After an outage the late alerts trickle in while the rest of the house catches up. They are late already, so a few
# seconds more cost nothing and make one digest of them.
SETTLE: Final = 5.0
SETTLE_MOST: Final = 60.0
DIGEST_MOST: Final = 20  # Slack takes 50 blocks a message, and each alert is two.


class Taste(NamedTuple):
    """What a channel wants to hear.

    `every_state`: each state on its own, in order (a machine), instead of the newest with its history (a person).
    """

    every_state: bool
    digests: bool
    kinds: frozenset[str]

    def wants(self, state: ShiftAlert) -> bool:
        return state.kind in self.kinds


@dataclass(frozen=True, slots=True)
class Owed:
    """An alert's state that a sink has not been told yet.

    `written` is the Kafka record's time, `recorded` when the ledger took it, `due` the next attempt: seconds since the
    epoch. `alone` keeps it out of digests: one it was in has been refused.
    """

    state: ShiftAlert
    written: float
    recorded: float
    due: float
    attempts: int = 0
    first_try: float | None = None
    digest: str | None = None
    alone: bool = False

    @property
    def key(self) -> tuple[str, int]:
        return self.state.id, self.state.revision


@dataclass(frozen=True, slots=True)
class Story:
    """One alert in a message: the state that is told, and earlier ones that were never told."""

    newest: Owed
    earlier: tuple[Owed, ...] = ()

    @property
    def states(self) -> tuple[Owed, ...]:
        return (*self.earlier, self.newest)


@dataclass(frozen=True, slots=True)
class Tell:
    """Send these stories in one message; `digest` is its id where it is a digest."""

    stories: tuple[Story, ...]
    reason: str
    digest: str | None = None

    @property
    def states(self) -> tuple[Owed, ...]:
        return tuple(state for story in self.stories for state in story.states)


@dataclass(frozen=True, slots=True)
class Drop:
    """These states are no longer news to this sink."""

    states: tuple[Owed, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before `until` (None: before something new arrives)."""

    until: float | None
    reason: str


Decision = Tell | Drop | Wait


def age(owed: Owed, now: float) -> float:
    """Seconds that the news behind the state is old.

    The first part is on the stream's clock, the second on the machine's, so that a replayed or sample timeline is
    judged in its own time and an outage of ours still counts.
    """
    cause = owed.state.cause_time or owed.state.at
    return max(0.0, (owed.state.at - cause).total_seconds()) + max(0.0, now - owed.written)


def decide(
    owed: Sequence[Owed], told: Mapping[str, int], taste: Taste, now: float, digest_age: float, caught_up: bool
) -> Decision:
    """Return the next thing to do for one sink.

    `owed` holds, for each alert in it, every state still waiting, and the whole of any unfinished digest; `told` the
    last revision delivered of each alert; `caught_up` says that no more alerts are waiting on the topic.
    """
    if not taste.every_state:
        stale = tuple(one for one in owed if one.state.revision < told.get(one.state.id, -1))
        if stale:
            return Drop(stale, "superseded")
    alerts = _by_alert(owed)
    due = [states for states in alerts if _first(states).due <= now]
    late = []
    for states in due:
        digest = _first(states).digest
        if digest:
            return _unfinished(owed, digest, taste)
        story = _story(states, taste)
        if not _is_late(story.newest, taste, now, digest_age):
            return Tell((story,), "due")
        late.append(story)
    later = min((_first(states).due for states in alerts if _first(states).due > now), default=None)
    if not late:
        return Wait(later, "idle")
    ready = _settled(late, now, caught_up)
    if ready > now:
        return Wait(min(ready, later or ready), "settling")
    return _digest(alerts, late, taste, now, digest_age)


def digest_id(states: Iterable[Owed]) -> str:
    """The id of a digest, from its parts alone."""
    return "digest." + content_id("digest", *(f"{id}.{revision}" for id, revision in sorted(one.key for one in states)))


def _by_alert(owed: Sequence[Owed]) -> list[list[Owed]]:
    alerts: dict[str, list[Owed]] = {}
    for one in owed:
        alerts.setdefault(one.state.id, []).append(one)
    return [sorted(states, key=lambda one: one.state.revision) for states in alerts.values()]


def _first(states: Sequence[Owed]) -> Owed:
    """The state that the others of its alert wait for: the earliest, or what an unfinished digest holds of them."""
    return next((one for one in states if one.digest), states[0])


def _story(states: Sequence[Owed], taste: Taste) -> Story:
    return Story(states[0]) if taste.every_state else Story(states[-1], tuple(states[:-1]))


def _is_late(one: Owed, taste: Taste, now: float, digest_age: float) -> bool:
    return taste.digests and not one.alone and age(one, now) > digest_age


def _settled(late: Sequence[Story], now: float, caught_up: bool) -> float:
    """When the late alerts have stopped coming, or have kept the oldest of them waiting long enough."""
    recorded = [story.newest.recorded for story in late]
    quiet = max(recorded) + SETTLE if caught_up else now + 1.0
    return min(quiet, min(recorded) + SETTLE_MOST)


def _digest(
    alerts: Sequence[Sequence[Owed]], late: Sequence[Story], taste: Taste, now: float, digest_age: float
) -> Tell:
    """Every late state of the sink in one message, also those whose next attempt is not due yet."""
    stories: list[Story] = []
    for states in alerts:
        for story in [Story(one) for one in states] if taste.every_state else [_story(states, taste)]:
            # The order within an alert holds: what follows a state that is not for this digest waits with it.
            if _first(states).digest or not _is_late(story.newest, taste, now, digest_age):
                break
            stories.append(story)
    stories = stories[:DIGEST_MOST]
    if len(stories) == 1:
        return Tell((stories[0],), "due")
    return Tell(tuple(stories), "late", digest_id(one for story in stories for one in story.states))


def _unfinished(owed: Sequence[Owed], digest: str, taste: Taste) -> Tell:
    """A digest whose fate is unknown goes out again as it was, with the same id."""
    parts = _by_alert([one for one in owed if one.digest == digest])
    if taste.every_state:
        return Tell(tuple(Story(one) for states in parts for one in states), "unfinished", digest)
    return Tell(tuple(_story(states, taste) for states in parts), "unfinished", digest)
