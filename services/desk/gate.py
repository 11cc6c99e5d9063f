"""Every request passes here first, and leaves with the headers that guard the page; who asks is decided elsewhere.

A write from a browser must come from our own page: same origin, and the page's own token.
"""

from typing import Final
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.desk.access import SESSION, Access, Viewer, is_same

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_PATHS: Final = ("/static/", "/login")
# Everything is our own, nothing is inline, nobody may frame us; links to outlets do not say where they come from.
GUARDS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    # With "no-referrer" browsers send the forms of our own page as from nowhere (Origin: null).
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Gate:
    """The middleware: lets nobody past whom `access` does not admit, and no write that another site began."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, path = Headers(scope=scope), scope["path"]
        viewer = self._access.admit(scope)
        scope.setdefault("state", {})["viewer"] = viewer

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in GUARDS.items():
                    out[name] = value
                out.setdefault("cache-control", "no-store")
                if viewer is not None and not viewer.trusted and SESSION not in headers.get("cookie", ""):
                    out.append("set-cookie", f"{SESSION}={viewer.session}; Path=/; HttpOnly; SameSite=Strict")
            await send(message)

        answer = self._refuse(scope["method"], path, headers, viewer)
        await (answer or self._app)(scope, receive, guarded)

    def _refuse(self, method: str, path: str, headers: Headers, viewer: Viewer | None) -> Response | None:
        if viewer is None:
            return self._turn_away(method, path, headers)
        if method in SAFE:
            return None
        if not viewer.trusted and not _same_origin(headers):
            return _no(403, "another site sent this")
        if not viewer.may_write and path not in {"/login", "/logout"}:
            return _no(403, "you may read here, and not write")
        return None

    def _turn_away(self, method: str, path: str, headers: Headers) -> Response | None:
        if path.startswith(OPEN_PATHS) and not (self._access.open and path == "/login"):
            return None if method in SAFE or _same_origin(headers) else _no(403, "another site sent this")
        if path.startswith(("/api/", "/live")) or self._access.open or method not in SAFE:
            return _no(401, "log in, or send the desk's token as a bearer")
        return RedirectResponse("/login", 303)


def viewer_of(request: Request) -> Viewer:
    """The viewer of a request that came through the gate."""
    viewer: Viewer | None = request.scope["state"]["viewer"]
    if viewer is None:
        raise HTTPException(401)
    return viewer


async def writer_of(request: Request) -> Viewer:
    """The viewer of a write: its page's own token must come with it, in a header or in the form."""
    viewer = viewer_of(request)
    if not viewer.may_write:
        raise HTTPException(403, "you may read here, and not write")
    if viewer.trusted:
        return viewer
    given = request.headers.get("x-csrf-token", "")
    if not given and request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        given = str((await request.form()).get("csrf", ""))
    if not is_same(given, viewer.csrf):
        raise HTTPException(403, "the page is too old: load it again")
    return viewer


def _same_origin(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc == headers.get("host", "")
    except ValueError:
        return False


def _no(status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail}, status)
