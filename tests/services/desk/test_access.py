"""Who may read, who may write, and that no other site writes in anybody's name."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from services.broker.embedded import EmbeddedBroker
from services.desk.access import Access
from services.desk.gate import GUARDS
from services.errors import UsageProblem
from services.settings import read_settings
from streams.records import Reading
from tests.services.desk.made import Running, running, small_desk, small_world

READING = next(one for one in small_world() if isinstance(one, Reading))
PATH = f"/api/readings/{READING.id}/verdicts"
ANYWHERE = "0.0.0.0"  # noqa: S104  Nothing binds to it.
FORM = "application/x-www-form-urlencoded"
WORD = json.dumps({"what": "correct"}).encode()


def start(tmp_path: Path, broker: EmbeddedBroker, **options: Any) -> Any:
    return running(tmp_path, broker.bootstrap, **options)


def login(desk: Running, token: str) -> tuple[str, str]:
    """The cookies of a browser that logged in, and its page's token."""
    import urllib.request

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    request = urllib.request.Request(f"{desk.address}/login", urlencode({"token": token}).encode())
    try:
        answer = urllib.request.build_opener(Stay).open(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        jar = "; ".join(line.split(";")[0] for line in answer.headers.get_all("set-cookie") or [])
    again = urllib.request.Request(f"{desk.address}/feeds", headers={"cookie": jar})
    with urllib.request.urlopen(again, timeout=60) as page:
        fresh = [line.split(";")[0] for line in page.headers.get_all("set-cookie") or []]
        found = re.search(r'name="csrf" content="([0-9a-f]+)"', page.read().decode())
    assert found is not None
    return "; ".join([jar, *fresh]), found[1]


def test_a_page_open_to_the_network_needs_a_guard() -> None:
    with pytest.raises(UsageProblem, match="PARLEY_DESK_TOKEN"):
        Access(read_settings(desk_host=ANYWHERE), b"secret")
    Access(read_settings(desk_host=ANYWHERE, desk_proxy_header="X-Forwarded-User"), b"secret")
    Access(read_settings(desk_host="::1"), b"secret")


def test_tokens_decide_who_reads_and_who_writes(tmp_path: Path) -> None:
    with small_desk(tmp_path, desk_token="w-token", desk_read_token="r-token") as (desk, _):
        json_ = {"content_type": "application/json"}
        assert desk.get("/api/overview")[0] == 401
        assert desk.get("/")[0] == 303
        assert desk.get("/static/desk.css")[0] == 200
        assert desk.get("/api/overview", authorization="Bearer wrong")[0] == 401
        assert desk.get("/api/overview", authorization="Bearer r-token")[0] == 200
        assert desk.send("POST", PATH, WORD, authorization="Bearer r-token", **json_)[0] == 403
        assert desk.send("POST", PATH, WORD, authorization="Bearer w-token", **json_)[0] == 200
        cookies, csrf = login(desk, "w-token")
        assert desk.send("POST", PATH, WORD, cookie=cookies, **json_)[0] == 403
        assert desk.send("POST", PATH, WORD, cookie=cookies, x_csrf_token="0" * 64, **json_)[0] == 403
        assert desk.send("POST", PATH, WORD, cookie=cookies, x_csrf_token=csrf, **json_)[0] == 200
        form = urlencode({"what": "correct", "reading": READING.id, "back": "/", "csrf": csrf}).encode()
        assert desk.send("POST", "/verdicts", form, cookie=cookies, content_type=FORM)[0] == 303
        for headers in ({"origin": "https://evil.example"}, {"sec_fetch_site": "cross-site"}):
            assert desk.send("POST", "/verdicts", form, cookie=cookies, content_type=FORM, **headers)[0] == 403
        away = urlencode({"what": "correct", "reading": READING.id, "back": "//evil.example", "csrf": csrf}).encode()
        assert desk.send("POST", "/verdicts", away, cookie=cookies, content_type=FORM)[0] == 400
        cookies, csrf = login(desk, "r-token")
        assert desk.send("POST", PATH, WORD, cookie=cookies, x_csrf_token=csrf, **json_)[0] == 403
        assert desk.get("/feeds.opml", cookie=cookies)[0] == 403


def test_a_proxys_header_is_believed_from_the_proxy_alone(tmp_path: Path) -> None:
    options = {"desk_proxy_header": "X-Forwarded-User", "desk_editors": "ada, bob"}
    with EmbeddedBroker() as broker:
        with start(tmp_path / "near", broker, **options) as desk:
            assert desk.get("/api/overview")[0] == 401
            assert desk.get("/api/overview", x_forwarded_user="eve")[0] == 200
            assert 'name="csrf"' in desk.get("/feeds", x_forwarded_user="ada")[1]
            # Whoever writes still needs the page's token.
            assert desk.send("POST", PATH, WORD, x_forwarded_user="ada", content_type="application/json")[0] == 403
            assert desk.send("POST", PATH, WORD, x_forwarded_user="eve", content_type="application/json")[0] == 403
        with start(tmp_path / "far", broker, desk_proxy_from="192.0.2.1", **options) as desk:
            assert desk.get("/api/overview", x_forwarded_user="ada")[0] == 401


def test_another_name_for_this_machine_opens_nothing(desk: Running) -> None:
    assert desk.get("/api/overview", host="evil.example")[0] == 401
    assert desk.get("/api/overview", host="localhost")[0] == 200


def test_a_desk_may_be_read_only(tmp_path: Path) -> None:
    with EmbeddedBroker() as broker, start(tmp_path, broker, desk_read_only=True) as desk:
        assert desk.get("/")[0] == 200
        assert desk.send("POST", PATH, WORD, content_type="application/json")[0] == 403


def test_every_answer_carries_the_guards(desk: Running) -> None:
    import urllib.request

    for path in ("/", "/static/desk.js", "/api/overview", "/alerts.atom"):
        with urllib.request.urlopen(desk.address + path, timeout=60) as answer:
            for name, value in GUARDS.items():
                assert answer.headers[name] == value
