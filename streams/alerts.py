"""A case and what became of it -> the alert that tells of it; never decides whether to tell."""

from msgspec.structs import replace

from streams.cases import Case
from streams.positions import at_time
from streams.records import AlertKind, AlertStatus, Reading, ShiftAlert, State, content_id


def new_alert(
    case: Case, kind: AlertKind, reading: Reading, before: State, after: State, probability: float, status: AlertStatus
) -> ShiftAlert:
    """Return the first state of an alert; its id is minted from the reading that raised it."""
    return ShiftAlert(
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
        evidence=case.evidence(after, None if before == "unknown" else before),
        cause_time=at_time(case.cause_time),
    )


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
