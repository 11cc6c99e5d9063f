"""A key's evidence, and the position that its alerts start from -> whether that was left, how surely, and whether it is
the actor's doing or the reader's; moves no alert.
"""

from typing import Literal

from streams.alerts import Judge
from streams.cases import Case
from streams.lives import Life
from streams.records import AlertStatus, ShiftAlert, State
from streams.shift_settings import STATES
from streams.support import is_first_party, outlets_for
from streams.thresholds import confirm_at


def likeliest_passage(life: Life, case: Case) -> tuple[State, float]:
    """Return the likeliest state since the established one was left, and the probability that it was left.

    The sum over both other states, not the larger of the two: a flip is noticed while it is still open how far it goes,
    which in simulation took half the days for partial shifts at equal false alarms.
    """
    others: list[State] = [state for state in STATES if state != life.established]
    # Most keys are where they were, most of the time: the sums over the events are not worth their cost then.
    left = 1.0 - case.probability(life.established)
    if left < case.settings.close / 2:
        return max(others, key=case.probability), left
    chances = [(state, case.passed(state, life.since)) for state in others]
    return max(chances, key=lambda chance: chance[1])[0], min(1.0, sum(chance for _, chance in chances))


def is_confirmed(case: Case, after: State, before: State, probability: float) -> bool:
    """Whether the passage is sure enough, and told in named words by enough independent outlets or its own site."""
    if probability < confirm_at(case.rate(), case.settings):
        return False
    return len(outlets_for(case, after, before)) >= case.settings.confirming_outlets or is_first_party(
        case, after, before
    )


def ground_of(life: Life, alert: ShiftAlert, case: Case) -> float:
    """Return the probability that the position `alert.before` was left."""
    if alert.kind == "first-position":
        return case.probability(alert.after) if case.known else 0.0
    left = life.since if alert is life.pending else life.left_since
    return 1.0 - (case.probability(alert.before) - case.passed(alert.before, left))


def has_fallen(life: Life, alert: ShiftAlert, case: Case) -> bool:
    """Whether what the alert stands on is gone."""
    if alert.kind == "first-position":
        return not case.known
    return ground_of(life, alert, case) < case.settings.pending


def is_the_readers(life: Life, case: Case, after: State) -> bool:
    """Whether only the change of the model says that the position was left: as the one before read it, it was not.

    Where the month was not read again in time, whatever is older than the new model is put down to it.
    """
    before = case.formerly()
    if before is None:
        return life.drift is not None and case.since(after).timestamp() < life.drift
    return likeliest_passage(life, before)[1] < case.settings.pending


def judge_first(state: State, case: Case) -> Judge:
    """Return how a first position in `state` would stand on what the case holds when it is asked."""

    def judge() -> tuple[float, AlertStatus | Literal["none"]]:
        if not case.dossier.nodes:
            return 0.0, "none"
        probability = case.probability(state)
        taken = case.known and case.likeliest == state and probability >= case.settings.first
        return probability, "confirmed" if taken else "none"

    return judge


def judge_passage(life: Life, case: Case) -> Judge:
    """Return how a passage from the established position would stand on what the case holds when it is asked."""

    def judge() -> tuple[float, AlertStatus | Literal["none"]]:
        if not case.dossier.nodes:
            return 0.0, "none"
        after, probability = likeliest_passage(life, case)
        if is_confirmed(case, after, life.established, probability):
            return probability, "confirmed"
        return probability, "pending" if probability >= case.settings.pending else "none"

    return judge
