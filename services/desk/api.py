"""The JSON API under /api; thin: each answer is one call into what reads the projection."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, HTTPException, Path, Query
from pydantic import BaseModel, Field

from services.desk.access import Viewer
from services.desk.alerts import list_alerts, measure_precision, read_alert
from services.desk.answers.alerts import AlertSummary, AlertView, Precision
from services.desk.answers.health import FeedList, Status
from services.desk.answers.quotes import ArticleView, Found
from services.desk.answers.views import ActorView, Overview, Timeline
from services.desk.desk import Database, Desk, TheDesk
from services.desk.feeds import view_feeds
from services.desk.gate import writer_of
from services.desk.overview import view_actor, view_overview, view_status
from services.desk.quotes import view_article
from services.desk.say import Unknown, judge_alert, judge_reading
from services.desk.search import search
from services.desk.timelines import Filters, read_timeline
from services.errors import BrokerProblem
from streams.records import Capacity, Stance, Verdict, VerdictKind

T = TypeVar("T")


class Accepted(BaseModel):
    """What was written to the log."""

    written: int


class Problem(BaseModel):
    """Why a request was not answered."""

    detail: str


def _problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    return {code: {"model": Problem} for code in codes}


# What any request may be told: that nobody is logged in, or that the query cannot be read.
router: Final = APIRouter(prefix="/api", tags=["desk"], responses=_problems(401))
Id = Annotated[str, Path(max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
ActorId = Annotated[str, Path(max_length=200, pattern=r"^[^/\x00-\x1f]+$")]


def filters_of(
    outlet: Annotated[str | None, Query(max_length=200)] = None,
    speaker: Annotated[str | None, Query(max_length=200)] = None,
    capacity: Annotated[Capacity | None, Query()] = None,
    label: Annotated[Stance | None, Query()] = None,
    since: Annotated[date | None, Query()] = None,
    until: Annotated[date | None, Query()] = None,
) -> Filters:
    """Filters of an actor's readings, as the query has them."""
    return Filters(outlet, speaker, capacity, label, since, until)


@router.get("/status")
def get_status(db: Database, desk: TheDesk) -> Status:
    """Whether the desk shows all that the topics hold."""
    return view_status(db, desk.reader)


@router.get("/overview")
def get_overview(db: Database) -> Overview:
    """Every actor's position now, and the newest alerts."""
    return view_overview(db)


@router.get("/alerts")
def get_alerts(
    db: Database,
    actor: Annotated[str | None, Query(max_length=200)] = None,
    kind: Annotated[str | None, Query(max_length=50)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[AlertSummary]:
    """Alerts in their latest states, the newest first."""
    return list_alerts(db, actor=actor, kind=kind, limit=limit, offset=offset)


@router.get("/alerts/{id}", responses=_problems(404))
def get_alert(db: Database, id: Id) -> AlertView:
    """An alert with its proof, and every state it has been in."""
    return found(read_alert(db, id), "alert")


@router.get("/actors/{actor}", responses=_problems(404))
def get_actor(db: Database, actor: ActorId) -> ActorView:
    """An actor, its people, and how the others stand to it."""
    return found(view_actor(db, actor), "actor")


@router.get("/actors/{actor}/timeline")
def get_timeline(db: Database, actor: ActorId, filters: Annotated[Filters, Depends(filters_of)]) -> Timeline:
    """An actor's readings and positions over time, with the alerts that mark its changes."""
    return read_timeline(db, actor, filters)


@router.get("/articles/{id}", responses=_problems(404))
def get_article(db: Database, id: Id) -> ArticleView:
    """An article as it was fetched, and what was read in it."""
    return found(view_article(db, id), "article")


@router.get("/search")
def get_search(db: Database, q: Annotated[str, Query(max_length=500)] = "") -> Found:
    """Quotes and articles that hold every word."""
    return search(db, q)


@router.get("/feeds")
def get_feeds(db: Database, desk: TheDesk) -> FeedList:
    """Every feed of the list, and how it does."""
    return view_feeds(db, desk.settings)


@router.get("/precision")
def get_precision(db: Database) -> Precision:
    """How often people called a judged shift alert correct."""
    return measure_precision(db)


class Word(BaseModel, extra="forbid"):
    """What is wrong, or that nothing is. `stance` is the right one, where the stance was wrong."""

    what: VerdictKind
    stance: Stance | None = Field(None)


Writer = Annotated[Viewer, Depends(writer_of)]


@router.post("/readings/{id}/verdicts", responses=_problems(403, 404, 503))
def post_reading_verdict(db: Database, desk: TheDesk, viewer: Writer, id: Id, word: Word) -> Accepted:
    """Say what is wrong with a reading, or that it is right; its position follows."""
    return write(desk, lambda: judge_reading(db, id, word.what, desk.now(), viewer.name, word.stance))


@router.post("/alerts/{id}/verdicts", responses=_problems(403, 404, 503))
def post_alert_verdict(db: Database, desk: TheDesk, viewer: Writer, id: Id, word: Word) -> Accepted:
    """Say what is wrong with an alert, or that it is right; the readings that it quotes are judged with it."""
    return write(desk, lambda: judge_alert(db, id, word.what, desk.now(), viewer.name))


def write(desk: Desk, make: Callable[[], list[Verdict]]) -> Accepted:
    """Make verdicts and write them; raises the HTTPException that says why not."""
    try:
        said = make()
        desk.pen.write(said)
    except Unknown as error:
        raise HTTPException(404, str(error)) from None
    except BrokerProblem as error:
        raise HTTPException(503, str(error)) from None
    return Accepted(written=len(said))


def found(one: T | None, what: str) -> T:
    """Return what was found; raises the 404 otherwise."""
    if one is None:
        raise HTTPException(404, f"no such {what}")
    return one
