"""A key's evidence -> where it stands, and how sure that is; a function of the rows and the clock alone.

A position is `unknown` until some 90 days held five effective events from two outlets. Once known it ages: its
probabilities drift apart and it turns `stale`, but it does not become unknown again while its evidence stands.
"""

from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

from streams.dossiers.dossier import Dossier
from streams.dossiers.emissions import Triple
from streams.dossiers.passages import UNIFORM, age, passage_rate
from streams.records import Position, State
from streams.shift_settings import DAY, STATES, ShiftSettings

# Digits of what is shown: more would show the order of summation, not the evidence.
DIGITS = 6


def at_time(seconds: float) -> datetime:
    """Return the moment `seconds` after 1970, aware and in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def split_key(key: str) -> tuple[str, str | None]:
    """Return the actor, and the speaker where the key is a person's own."""
    actor, _, speaker = key.partition("/")
    return actor, speaker or None


def likeliest(probabilities: Triple) -> int:
    """Return the index of the likeliest state; a tie goes to the middle one."""
    best = max(probabilities)
    return 1 if probabilities[1] == best else probabilities.index(best)


def make_position(key: str, dossier: Dossier, now: float, alive: frozenset[str]) -> Position:
    """Return the key's position at `now`, in seconds since 1970; `alive` are the outlets whose feeds answer.

    `events` and `outlets` count the last 90 days. Where nothing is known about any feed, silence counts as silence.
    """
    dossier.refresh()
    settings, events = dossier.settings, dossier.events
    actor, speaker = split_key(key)
    if not events:
        return Position(actor=actor, speaker=speaker, stance="unknown", probabilities=_shown(UNIFORM), at=at_time(now))
    node = dossier.nodes[-1]
    chances = age(node.filtered, now - node.time, passage_rate(settings))
    state = likeliest(chances)
    known = dossier.known is not None
    stance: State = STATES[state] if known else "unknown"
    last = dossier.latest
    recent = recent_events(dossier, now)
    return Position(
        actor=actor,
        speaker=speaker,
        stance=stance,
        probabilities=_shown(chances),
        since=at_time(dossier.entered(state)) if known else None,
        last_evidence=at_time(last),
        at=at_time(now),
        events=round(recent[0], DIGITS),
        outlets=len(recent[1]),
        stale=_is_stale(dossier, last, now, alive, settings),
    )


def recent_events(dossier: Dossier, now: float) -> tuple[float, AbstractSet[str]]:
    """Return the effective number of events of the last 90 days, and their outlets, as they are until the next call."""
    return dossier.since(now - dossier.settings.known_days * DAY)


def _is_stale(dossier: Dossier, last: float, now: float, alive: frozenset[str], settings: ShiftSettings) -> bool:
    """Old evidence is stale only when someone who would have brought newer could be heard."""
    if now - last <= settings.stale_days * DAY:
        return False
    _, carriers = recent_events(dossier, last)
    return not alive or not carriers.isdisjoint(alive)


def _shown(chances: Triple) -> dict[str, float]:
    return {state: round(chance, DIGITS) for state, chance in zip(STATES, chances, strict=True)}
