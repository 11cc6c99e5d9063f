"""Who asks, and what they may do: every request passes here first, and leaves with the headers that guard the page.

Three ways in. On loopback without any setting, whoever can reach the port may read and write. With a token, who has
it: as a bearer (programs) or after logging in (people). Behind a proxy, whom its header names. A write from a browser
must come from our own page: same origin, and the page's own token.
"""

import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.errors import UsageProblem
from services.settings import Settings

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION: Final = "parley_session"
KEY: Final = "parley_key"
OPEN_PATHS: Final = ("/static/", "/login")
LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
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


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. `trusted` came with a bearer token, which no browser sends by itself."""

    name: str
    may_write: bool
    session: str
    csrf: str
    trusted: bool = False


class Access:
    """The rules of one desk, from its settings and a secret of its own that outlives restarts."""

    def __init__(self, settings: Settings, secret: bytes) -> None:
        """Raises UsageProblem where the page would be open to a network without anything to guard it."""
        self._secret = secret
        self._write = settings.desk_token.get_secret_value() if settings.desk_token else None
        self._read = settings.desk_read_token.get_secret_value() if settings.desk_read_token else None
        self._read_only = settings.desk_read_only
        self._header = settings.desk_proxy_header
        self._proxies = {part.strip() for part in settings.desk_proxy_from.split(",") if part.strip()}
        self._editors = {part.strip() for part in settings.desk_editors.split(",") if part.strip()}
        self.open = not (self._write or self._read or self._header)
        if self.open and not is_loopback(settings.desk_host):
            raise UsageProblem(
                f"desk: {settings.desk_host} can be reached from outside, and nothing guards the page; set "
                "PARLEY_DESK_TOKEN, or PARLEY_DESK_PROXY_HEADER behind a proxy that logs people in"
            )

    def admit(self, scope: Scope) -> Viewer | None:
        """Return who asks; None where they have to log in first."""
        headers = Headers(scope=scope)
        cookies = _cookies(headers.get("cookie", ""))
        session = cookies.get(SESSION) or secrets.token_urlsafe(18)
        csrf = self._sign(f"csrf {session}")
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and (role := self.role_of(bearer.strip())):
            return Viewer("api", role == "write" and not self._read_only, session, csrf, trusted=True)
        client = (scope.get("client") or ("",))[0]
        if self._header and client in self._proxies and (user := headers.get(self._header)):
            may = not self._read_only and (not self._editors or user in self._editors)
            return Viewer(user, may, session, csrf)
        if self.open:
            if _host(headers) not in LOOPBACK_NAMES:
                # Another site's name that was pointed at this machine.
                return None
            return Viewer("desk", not self._read_only, session, csrf)
        for role in ("write", "read"):
            if (token := self._token(role)) and _same(cookies.get(KEY, ""), self._sign(f"{role} {token}")):
                return Viewer("desk", role == "write" and not self._read_only, session, csrf)
        return None

    def role_of(self, token: str) -> str | None:
        """Return "write" or "read" for a token of ours."""
        for role in ("write", "read"):
            own = self._token(role)
            if own and _same(token, own):
                return role
        return None

    def key_for(self, role: str) -> str:
        """The cookie of whoever logged in with that role's token; it ends with the token."""
        return self._sign(f"{role} {self._token(role)}")

    def _token(self, role: str) -> str | None:
        return self._write if role == "write" else self._read

    def _sign(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


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
    if not _same(given, viewer.csrf):
        raise HTTPException(403, "the page is too old: load it again")
    return viewer


def read_secret(state: Path) -> bytes:
    """Return the desk's own secret, made with the first start; raises UsageProblem."""
    path = state / "desk.secret"
    try:
        state.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(0o600)
            path.write_bytes(secrets.token_bytes(32))
        return path.read_bytes()
    except OSError as error:
        raise UsageProblem(f"{path}: cannot be used ({error.strerror}); choose another --state") from None


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host(headers: Headers) -> str:
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


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


def _cookies(header: str) -> dict[str, str]:
    jar = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _no(status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail}, status)
