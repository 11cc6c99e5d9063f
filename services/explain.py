"""The states of one alert -> why it was raised: before and after, when, the readings, and what each of them did.

All of it stands on the alert's own record: nothing is computed again, so that an explanation is of the alert that a
desk was told, and not of what today's evidence would make of it.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from services.notify.render.wording import STATUS, clean, day, headline, minute, name, percent, when_changed
from streams.dossiers.conditions import CONDITIONS
from streams.records import Evidence, ShiftAlert
from streams.shift_settings import STATES
from streams.topics import Malformed, decode_alert

WIDTH: Final = 100
BAR: Final = 24
OUTCOME: Final = {
    "none": "no alert",
    "pending": "pending, not confirmed",
    "confirmed": "confirmed all the same",
    "retracted": "retracted",
    "closed": "closed",
}


def states_of(alert: str, values: Iterable[bytes | None]) -> list[ShiftAlert]:
    """Return the alert's states in their order, each once, from records of `alerts.v1`."""
    wanted = alert.encode()
    found: dict[int, ShiftAlert] = {}
    for value in values:
        if value is None or wanted not in value:
            continue
        try:
            state = decode_alert(value)
        except Malformed:
            continue
        if state.id == alert:
            found[state.revision] = state
    return [found[revision] for revision in sorted(found)]


def proof_of(states: list[ShiftAlert]) -> ShiftAlert:
    """Return the latest state that was decided by readings: what came after took nothing of that back or forth."""
    decided = [state for state in states if state.status in {"pending", "confirmed"}]
    return (decided or states)[-1]


def as_object(states: list[ShiftAlert]) -> dict[str, Any]:
    """Return the explanation as JSON has it; `readings` are the evidence of the state that was decided by them."""
    proof, newest = proof_of(states), states[-1]
    return {
        "alert": newest.id,
        "kind": newest.kind,
        "actor": newest.actor,
        "speaker": newest.speaker,
        "other": newest.other,
        "status": newest.status,
        "from": proof.condition_before or proof.before,
        "to": proof.condition_after or proof.after,
        "probability": newest.probability,
        "since": proof.since,
        "since_from": proof.since_from,
        "since_to": proof.since_to,
        "before": proof.before_probabilities,
        "after": proof.after_probabilities,
        "readings": [msgspec.to_builtins(one) for one in proof.evidence],
        "states": [
            {"status": state.status, "revision": state.revision, "at": state.at, "probability": state.probability}
            for state in states
        ],
    }


def render_lines(states: list[ShiftAlert], names: Mapping[str, str]) -> Iterator[str]:
    """Yield the explanation, line by line, at most 100 wide but for addresses and words of one piece."""
    proof, newest = proof_of(states), states[-1]
    yield from _wrap(headline(newest, names), "")
    yield from _wrap(f"Alert {clean(newest.id)}. Now {STATUS[newest.status]}.", "")
    yield ""
    yield f"The change: {when_changed(proof)}"
    if proof.since_from is not None and proof.since_to is not None:
        yield (
            "            (between the dates in brackets with probability 80 %)"
            if (day(proof.since_from) != day(proof.since_to))
            else "            (on that day with probability 80 %)"
        )
    yield ""
    labels = _sides(proof, names)
    for label, chances in zip(labels, (proof.before_probabilities, proof.after_probabilities), strict=True):
        yield label
        yield from _bars(chances)
    yield ""
    yield "Its states:"
    for state in states:
        yield f"  {minute(state.at)}  {state.status}, probability {percent(state.probability)}"
    yield ""
    yield f"The readings that decided it ({len(proof.evidence)}, the strongest first):"
    for number, one in enumerate(proof.evidence, 1):
        yield ""
        yield from _reading(number, one, names)


def _sides(state: ShiftAlert, names: Mapping[str, str]) -> tuple[str, str]:
    if state.other is None:
        return "Before the change:", "After it:"
    mover = state.actor if state.speaker is None else state.speaker
    return f"{name(state.other, names)}:", f"{name(mover, names)}:"


def _bars(chances: Mapping[str, float] | None) -> Iterator[str]:
    if chances is None:
        yield "  not on the record: it was written by an older worker"
        return
    for state in (*STATES, *CONDITIONS):
        if (chance := chances.get(state)) is None:
            continue
        yield f"  {state:<8} {percent(chance):>10}  {'█' * round(chance * BAR)}".rstrip()


def _reading(number: int, one: Evidence, names: Mapping[str, str]) -> Iterator[str]:
    yield from _wrap(f"{number}. “{clean(one.quote)}”", "  ")
    site = ", the actor's own site" if one.first_party else ""
    yield from _wrap(
        f"{name(one.speaker, names)} ({one.capacity}), {clean(one.outlet)}{site}, {minute(one.published)}", "     "
    )
    yield from _wrap(clean(one.title), "     ")
    if one.url:
        yield f"     {clean(one.url)}"
    yield f"     characters {one.start} to {one.end} of article {clean(one.article)}; reading {clean(one.reading)}"
    p = one.probabilities
    read = f"read as {one.label}: favor {percent(p.favor)}, against {percent(p.against)}, neither {percent(p.neither)}"
    yield from _wrap(f"{read}; counts {one.weight:.2f} of an event", "     ")
    if one.condition:
        yield from _wrap(f"condition: {clean(one.condition)}", "     ")
    if one.probability_without is None or one.status_without is None:
        yield "     without it: not on the record"
    else:
        yield f"     without it: {percent(one.probability_without)}, {OUTCOME[one.status_without]}"


def _wrap(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
