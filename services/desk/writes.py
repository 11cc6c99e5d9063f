"""Forms and clicks of people -> the log and the feed list; each then leads back to the page it came from."""

import contextlib
import time
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from services.desk.access import KEY, Viewer, writer_of
from services.desk.api import write
from services.desk.desk import Database, Desk, TheDesk
from services.desk.pages import back_to, page
from services.desk.say import judge_alert, judge_reading
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


__all__ = ["contextlib", "router", "urlencode"]
