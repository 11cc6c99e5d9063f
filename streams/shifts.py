"""The life of a key's alerts: what its evidence says now, and how they stood before -> how they stand; never sends.

    unknown -> first position (confirmed at once; never a shift)
    settled -> pending -> confirmed -> settled anew, and retractable for a month
                       -> closed (died down, or waited a month)     -> retracted

Three rules keep noise out. An alert is raised by the probability that a *passage* happened since the position was
taken: evidence that the position was misjudged from the start corrects it in silence. It takes more to raise an alert
than to keep it (hysteresis). And `next_life` is applied until nothing changes, so that the same rows and clock again
change nothing, and a state that could not be stored is derived again, to the byte.
"""

from msgspec import Struct
from msgspec.structs import replace

from streams.alerts import new_alert, next_state
from streams.cases import Case
from streams.records import Reading, ShiftAlert, State
from streams.shift_settings import DAY, STATES
from streams.thresholds import confirm_at


class Life(Struct, frozen=True, kw_only=True):
    """How a key's alerts stand. `number` counts the lives that were put for the key.

    `established` is the position that a shift would leave, taken with the event at `since`; `left` and `left_since`
    the one before. `standing` is a confirmed alert that can still be retracted. `doubt` is when a withdrawal took away
    what an alert stands on. While not `armed`, only evidence that confirms at once raises an alert. Times are seconds.
    """

    number: int = 0
    established: State = "unknown"
    since: float = 0.0
    left: State = "unknown"
    left_since: float = 0.0
    pending: ShiftAlert | None = None
    standing: ShiftAlert | None = None
    doubt: float | None = None
    armed: bool = True


class Cause(Struct, frozen=True, kw_only=True):
    """What made us look: a reading, a withdrawal, or (neither) the clock."""

    reading: Reading | None = None
    withdrawal: bool = False


Step = tuple[Life, ShiftAlert | None]


def advance(life: Life, case: Case, cause: Cause) -> tuple[Life, tuple[ShiftAlert, ...]]:
    """Return how the alerts stand now, and the states they went through on the way, in order."""
    first, alerts = life, list[ShiftAlert]()
    # Each step either ends or moves an alert on; six is more than the longest way through.
    for _ in range(6):
        after, alert = next_life(life, case, cause)
        if alert is not None:
            alerts.append(alert)
        if after == life:
            break
        life = after
    return (replace(life, number=first.number + 1) if life != first else first), tuple(alerts)


def next_life(life: Life, case: Case, cause: Cause) -> Step:
    """Return the next life, and the alert that tells of it if it is to be told; the same life when all is as it was."""
    if life.doubt is not None or cause.withdrawal:
        step = _doubt(life, case)
        if step is not None:
            return step
    if life.standing is not None and case.now - life.standing.at.timestamp() > case.settings.settle_days * DAY:
        return replace(life, standing=None), None
    if life.established == "unknown":
        return _take_first(life, case, cause)
    if life.pending is not None:
        return _follow_pending(life, life.pending, case)
    return _correct(life, case) or _raise(life, case, cause)


def _doubt(life: Life, case: Case) -> Step | None:
    """Start, drop or act on the suspicion that a withdrawal took an alert's ground away; None where there is none."""
    alert = life.pending or life.standing
    fell = alert is not None and _has_fallen(life, alert, case)
    if not fell or alert is None:
        return (replace(life, doubt=None), None) if life.doubt is not None else None
    if life.doubt is None:
        return replace(life, doubt=case.now), None
    if case.now - life.doubt < case.settings.doubt_minutes * 60.0:
        return life, None
    told = next_state(alert, case, "retracted", _ground(life, alert, case))
    if alert is life.pending:
        return replace(life, pending=None, doubt=None), told
    return _restore(life), told


def _has_fallen(life: Life, alert: ShiftAlert, case: Case) -> bool:
    if alert.kind == "first-position":
        return not case.known
    return _ground(life, alert, case) < case.settings.pending


def _ground(life: Life, alert: ShiftAlert, case: Case) -> float:
    """Return the probability that the position `alert.before` was left."""
    if alert.kind == "first-position":
        return case.probability(alert.after) if case.known else 0.0
    left = life.since if alert is life.pending else life.left_since
    return 1.0 - (case.probability(alert.before) - case.passed(alert.before, left))


def _restore(life: Life) -> Life:
    return Life(established=life.left, since=life.left_since, number=life.number)


def _take_first(life: Life, case: Case, cause: Cause) -> Step:
    state = case.likeliest
    if not case.known or case.probability(state) < case.settings.first or cause.reading is None:
        return life, None
    since = case.since(state)
    taken = replace(life, established=state, since=since.timestamp())
    if cause.reading.backfill:
        return taken, None
    alert = new_alert(case, "first-position", cause.reading, "unknown", state, case.probability(state), "confirmed")
    return replace(taken, standing=alert), alert


def _follow_pending(life: Life, alert: ShiftAlert, case: Case) -> Step:
    after, probability = _likeliest_passage(life, case)
    settings = case.settings
    if _is_confirmed(case, after, alert.before, probability):
        return _confirm(life, replace(alert, after=after), case, probability)
    if probability < settings.close:
        return replace(life, pending=None), next_state(alert, case, "closed", probability)
    if case.now - alert.at.timestamp() > settings.pending_days * DAY:
        return replace(life, pending=None, armed=False), next_state(alert, case, "closed", probability)
    return life, None


def _is_confirmed(case: Case, after: State, before: State, probability: float) -> bool:
    """Whether the passage is sure enough, and told by enough independent outlets, in named words."""
    sure = probability >= confirm_at(case.rate(), case.settings)
    return sure and len(case.outlets(after, before)) >= case.settings.confirming_outlets


def _confirm(life: Life, alert: ShiftAlert, case: Case, probability: float) -> Step:
    since = case.since(alert.after)
    told = replace(
        next_state(alert, case, "confirmed", probability),
        since=since,
        evidence=case.evidence(alert.after, alert.before),
    )
    settled = Life(
        number=life.number,
        established=alert.after,
        since=since.timestamp(),
        left=alert.before,
        left_since=life.since,
        standing=told,
    )
    return settled, told


def _correct(life: Life, case: Case) -> Step | None:
    """Take another position in silence where the evidence now says that this one was never held."""
    state = case.likeliest
    if state == life.established or case.probability(state) < confirm_at(case.rate(), case.settings):
        return None
    if case.passed(state, life.since) >= case.settings.pending:
        return None
    standing = life.standing
    since = case.since(state).timestamp()
    if standing is not None and standing.before == state:
        return _restore(life), next_state(standing, case, "retracted", 1.0 - case.probability(state))
    return replace(life, established=state, since=since), None


def _raise(life: Life, case: Case, cause: Cause) -> Step:
    after, probability = _likeliest_passage(life, case)
    settings, reading = case.settings, cause.reading
    if reading is not None and reading.backfill and probability >= confirm_at(case.rate(), settings):
        # What happened before we began to look is the position that we start from.
        since = case.since(after).timestamp()
        return Life(number=life.number, established=after, since=since), None
    if not life.armed:
        if probability < settings.close:
            return replace(life, armed=True), None
        if not _is_confirmed(case, after, life.established, probability):
            return life, None
    if probability < settings.pending:
        return life, None
    if reading is None or reading.backfill or not case.speaks_for(reading, after, life.established):
        return replace(life, armed=False), None
    alert = new_alert(case, "shift", reading, life.established, after, probability, "pending")
    return replace(life, pending=alert, armed=True), alert


def _likeliest_passage(life: Life, case: Case) -> tuple[State, float]:
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
