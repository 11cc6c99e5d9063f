"""Two voices that used to agree -> an alert when they lastingly differ; knows one of them by its evidence.

    apart -> agreed (the same position for two months) -> pending -> confirmed -> apart, and retractable for a month
                                                                  -> closed        -> retracted

The two are allies, or a person with an office and the government. Who never agreed cannot part, and who has not spoken
since the other moved has not disagreed yet: both are silence, not news.
"""

from msgspec import Struct
from msgspec.structs import replace

from streams.alerts import shown
from streams.parties import Parties
from streams.positions import at_time
from streams.records import AlertStatus, Evidence, ShiftAlert, State, content_id
from streams.shift_settings import DAY
from streams.thresholds import confirm_at


class Accord(Struct, frozen=True, kw_only=True):
    """How the two stand. `agreed` is the position that they shared for long enough, `same_since` since when they do."""

    number: int = 0
    same_since: float | None = None
    agreed: State = "unknown"
    pending: ShiftAlert | None = None
    standing: ShiftAlert | None = None
    doubt: float | None = None


Step = tuple[Accord, ShiftAlert | None]


def advance_accord(accord: Accord, parties: Parties) -> tuple[Accord, tuple[ShiftAlert, ...]]:
    """Return how the two stand now, and the states that their alert went through on the way, in order."""
    first, alerts = accord, list[ShiftAlert]()
    for _ in range(4):
        after, alert = _next_accord(accord, parties)
        if alert is not None:
            alerts.append(alert)
        if after == accord:
            break
        accord = after
    return (replace(accord, number=first.number + 1) if accord != first else first), tuple(alerts)


def _next_accord(accord: Accord, parties: Parties) -> Step:
    if accord.doubt is not None or parties.withdrawal:
        step = _doubt(accord, parties)
        if step is not None:
            return step
    standing = accord.standing
    if standing is not None and parties.now - standing.at.timestamp() > parties.settings.settle_days * DAY:
        return replace(accord, standing=None), None
    if accord.pending is not None:
        return _follow(accord, accord.pending, parties)
    if parties.one.state == parties.other.state:
        return _agree(accord, parties)
    return _differ(accord, parties)


def _differ(accord: Accord, parties: Parties) -> Step:
    if accord.agreed == "unknown":
        return replace(accord, same_since=None), None
    if not parties.is_news and not parties.is_held() and (parties.one.drifted or parties.other.drifted):
        # Not they have parted: the reader has. What they used to share is not known to it.
        return Accord(number=accord.number), None
    return _raise(accord, parties)


def _agree(accord: Accord, parties: Parties) -> Step:
    since = parties.now if accord.same_since is None else accord.same_since
    long = parties.now - since >= parties.settings.agreed_days * DAY
    # Allies that moved together still agree.
    agreed = parties.one.state if long or accord.agreed != "unknown" else "unknown"
    return replace(accord, same_since=since, agreed=agreed), None


def _raise(accord: Accord, parties: Parties) -> Step:
    settings = parties.settings
    if parties.reading is None or parties.apart < confirm_at(parties.rate, settings):
        return accord, None
    if parties.mover.events < settings.parting_events or parties.stayer.latest <= parties.parted or parties.is_held():
        return accord, None
    before = parties.other.state if parties.kind == "departure" else accord.agreed
    person = parties.kind == "departure"
    mover, stayer = parties.mover, parties.stayer
    alert = ShiftAlert(
        id=content_id("alert", parties.kind, parties.one.name, parties.other.name, parties.reading),
        kind=parties.kind,
        actor=parties.other.name if person else mover.name,
        speaker=parties.one.name if person else None,
        before=before,
        after=mover.state,
        since=at_time(parties.parted),
        at=at_time(parties.now),
        probability=round(parties.apart, 6),
        status="pending",
        evidence=_evidence(parties),
        cause_time=at_time(parties.cause_time),
        before_probabilities=shown(stayer.chances),
        after_probabilities=shown(mover.chances),
        other=stayer.name,
    )
    return replace(accord, pending=alert), alert


def _follow(accord: Accord, alert: ShiftAlert, parties: Parties) -> Step:
    settings = parties.settings
    if parties.one.state == parties.other.state and parties.apart < settings.pending:
        return replace(accord, pending=None, same_since=parties.now), _next(alert, parties, "closed")
    if parties.now - alert.at.timestamp() > settings.split_days * DAY:
        return Accord(number=accord.number), _next(alert, parties, "closed")
    if not _has_lasted(parties) or parties.is_held():
        return accord, None
    evidence = _evidence(parties)
    own = [one for one in evidence if one.label != "neither" and one.capacity != "unnamed" and _is_mover(one, parties)]
    if len({one.outlet for one in own}) < settings.confirming_outlets and not any(one.first_party for one in own):
        return accord, None
    told = replace(
        _next(alert, parties, "confirmed"),
        after=parties.mover.state,
        since=at_time(parties.parted),
        evidence=evidence,
        before_probabilities=shown(parties.stayer.chances),
        after_probabilities=shown(parties.mover.chances),
    )
    return Accord(number=accord.number, standing=told), told


def _has_lasted(parties: Parties) -> bool:
    settings = parties.settings
    return (
        parties.one.state != parties.other.state
        and parties.apart >= confirm_at(parties.rate, settings)
        and parties.now - parties.parted >= settings.lasting_days * DAY
        and parties.mover.events >= settings.parted_events
        and parties.stayer.latest > parties.parted
    )


def _doubt(accord: Accord, parties: Parties) -> Step | None:
    """Retract what stands on withdrawn evidence, once an edit has had time to bring it back."""
    alert = accord.pending or accord.standing
    fell = alert is not None and parties.apart < parties.settings.pending
    if alert is None or not fell:
        return (replace(accord, doubt=None), None) if accord.doubt is not None else None
    if accord.doubt is None:
        return replace(accord, doubt=parties.now), None
    if parties.now - accord.doubt < parties.settings.doubt_minutes * 60.0:
        return accord, None
    # They never parted, so they still share what they shared.
    left = Accord(number=accord.number, same_since=parties.now, agreed=alert.before)
    return left, _next(alert, parties, "retracted")


def _next(alert: ShiftAlert, parties: Parties, status: AlertStatus) -> ShiftAlert:
    return replace(
        alert,
        status=status,
        revision=alert.revision + 1,
        at=at_time(parties.now),
        probability=round(parties.apart, 6),
        cause_time=at_time(parties.cause_time),
    )


def _evidence(parties: Parties) -> tuple[Evidence, ...]:
    """The mover's words first, then what the other one says: a desk must see both."""
    mover, stayer = parties.mover, parties.stayer
    return (*mover.evidence(stayer.state), *stayer.evidence(mover.state)[:2])


def _is_mover(one: Evidence, parties: Parties) -> bool:
    return any(one.reading == own.reading for own in parties.mover.evidence(parties.stayer.state))
