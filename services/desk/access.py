"""A request's headers, a desk's settings and its secret -> who asks, and what they may do; lets nobody in or out.

Three ways in. On loopback without any setting, whoever can reach the port may read and write. With a token, who has
it: as a bearer (programs) or after logging in (people). Behind a proxy, whom its header names.
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

from starlette.datastructures import Headers
from starlette.types import Scope

from services.errors import UsageProblem
from services.settings import Settings

SESSION: Final = "parley_session"
KEY: Final = "parley_key"
LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


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
            if (token := self._token(role)) and is_same(cookies.get(KEY, ""), self._sign(f"{role} {token}")):
                return Viewer("desk", role == "write" and not self._read_only, session, csrf)
        return None

    def role_of(self, token: str) -> str | None:
        """Return "write" or "read" for a token of ours."""
        for role in ("write", "read"):
            own = self._token(role)
            if own and is_same(token, own):
                return role
        return None

    def key_for(self, role: str) -> str:
        """The cookie of whoever logged in with that role's token; it ends with the token."""
        return self._sign(f"{role} {self._token(role)}")

    def _token(self, role: str) -> str | None:
        return self._write if role == "write" else self._read

    def _sign(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


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


def is_same(one: str, other: str) -> bool:
    """Whether two secrets are the same; how long it takes tells nothing of either."""
    return hmac.compare_digest(one.encode(), other.encode())


def _host(headers: Headers) -> str:
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


def _cookies(header: str) -> dict[str, str]:
    jar = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}
