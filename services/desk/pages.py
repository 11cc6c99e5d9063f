"""The pages for people, rendered on the server; what feeds bring is only ever text in them."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import jinja2
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from services.desk import atom
from services.desk.alerts import list_alerts, newest_record, read_alert
from services.desk.api import ActorId, Id
from services.desk.desk import Database, TheDesk, desk_of
from services.desk.feeds import view_feeds
from services.desk.names import MARKS, STANCES, VERDICTS, clean, name_of
from services.desk.overview import view_actor, view_overview
from services.desk.quotes import find_quotes, place, read_reading, view_article
from services.desk.search import search
from services.desk.stands import list_stands
from services.desk.timelines import Filters, list_quotes
from services.notify.render.wording import percent

HERE: Final = Path(__file__).parent
PAGE: Final = 25

router: Final = APIRouter(include_in_schema=False)


def day(time: datetime | None) -> str:
    return "" if time is None else f"{time.astimezone(UTC).day} {time:%b %Y}"


def minute(time: datetime | None) -> str:
    return "" if time is None else f"{day(time)}, {time.astimezone(UTC):%H:%M} UTC"


def web_address(url: str) -> str:
    """The address where it is one of the web; nothing else becomes a link."""
    return url if url.startswith(("https://", "http://")) else ""


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(day=day, minute=minute, percent=percent, web=web_address, clean=clean, name=name_of)
    environment.globals.update(marks=MARKS, stances=STANCES, verdicts=VERDICTS)
    return environment


_templates: Final = _environment()


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a whole page, or a part of one."""
    viewer = request.scope["state"]["viewer"]
    text = _templates.get_template(template).render(viewer=viewer, path=request.url.path, **values)
    return HTMLResponse(text, status)


def missing(request: Request, what: str) -> HTMLResponse:
    return page(request, "missing.html", 404, what=what)


@router.get("/")
def show_overview(request: Request, db: Database) -> Response:
    return page(request, "overview.html", view=view_overview(db), reader=desk_of(request).reader)


@router.get("/parts/overview")
def show_overview_part(request: Request, db: Database) -> Response:
    return page(request, "parts/overview.html", view=view_overview(db), reader=desk_of(request).reader)


@router.get("/alerts")
def show_alerts(
    request: Request, db: Database, number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1
) -> Response:
    alerts = list_alerts(db, limit=PAGE + 1, offset=(number - 1) * PAGE)
    return page(request, "alerts.html", alerts=alerts[:PAGE], number=number, more=len(alerts) > PAGE)


@router.get("/alerts.atom")
def show_atom(request: Request, db: Database) -> Response:
    body = atom.write_alerts(list_alerts(db, limit=100), str(request.base_url).rstrip("/"))
    return Response(body, media_type="application/atom+xml")


@router.get("/alerts/{id}")
def show_alert(request: Request, db: Database, id: Id) -> Response:
    alert = read_alert(db, id)
    return missing(request, "alert") if alert is None else page(request, "alert.html", alert=alert)


@router.get("/parts/alerts/{id}")
def show_alert_part(request: Request, db: Database, id: Id) -> Response:
    alert = read_alert(db, id)
    return missing(request, "alert") if alert is None else page(request, "parts/alert.html", alert=alert)


def filters_of_form(request: Request) -> Filters:
    """Filters as a form sends them: a field that is left empty means all."""
    given = {name: request.query_params.get(name) or None for name in Filters._fields}
    try:
        since, until = (date.fromisoformat(one) if one else None for one in (given["since"], given["until"]))
    except ValueError:
        raise HTTPException(422, "a date is not one") from None
    return Filters(given["outlet"], given["speaker"], given["capacity"], given["label"], since, until)


@router.get("/actors/{actor}")
def show_actor(
    request: Request,
    db: Database,
    actor: ActorId,
    filters: Annotated[Filters, Depends(filters_of_form)],
    compare: Annotated[list[str], Query(max_length=8)] = [],  # noqa: B006  FastAPI copies it.
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Response:
    view = view_actor(db, actor)
    if view is None:
        return missing(request, "actor")
    compare = [one for one in compare if one]
    quotes, more = list_quotes(db, actor, filters, PAGE, (number - 1) * PAGE)
    kept = {name: str(value) for name, value in filters._asdict().items() if value is not None}
    query = urlencode([*kept.items(), *(("compare", other) for other in compare)])
    others = [one for one in list_stands(db) if one.actor != actor]
    return page(
        request,
        "actor.html",
        view=view,
        quotes=quotes,
        more=more,
        number=number,
        filters=filters,
        filtered=bool(kept),
        query=query,
        chart_query=urlencode(kept),
        compare=[one for one in others if one.actor in compare],
        others=others,
    )


@router.get("/readings/{id}")
def show_reading(request: Request, db: Database, id: Id) -> Response:
    found = find_quotes(db, "WHERE r.id = ?", (id,))
    record = read_reading(db, id)
    if not found or record is None:
        return missing(request, "reading")
    passage = place(db, record.article, record.revision, record.start, record.end, record.quote)
    alerts = [
        one
        for one in list_alerts(db, actor=record.actor, limit=200)
        if (alert := newest_record(db, one.id)) and any(part.reading == id for part in alert.evidence)
    ]
    return page(request, "reading.html", quote=found[0], record=record, passage=passage, alerts=alerts)


@router.get("/articles/{id}")
def show_article(request: Request, db: Database, id: Id) -> Response:
    article = view_article(db, id)
    if article is None:
        return missing(request, "article")
    spans = [
        (record.start, record.end, quote)
        for quote in article.readings
        if (record := read_reading(db, quote.id)) is not None
    ]
    # Two actors can share the very same words, and readings have no order.
    spans.sort(key=lambda span: span[:2])
    body = f"{article.title}\n\n{article.text}"
    return page(request, "article.html", article=article, parts=_marked(body, len(article.title) + 2, spans))


def _marked(body: str, first: int, spans: list[tuple[int, int, Any]]) -> list[tuple[str, Any]]:
    """The text after the title in parts, those that were read with their reading; overlaps go to the first."""
    parts: list[tuple[str, Any]] = []
    for start, end, quote in spans:
        if start >= first:
            parts += [(body[first:start], None), (body[start:end], quote)]
            first = end
    return [part for part in [*parts, (body[first:], None)] if part[0]]


@router.get("/search")
def show_search(request: Request, db: Database, q: Annotated[str, Query(max_length=500)] = "") -> Response:
    return page(request, "search.html", found=search(db, q))


@router.get("/feeds")
def show_feeds(
    request: Request, db: Database, desk: TheDesk, note: Annotated[str, Query(max_length=300)] = ""
) -> Response:
    return page(request, "feeds.html", list=view_feeds(db, desk.settings), note=note)


@router.get("/live")
async def show_live(request: Request, desk: TheDesk) -> Response:
    """Server-sent events: what kinds of record were news."""
    return StreamingResponse(desk.hub.follow(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})


def back_to(place: str) -> RedirectResponse:
    """Go on to a path of ours."""
    if not place.startswith("/") or place.startswith(("//", "/\\")):
        raise HTTPException(400, "not a place of this desk")
    return RedirectResponse(place, 303)
