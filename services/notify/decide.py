"""What one sink is told next, and why: pure, from what it is owed and the time; never how it is worded or sent.

Order holds per alert and sink: a state waits until the one before it is delivered or put aside. A machine is told
every state, in order. A person is told the newest state, with those that never reached them as its history: after an
outage, "pending" and a second later "confirmed" would be two messages for one piece of news.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.notify.message import MANY, Owed, Story, Tell
from services.notify.taste import Grouping, Silence, Taste
from streams.records import ShiftAlert, content_id

# After an outage the late alerts trickle in while the rest of the house catches up. They are late already, so a few
# seconds more cost nothing and make one digest of them.
SETTLE: Final = 5.0
SETTLE_MOST: Final = 60.0
DIGEST_MOST: Final = 20  # Slack takes 50 blocks a message, and each alert is two.
LATE: Final = "digest."
ENDS: Final = frozenset({"retracted", "closed"})


@dataclass(frozen=True, slots=True)
class Drop:
    """These states are no news to this sink: `superseded`, or `silenced`."""

    states: tuple[Owed, ...]
    reason: str
    state: str = "superseded"


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
    owed: Sequence[Owed],
    told: Mapping[str, int],
    taste: Taste,
    now: float,
    digest_age: float,
    caught_up: bool,
    recent: Sequence[float] = (),
    silenced: Callable[[ShiftAlert], Silence | None] = lambda _: None,
) -> Decision:
    """Return the next thing to do for one sink.

    `owed` holds, for each alert in it, every state still waiting, and the whole of any unfinished digest; `told` the
    last revision delivered of each alert; `caught_up` says that no more alerts are waiting on the topic; `recent` are
    the times of the messages within the grouping's window, ascending.
    """
    dropped = _stale(owed, told, taste) or _quiet(owed, told, silenced)
    if dropped is not None:
        return dropped
    alerts = _by_alert(owed)
    due = [states for states in alerts if _first(states).due <= now]
    late: list[Story] = []
    fresh: list[Story] = []
    for states in due:
        digest = _first(states).digest
        if digest and not fresh:
            return _unfinished(owed, digest, taste)
        if not digest:
            story = _story(states, taste)
            (late if _is_late(story.newest, taste, now, digest_age) else fresh).append(story)
    later = min((_first(states).due for states in alerts if _first(states).due > now), default=None)
    single = next((story for story in fresh if story.newest.alone), fresh[0] if fresh else None)
    if single is not None and (single.newest.alone or _fits(fresh, recent, taste.grouping)):
        return Tell((single,), "due")
    if not late and not fresh:
        return Wait(later, "idle")
    ready = _settled([*late, *fresh], now, caught_up)
    if fresh and taste.grouping is not None and len(recent) >= taste.grouping.messages:
        ready = max(ready, recent[-taste.grouping.messages] + taste.grouping.window)
    if ready > now:
        return Wait(min(ready, later or ready), "grouping" if fresh else "settling")
    kind = MANY if fresh else LATE

    def joins(first: Owed, newest: Owed) -> bool:
        return _is_late(newest, taste, now, digest_age) or (bool(fresh) and first.due <= now and not newest.alone)

    return _digest(alerts, joins, taste, kind)


def _stale(owed: Sequence[Owed], told: Mapping[str, int], taste: Taste) -> Drop | None:
    """What a newer message has overtaken; a machine is told it all the same."""
    stale = tuple(one for one in owed if one.state.revision < told.get(one.state.id, -1))
    return Drop(stale, "superseded") if stale and not taste.every_state else None


def _quiet(
    owed: Sequence[Owed], told: Mapping[str, int], silenced: Callable[[ShiftAlert], Silence | None]
) -> Drop | None:
    """What a silence keeps back. The end of what was told is told in any case: nobody may go on believing it."""
    for one in owed:
        follows = one.state.status in ENDS and one.state.id in told
        silence = None if one.digest or follows else silenced(one.state)
        if silence is not None:
            return Drop((one,), f"silence {silence.number}" + (f": {silence.why}" if silence.why else ""), "silenced")
    return None


def _fits(fresh: Sequence[Story], recent: Sequence[float], grouping: Grouping | None) -> bool:
    """Whether as many messages as there are alerts may still go out one by one."""
    return grouping is None or len(recent) + len(fresh) <= grouping.messages


def digest_id(states: Iterable[Owed], kind: str = LATE) -> str:
    """The id of a digest, from its kind and its parts alone."""
    return kind + content_id("digest", *(f"{id}.{revision}" for id, revision in sorted(one.key for one in states)))


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


def _digest(alerts: Sequence[Sequence[Owed]], joins: Callable[[Owed, Owed], bool], taste: Taste, kind: str) -> Tell:
    """All that joins in one message, also late states whose next attempt is not due yet."""
    stories: list[Story] = []
    for states in alerts:
        for story in [Story(one) for one in states] if taste.every_state else [_story(states, taste)]:
            # The order within an alert holds: what follows a state that is not for this digest waits with it.
            if _first(states).digest or not joins(_first(states), story.newest):
                break
            stories.append(story)
    stories = stories[:DIGEST_MOST]
    if len(stories) == 1:
        return Tell((stories[0],), "due")
    return Tell(
        tuple(stories), "late" if kind == LATE else "many",
        digest_id((one for story in stories for one in story.states), kind),
    )  # fmt: skip


def _unfinished(owed: Sequence[Owed], digest: str, taste: Taste) -> Tell:
    """A digest whose fate is unknown goes out again as it was, with the same id."""
    parts = _by_alert([one for one in owed if one.digest == digest])
    if taste.every_state:
        return Tell(tuple(Story(one) for states in parts for one in states), "unfinished", digest)
    return Tell(tuple(_story(states, taste) for states in parts), "unfinished", digest)
