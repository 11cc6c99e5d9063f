"""An alert's facts in a desk's words, as plain text: pure; each channel escapes it in its own way."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from services.notify.decide import ENDS
from services.notify.message import Story
from streams.records import AlertKind, AlertStatus, Evidence, ShiftAlert

QUOTES: Final = 3
ARROW: Final = "→"
# Directional overrides can make a quote read as another one.
BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
STATUS: Final = {
    "pending": "pending: not confirmed yet",
    "confirmed": "confirmed",
    "retracted": "retracted: later evidence does not bear it out",
    "closed": "closed: it was never confirmed",
}
# Nobody who reads only this line may take a possible shift for one.
HEADLINE: Final[Mapping[tuple[AlertKind, AlertStatus], str]] = {
    ("shift", "pending"): "Possible shift",
    ("shift", "confirmed"): "Shift confirmed",
    ("shift", "retracted"): "Shift retracted",
    ("shift", "closed"): "No shift after all",
    ("first-position", "pending"): "Possible first position",
    ("first-position", "confirmed"): "First position",
    ("first-position", "retracted"): "First position retracted",
    ("first-position", "closed"): "First position not confirmed",
    ("condition-change", "pending"): "Possible change of conditions",
    ("condition-change", "confirmed"): "Conditions changed",
    ("condition-change", "retracted"): "Change of conditions retracted",
    ("condition-change", "closed"): "No change of conditions after all",
    ("ally-split", "pending"): "Allies may be parting",
    ("ally-split", "confirmed"): "Allies part",
    ("ally-split", "retracted"): "Parting of allies retracted",
    ("ally-split", "closed"): "Allies have not parted after all",
    ("departure", "pending"): "Possible break with own government",
    ("departure", "confirmed"): "Break with own government",
    ("departure", "retracted"): "Break with own government retracted",
    ("departure", "closed"): "No break with own government after all",
}
# What an actor asks for before it talks, in a desk's words.
CONDITION: Final[Mapping[str, str]] = {
    "none": "talks without preconditions",
    "some": "talks on conditions",
    "hard": "talks only after withdrawal or surrender",
}
# A kind that was added since is told in its own word.
NEW: Final = {"pending": "possible ", "confirmed": "", "retracted": "retracted ", "closed": "not confirmed: "}
ACRONYMS: Final = frozenset({"nato", "osce", "brics", "iaea", "un", "eu"})


def clean(text: str) -> str:
    """Return the text on one line without control characters, directional overrides and halves of characters."""
    kept = (
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char
        for char in text
        if char not in BIDI and not "\ud800" <= char <= "\udfff"
    )
    return " ".join("".join(kept).split())


def clip(text: str, limit: int) -> str:
    """Return the text cut to `limit` characters, with a mark where something was left out."""
    return text if len(text) <= limit else text[: max(limit - 4, 0)].rstrip() + " […]"


def name(id: str, names: Mapping[str, str]) -> str:
    """The catalogue's name of an actor or person, or the id in words."""
    if id in names:
        return clean(names[id])
    if id != id.lower() or " " in id:
        return clean(id)
    return " ".join(part.upper() if part in ACRONYMS else part.capitalize() for part in clean(id).split("-"))


def subject(state: ShiftAlert, names: Mapping[str, str]) -> str:
    """Who moved: the actor, or one of its people."""
    actor = name(state.actor, names)
    return actor if state.speaker is None else f"{name(state.speaker, names)} ({actor})"


def movement(state: ShiftAlert, names: Mapping[str, str] | None = None) -> str:
    """From where to where; or, of two that part, where each stands."""
    if state.condition_before is not None and state.condition_after is not None:
        return f"{CONDITION[state.condition_before]} {ARROW} {CONDITION[state.condition_after]}"
    if state.other is not None:
        return f"{state.after}, while {name(state.other, names or {})} stays {state.before}"
    return f"{state.before} {ARROW} {state.after}"


def when_changed(state: ShiftAlert) -> str:
    """The date of the change, as sure as it is."""
    about = f"about {day(state.since)}"
    if state.since_from is None or state.since_to is None or day(state.since_from) == day(state.since_to):
        return about
    return f"{about} ({day(state.since_from)} to {day(state.since_to)})"


def headline(state: ShiftAlert, names: Mapping[str, str]) -> str:
    """The alert in one line."""
    what = HEADLINE.get((state.kind, state.status)) or f"{NEW[state.status]}{state.kind.replace('-', ' ')}".capitalize()
    return f"{what}: {subject(state, names)}, {movement(state, names)}"


def percent(share: float) -> str:
    """A probability without false certainty."""
    if share >= 0.995:
        return "over 99 %"
    return "under 1 %" if share < 0.005 else f"{share:.0%}".replace("%", " %")


def day(time: datetime) -> str:
    return f"{time.day} {time:%B %Y}"


def minute(time: datetime) -> str:
    return f"{day(time)}, {time:%H:%M} UTC"


def history(story: Story) -> str | None:
    """What happened before, where nobody was told at the time."""
    newest = story.newest.state
    # What was raised and confirmed by one piece of news has no history.
    earlier = [one.state for one in story.earlier if newest.status not in ENDS and one.state.at < newest.at]
    ended = [one.state for one in story.earlier if newest.status in ENDS]
    past = ", then ".join(f"{state.status} on {minute(state.at)}" for state in ended or earlier)
    if ended:
        return f"It ended before it could be told: {past}. Nothing was sent at the time."
    return f"Before this, without a message: {past}." if past else None


def choose_quotes(state: ShiftAlert) -> list[Evidence]:
    """Up to three quotes: those for the new position first, then by weight and date.

    The same words count once, and a second quote from an article comes after every article's first.
    """
    ranked = sorted(state.evidence, key=lambda one: (one.label == state.after, one.weight, one.published), reverse=True)
    chosen: dict[str, Evidence] = {}
    for one in ranked:
        chosen.setdefault(clean(one.quote).casefold(), one)
    first = {one.article: one for one in reversed(chosen.values())}
    again = [one for one in chosen.values() if first[one.article] is not one]
    return ([one for one in chosen.values() if first[one.article] is one] + again)[:QUOTES]


def attribution(evidence: Evidence, names: Mapping[str, str]) -> str:
    """Whose words they are; where the office is not that of a leader or government, that is said."""
    capacity = "" if evidence.capacity in {"leader", "government"} else f" ({evidence.capacity})"
    return name(evidence.speaker, names) + capacity + (", own site" if evidence.first_party else "")


def summary(stories: Sequence[Story], late: bool = True) -> str:
    """What a digest holds, in one line."""
    alerts = len({story.newest.state.id for story in stories})
    counts: dict[str, int] = {}
    for story in stories:
        counts[story.newest.state.status] = counts.get(story.newest.state.status, 0) + 1
    parts = ", ".join(f"{count} {status}" for status, count in counts.items())
    return f"{alerts} {'late ' if late else ''}alerts ({parts})"
