"""The life of a key's alerts: what its evidence says now, and how they stood before -> how they stand; never sends.

    unknown -> first position (confirmed at once; never a shift)
    settled -> pending -> confirmed -> settled anew, and retractable for a month
                       -> closed (died down, or waited a month)     -> retracted

What is held is not told: while the feeds that carried an actor's evidence fail, or a new model has not read its last
month again, an alert is kept back, and told, or let go, when that is over.

Three rules keep noise out. An alert is raised by the probability that a *passage* happened since the position was
taken: evidence that the position was misjudged from the start corrects it in silence. It takes more to raise an alert
than to keep it (hysteresis). And `next_life` is applied until nothing changes, so that the same rows and clock again
change nothing, and a state that could not be stored is derived again, to the byte.
"""

from msgspec import Struct
from msgspec.structs import replace

from streams.alerts import new_alert, next_state, with_proof
from streams.cases import Case
from streams.grounds import (
    ground_of,
    has_fallen,
    is_confirmed,
    is_the_readers,
    judge_first,
    judge_passage,
    likeliest_passage,
)
from streams.lives import Life
from streams.positions import at_time
from streams.records import Reading, ShiftAlert, State
from streams.shift_settings import DAY
from streams.support import speaks_for
from streams.thresholds import confirm_at


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
    if life.held is not None:
        return _follow_held(life, life.held, case)
    return _correct(life, case) or _raise(life, case, cause)


def _doubt(life: Life, case: Case) -> Step | None:
    """Start, drop or act on the suspicion that a withdrawal took an alert's ground away; None where there is none."""
    alert = life.pending or life.standing
    fell = alert is not None and has_fallen(life, alert, case)
    if not fell or alert is None:
        return (replace(life, doubt=None), None) if life.doubt is not None else None
    if life.doubt is None:
        return replace(life, doubt=case.now), None
    if case.now - life.doubt < case.settings.doubt_minutes * 60.0:
        return life, None
    told = next_state(alert, case, "retracted", ground_of(life, alert, case))
    if alert is life.pending:
        return replace(life, pending=None, doubt=None), told
    return _restore(life), told


def _restore(life: Life) -> Life:
    return Life(established=life.left, since=life.left_since, number=life.number)


def _take_first(life: Life, case: Case, cause: Cause) -> Step:
    state = case.likeliest
    if not case.known or case.probability(state) < case.settings.first or cause.reading is None:
        return life, None
    since = case.since(state)
    taken = replace(life, established=state, since=since.timestamp())
    if cause.reading.backfill or case.kind != "shift":
        return taken, None
    alert = new_alert(
        case, "first-position", cause.reading, "unknown", state, case.probability(state), "confirmed",
        judge_first(state, case),
    )  # fmt: skip
    return replace(taken, standing=alert), alert


def _follow_held(life: Life, alert: ShiftAlert, case: Case) -> Step:
    """Let it go, go on holding it, or tell it as what it has become."""
    after, probability = likeliest_passage(life, case)
    if probability < case.settings.pending:
        return replace(life, held=None, drift=None, armed=probability < case.settings.close), None
    if case.is_held():
        return (replace(life, drift=case.new_model()), None) if life.drift is None else (life, None)
    if is_the_readers(life, case, after):
        return replace(_adopt(life, case, after), drifted=case.now), None
    if case.is_told_by_a_shift(after):
        return _adopt(life, case, after), None
    judge = judge_passage(life, case)
    told = replace(alert, after=after, at=at_time(case.now), probability=round(probability, 6))
    told = with_proof(told, case, judge)
    return replace(life, pending=told, held=None, drift=None, armed=True), told


def _follow_pending(life: Life, alert: ShiftAlert, case: Case) -> Step:
    after, probability = likeliest_passage(life, case)
    settings = case.settings
    if case.is_told_by_a_shift(after):
        return _adopt(life, case, after), next_state(alert, case, "closed", probability)
    if is_confirmed(case, after, alert.before, probability) and not case.is_held():
        return _confirm(life, replace(alert, after=after), case, probability)
    if probability < settings.close:
        return replace(life, pending=None), next_state(alert, case, "closed", probability)
    if case.now - alert.at.timestamp() > settings.pending_days * DAY:
        return replace(life, pending=None, armed=False), next_state(alert, case, "closed", probability)
    return life, None


def _confirm(life: Life, alert: ShiftAlert, case: Case, probability: float) -> Step:
    told = with_proof(next_state(alert, case, "confirmed", probability), case, judge_passage(life, case))
    since = told.since
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
    before = case.formerly()
    drifted = case.now if before is not None and before.likeliest != state else life.drifted
    return replace(life, established=state, since=since, drifted=drifted), None


def _raise(life: Life, case: Case, cause: Cause) -> Step:
    after, probability = likeliest_passage(life, case)
    settings, reading = case.settings, cause.reading
    if reading is not None and reading.backfill and probability >= confirm_at(case.rate(), settings):
        # What happened before we began to look is the position that we start from.
        return _adopt(life, case, after), None
    if not life.armed:
        if probability < settings.close:
            return replace(life, armed=True), None
        if not is_confirmed(case, after, life.established, probability):
            return life, None
    if probability < settings.pending:
        return life, None
    if reading is None or reading.backfill or not speaks_for(case, reading, after, life.established):
        return replace(life, armed=False), None
    return _raise_for(life, case, reading, after, probability)


def _raise_for(life: Life, case: Case, reading: Reading, after: State, probability: float) -> Step:
    if case.is_echo(reading, after) or case.contradicts_stance(reading):
        return life, None
    if case.is_told_by_a_shift(after):
        return _adopt(life, case, after), None
    judge = judge_passage(life, case)
    alert = new_alert(case, case.kind, reading, life.established, after, probability, "pending", judge)
    if case.is_held():
        return replace(life, held=alert, drift=case.new_model(), armed=True), None
    if is_the_readers(life, case, after):
        return replace(_adopt(life, case, after), drifted=case.now), None
    return replace(life, pending=alert, armed=True), alert


def _adopt(life: Life, case: Case, state: State) -> Life:
    """Return the life of a key whose position is taken in silence."""
    return Life(number=life.number, established=state, since=case.since(state).timestamp())
