"""What an attempt's outcome means for each state that was in the message: pure; the ledger writes it down.

A channel says whether to try again; here it becomes when, and when to give up.
"""

from dataclasses import dataclass
from random import Random

from services.notify.backoff import FORGIVING, Schedule, next_attempt, pause
from services.notify.message import Owed, Tell
from services.notify.outcome import Outcome, Verdict

SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Retry:
    """A state's next attempt. `woken_by_recovery`: it is due at once when the sink answers again."""

    key: tuple[str, int]
    attempts: int
    first_try: float
    due: float
    woken_by_recovery: bool


@dataclass(frozen=True, slots=True)
class Settlement:
    """The changes that one attempt makes, all in one transaction.

    `digest` is the message's digest, kept as it is where `keep_digest`; `alone` lists states that must not be in a
    digest again; `quiet_until` holds the whole sink back; `ended` closes it.
    """

    delivered: tuple[tuple[str, int], ...] = ()
    superseded: tuple[tuple[str, int], ...] = ()
    retries: tuple[Retry, ...] = ()
    parked: tuple[tuple[str, int], ...] = ()
    alone: tuple[tuple[str, int], ...] = ()
    digest: str | None = None
    keep_digest: bool = False
    quiet_until: float | None = None
    ended: bool = False


def settle(tell: Tell, outcome: Outcome, schedule: Schedule, now: float, random: Random) -> Settlement:
    """Return what becomes of the states that `tell` held after `outcome` at `now`."""
    every = tuple(one.key for one in tell.states)
    match outcome.verdict:
        case Verdict.DELIVERED:
            return Settlement(
                delivered=tuple(story.newest.key for story in tell.stories),
                superseded=tuple(one.key for story in tell.stories for one in story.earlier),
            )
        case Verdict.REFUSED if tell.digest and len(tell.stories) > 1:
            # One bad part must not take the others with it: each goes out on its own and is judged on its own.
            return Settlement(alone=every, digest=tell.digest)
        case Verdict.REFUSED:
            return Settlement(parked=every, digest=tell.digest)
        case Verdict.GONE:
            return Settlement(parked=every, digest=tell.digest, ended=True)
    retries, parked = [], []
    quiet = now + pause(outcome.retry_after, random) if outcome.verdict is Verdict.THROTTLED else None
    # States that a digest carried along before their time keep their own schedule.
    for one in (one for one in tell.states if one.due <= now):
        retry = _retry(one, outcome, schedule, now, random)
        if retry is None:
            parked.append(one.key)
        else:
            retries.append(retry)
    # A digest that surely did not arrive is dissolved, so that what is late by the next attempt joins it.
    return Settlement(
        retries=tuple(retries),
        parked=tuple(parked),
        digest=tell.digest,
        keep_digest=outcome.unknown,
        quiet_until=quiet,
    )


def _retry(one: Owed, outcome: Outcome, schedule: Schedule, now: float, random: Random) -> Retry | None:
    throttled = outcome.verdict is Verdict.THROTTLED
    first = one.first_try if one.first_try is not None else now
    free = throttled and now - first < FORGIVING
    attempts = one.attempts if free else one.attempts + 1
    if free:
        due = now + pause(outcome.retry_after, random)
    else:
        planned = next_attempt(schedule, attempts, now, outcome.retry_after, random)
        if planned is None:
            return None
        due = planned
    return Retry(one.key, attempts, first, due, outcome.verdict is Verdict.UNREACHABLE)
