"""A case and what became of it -> the alert that tells of it; never decides whether to tell."""

from collections.abc import Callable
from typing import Final, Literal

from msgspec.structs import replace

from streams.cases import Case
from streams.dossiers.emissions import Triple
from streams.positions import DIGITS, at_time
from streams.records import AlertKind, AlertStatus, Evidence, Reading, ShiftAlert, State, content_id
from streams.shift_settings import STATES
from streams.support import evidence_for

# How an alert would stand on what the case holds at this moment: its probability, and the status that comes of it.
Judge = Callable[[], tuple[float, AlertStatus | Literal["none"]]]
NO_JUDGE: Final = None


def new_alert(
    case: Case, kind: AlertKind, reading: Reading, before: State, after: State, probability: float,
    status: AlertStatus, judge: Judge | None = NO_JUDGE,
) -> ShiftAlert:  # fmt: skip
    """Return the first state of an alert; its id is minted from the reading that raised it."""
    alert = ShiftAlert(
        id=content_id("alert", case.actor, case.speaker or "", kind, reading.id),
        kind=kind,
        actor=case.actor,
        speaker=case.speaker,
        before=before,
        after=after,
        since=case.since(after),
        at=at_time(case.now),
        probability=round(probability, 6),
        status=status,
        cause_time=at_time(case.cause_time),
    )
    return with_proof(alert, case, judge)


def with_proof(alert: ShiftAlert, case: Case, judge: Judge | None) -> ShiftAlert:
    """Return the alert with all that it rests on: when it changed, from what to what, and the readings that say so."""
    earliest, latest = case.since_between(alert.after)
    before = case.chances_before(alert.after)
    after = case.filtered
    evidence = evidence_for(case, alert.after, None if alert.before == "unknown" else alert.before)
    return replace(
        alert,
        since=case.since(alert.after),
        since_from=earliest,
        since_to=latest,
        before_probabilities=shown(before),
        after_probabilities=shown(after),
        evidence=evidence if judge is None else tuple(_weighed(one, case, judge) for one in evidence),
    )


def shown(chances: Triple) -> dict[str, float]:
    """Return the chances by the states' names, to as many digits as mean something."""
    return {state: round(chance, DIGITS) for state, chance in zip(STATES, chances, strict=True)}


def _weighed(one: Evidence, case: Case, judge: Judge) -> Evidence:
    """Return the evidence with what would have become of the alert had this reading never come."""
    reading = case.find(one.reading)
    if reading is None:
        return one
    with case.without(reading):
        probability, status = judge()
    return replace(one, probability_without=round(min(1.0, max(0.0, probability)), DIGITS), status_without=status)


def next_state(alert: ShiftAlert, case: Case, status: AlertStatus, probability: float) -> ShiftAlert:
    """Return the alert's next state, under the same id; what it quotes stays as it was told."""
    return replace(
        alert,
        status=status,
        revision=alert.revision + 1,
        at=at_time(case.now),
        probability=round(min(1.0, max(0.0, probability)), 6),
        cause_time=at_time(case.cause_time),
    )
