"""Forms and clicks of people -> the log and the feed list; each then leads back to the page it came from."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, File, Form, HTTPException, Request, UploadFile
from starlette.responses import FileResponse, RedirectResponse, Response

from services.desk.access import KEY, Viewer
from services.desk.api import write
from services.desk.desk import Database, Desk, TheDesk
from services.desk.feeds import editable
from services.desk.gate import viewer_of, writer_of
from services.desk.listing import MOST_BYTES, add_feed, add_feeds, change_feed
from services.desk.pages import back_to, page
from services.desk.say import judge_alert, judge_reading
from services.errors import InputProblem
from streams.records import Stance, Verdict, VerdictKind

router: Final = APIRouter(include_in_schema=False)
Writer = Annotated[Viewer, Depends(writer_of)]
FOLLOW_SECONDS: Final = 2.0


@router.post("/verdicts")
def post_verdict(
    db: Database,
    desk: TheDesk,
    viewer: Writer,
    what: Annotated[VerdictKind, Form()],
    reading: Annotated[str, Form(max_length=100)] = "",
    alert: Annotated[str, Form(max_length=100)] = "",
    stance: Annotated[Stance | None, Form()] = None,
    back: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """One click on a reading or an alert."""
    answer = back_to(back)
    if bool(reading) == bool(alert):
        raise HTTPException(422, "name a reading or an alert")
    now = desk.now()

    def judge() -> list[Verdict]:
        if reading:
            return judge_reading(db, reading, what, now, viewer.name, stance)
        return judge_alert(db, alert, what, now, viewer.name)

    write(desk, judge)
    _await_shown(desk, now.timestamp())
    return answer


def _await_shown(desk: Desk, at: float) -> None:
    """Wait until the projection has what was just written, so that the page that follows shows it."""
    deadline = time.monotonic() + FOLLOW_SECONDS
    while time.monotonic() < deadline:
        if desk.projection.reader.execute("SELECT 1 FROM verdicts WHERE at >= ? LIMIT 1", (at,)).fetchone():
            return
        time.sleep(0.02)


@router.post("/feeds/add")
def post_feed(
    desk: TheDesk,
    viewer: Writer,
    url: Annotated[str, Form(max_length=2000)],
    outlet: Annotated[str, Form(max_length=200)],
) -> Response:
    """Put a feed on the list."""
    return _listed(lambda: f"{add_feed(_list_of(desk), url, outlet)} is on the list.")


@router.post("/feeds/change")
def post_feed_change(
    desk: TheDesk,
    viewer: Writer,
    key: Annotated[str, Form(max_length=100)],
    what: Annotated[Literal["pause", "resume", "remove"], Form()],
) -> Response:
    """Pause a feed, resume it, or take it off the list."""
    done = {"pause": "paused", "resume": "watched again", "remove": "off the list"}
    return _listed(lambda: f"{change_feed(_list_of(desk), key, what)} is {done[what]}.")


@router.post("/feeds/opml")
def post_feeds(desk: TheDesk, viewer: Writer, file: Annotated[UploadFile, File()]) -> Response:
    """Put every feed of an OPML file on the list."""

    def add() -> str:
        raw = file.file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise InputProblem("that file is larger than any list of feeds")
        return f"{add_feeds(_list_of(desk), raw)} new feeds are on the list."

    return _listed(add)


@router.get("/feeds.opml")
def get_feeds(request: Request, desk: TheDesk) -> Response:
    """The list as the ingester reads it. Addresses may carry credentials, so it is for those who may change it."""
    if not viewer_of(request).may_write:
        raise HTTPException(403, "you may read here, and the list may hold passwords")
    path = _list_of(desk)
    if not path.is_file():
        raise HTTPException(404, "there is no list yet")
    return FileResponse(path, media_type="text/x-opml", filename="feeds.opml")


def _list_of(desk: Desk) -> Path:
    path = editable(desk.settings)
    if path is None:
        raise HTTPException(409, "the feed list is no file that the desk may write")
    return path


def _listed(change: Callable[[], str]) -> Response:
    try:
        note = change()
    except InputProblem as error:
        note = f"Not done: {error}."
    return RedirectResponse(f"/feeds?{urlencode({'note': note})}", 303)


@router.get("/login")
def show_login(request: Request) -> Response:
    return page(request, "login.html", wrong=False)


@router.post("/login")
def post_login(request: Request, desk: TheDesk, token: Annotated[str, Form(max_length=500)]) -> Response:
    role = desk.access.role_of(token.strip())
    if role is None:
        return page(request, "login.html", 403, wrong=True)
    answer = RedirectResponse("/", 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(
        KEY, desk.access.key_for(role), httponly=True, samesite="strict", secure=secure, max_age=30 * 86400
    )
    return answer


@router.post("/logout")
def post_logout() -> Response:
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(KEY)
    return answer
