"""Alerts made for the tests; every quote in them is invented."""

from datetime import UTC, datetime, timedelta

from services.notify.message import Owed, Story, Tell
from streams.records import AlertKind, AlertStatus, Evidence, Probabilities, ShiftAlert, Stance, State, content_id

NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)
NAMES = {"ruritania": "Ruritania", "jane-doe": "Jane Doe"}


def evidence(
    quote: str = "The minister said that talks should begin without conditions.",
    *,
    outlet: str = "Example Wire",
    article: str = "a1",
    url: str = "https://news.example/2024/talks?id=7",
    label: Stance = "favor",
    published: datetime = NOON,
    speaker: str = "jane-doe",
    weight: float = 1.0,
    condition: str | None = None,
) -> Evidence:
    favor, against = (0.92, 0.03) if label == "favor" else (0.03, 0.92)
    return Evidence(
        reading=content_id("reading", quote, outlet),
        article=article,
        outlet=outlet,
        url=url,
        title="Invented headline",
        published=published,
        speaker=speaker,
        capacity="government",
        quote=quote,
        start=0,
        end=len(quote),
        label=label,
        probabilities=Probabilities(favor, against, 0.05),
        weight=weight,
        condition=condition,
    )


def alert(
    id: str = "0123456789abcdef",
    revision: int = 0,
    status: AlertStatus = "pending",
    *,
    kind: AlertKind = "shift",
    actor: str = "ruritania",
    speaker: str | None = None,
    before: State = "against",
    after: State = "favor",
    at: datetime = NOON + timedelta(hours=1),
    quotes: tuple[Evidence, ...] | None = None,
) -> ShiftAlert:
    quotes = (evidence(),) if quotes is None else quotes
    return ShiftAlert(
        id=id,
        kind=kind,
        actor=actor,
        speaker=speaker,
        before=before,
        after=after,
        since=NOON - timedelta(days=1),
        at=at,
        probability=0.93,
        status=status,
        revision=revision,
        evidence=quotes,
        cause_time=max((quote.published for quote in quotes), default=None),
    )


def owed(
    state: ShiftAlert | None = None,
    *,
    written: float = 1000.0,
    recorded: float = 1000.0,
    due: float = 1000.0,
    attempts: int = 0,
    first_try: float | None = None,
    digest: str | None = None,
    alone: bool = False,
) -> Owed:
    return Owed(state or alert(), written, recorded, due, attempts, first_try, digest, alone)


def tell(*states: ShiftAlert) -> Tell:
    """A message about one alert: its last state, with the others as history."""
    rows = [owed(state) for state in states]
    return Tell((Story(rows[-1], tuple(rows[:-1])),), "due")
