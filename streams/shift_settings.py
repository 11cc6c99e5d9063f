"""Every number that the way from readings to alerts depends on, with its reason; never where it is set."""

from typing import Final

from msgspec import Struct

from streams.records import AlertKind, State

DAY: Final = 86_400.0
HOUR: Final = 3_600.0

# The hidden states in the order in which every three-number tuple of these modules holds them.
STATES: Final[tuple[State, State, State]] = ("favor", "mixed", "against")


class ShiftSettings(Struct, frozen=True, kw_only=True):
    """The model's constants. Shares and thresholds lie between 0 and 1; durations carry their unit in the name."""

    # --- what a desk chooses ---
    # Confirmed alerts, of all kinds, that a steady actor may cause in a year; sets the confirmation threshold.
    false_alerts_per_actor_year: float = 0.5

    # How the budget is divided over the kinds of alert. Most goes to shifts, which every desk waits for and which pay
    # for a smaller part with days of delay. The others need more than a threshold in any case: a split and a departure
    # a disagreement of weeks after months of agreement, a change of conditions words that name one, which few reports
    # have. A small part costs them little.
    shift_share: float = 0.7
    condition_share: float = 0.1
    split_share: float = 0.1
    departure_share: float = 0.1

    # The threshold itself, for experiments; None takes it from the table for that budget.
    confirm: float | None = None

    # --- what the hidden states say (streams/dossiers/emissions.py) ---
    # Share of favor among the stances that favor, mixed and against utter. The reader's errors and an actor's change
    # of mix cannot be told apart from data, so the mix is fixed and the same for all.
    mixes: tuple[float, float, float] = (0.9, 0.5, 0.1)
    # P(read as favor, against | truly favor, against, neither): rows are the truth. The rest is read as neither. On
    # 140 real headlines the reader had (0.88, 0.00), (0.00, 0.88) and (0.03, 0.01); it was tuned on those, and most of
    # its errors come in runs, so worse is assumed. On 112 that it was not tuned on: (0.85, 0.00), (0.09, 0.64) and
    # (0.11, 0.00), of 26, 11 and 75: within chance of what stands here.
    reader_favor: tuple[float, float] = (0.80, 0.03)
    reader_against: tuple[float, float] = (0.05, 0.72)
    reader_neither: tuple[float, float] = (0.10, 0.07)
    # Share of true `neither` in what is read; it follows the news and is the same in every state.
    neither_share: float = 0.6

    # --- how states change ---
    # Passages out of a state per year: the prior odds that a passage has to win against. Actors move less often; at
    # equal false alarms, 1 to 4 gave the shortest delays (ops/bench/shifts.py).
    passages_per_year: float = 2.0

    # --- what counts once (streams/dossiers/events.py) ---
    # Two signatures agree in this share of places: copies of one wire story.
    copy_similarity: float = 0.65
    # Copies, and retellings of one occasion, lie within these hours of each other.
    occasion_hours: float = 72.0
    # Whatever is said within these hours of an occasion's first statement belongs to it: one turn of the news.
    cycle_hours: float = 12.0
    # After that, only what shares this part of its telling words with the occasion's first report.
    retelling_overlap: float = 0.5
    # Correlation of the readings of one occasion: m of them count m / (1 + (m - 1) rho).
    rho: float = 0.7
    # What an unnamed official's reading counts.
    unnamed_weight: float = 0.5

    # --- what is known ---
    known_events: float = 5.0
    known_outlets: int = 2
    known_days: float = 90.0
    # No evidence for so long while the outlets that used to carry it are alive: the position is stale.
    stale_days: float = 45.0

    # --- the life of an alert (streams/shifts.py) ---
    pending: float = 0.5
    # A pending alert dies below this, and no new one is raised before the probability has been below it.
    close: float = 0.2
    confirming_outlets: int = 2
    # After a silence in which a position turns stale, and for news that is itself late by so many days, one event is
    # not enough to raise an alert: it may be an echo of what was said long ago.
    late_days: float = 14.0
    events_after_silence: float = 1.9
    # Alerts are held while less than this share of an actor's recent reports comes from outlets whose feeds answer.
    heard: float = 0.5
    # The first position is taken when its state is this likely.
    first: float = 0.7
    pending_days: float = 30.0
    # A confirmed alert can be retracted for so long, which is how long its evidence is kept exactly.
    settle_days: float = 30.0
    # An edit withdraws an article's readings a moment before it brings the new ones; an alert waits so long for them.
    doubt_minutes: float = 15.0
    evidence_shown: int = 5

    # --- disagreement of two voices that used to agree: allies, a minister and the government (streams/accords.py) ---
    agreed_days: float = 60.0
    lasting_days: float = 21.0
    # Effective events that whoever moved last has had since: so many before an alert is raised, and confirmed.
    parting_events: float = 1.9
    parted_events: float = 3.0
    # A pending one is closed after so long.
    split_days: float = 90.0

    # --- what is kept (streams/dossiers/freezing.py) ---
    # Evidence is kept verbatim for a month at least; the last reports of a key that is seldom in the news for longer,
    # since its alerts would otherwise have nothing left to quote.
    exact_days: float = 30.0
    quotable_reports: int = 100
    quotable_days: float = 180.0
    # Frozen days older than this are forgotten (streams/dossiers/forgetting.py), some at a time.
    remembered_days: float = 200.0
    forgetting_days: float = 30.0


def shares_of(settings: ShiftSettings) -> dict[AlertKind, float]:
    """Return which part of the desk's budget each kind of alert has; a first position is no alarm and has none."""
    return {
        "shift": settings.shift_share,
        "condition-change": settings.condition_share,
        "ally-split": settings.split_share,
        "departure": settings.departure_share,
    }
