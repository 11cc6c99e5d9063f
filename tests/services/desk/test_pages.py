"""Every page answers, at an address that stays; what feeds bring is text on it and nothing else."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from services.broker.embedded import EmbeddedBroker
from services.desk.gate import GUARDS
from streams.records import Reading, ShiftAlert
from tests.services.desk.made import (
    HOSTILE,
    Running,
    article,
    count,
    reading,
    running,
    send,
    small_world,
    until,
)

WORLD = small_world()
ALERT = next(one for one in WORLD if isinstance(one, ShiftAlert))
READING = next(one for one in WORLD if isinstance(one, Reading))

PAGES = {
    "/": "Who has moved",
    "/alerts": "Hungary",
    f"/alerts/{ALERT.id}": "What became of it",
    "/actors/hungary": "Who stands together",
    "/actors/hungary?compare=latvia&outlet=Daily+Lantern&since=2025-03-01&until=2025-04-01": "Compared",
    "/actors/hungary?outlet=&speaker=&capacity=&since=&until=": "What was said",
    f"/readings/{READING.id}": "Prime Minister Orban said talks should begin at once.",
    f"/articles/{READING.article}": "Others waited.",
    "/search?q=truce": "would welcome a <mark>truce</mark>",
    "/feeds": "Daily Lantern",
}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_under_a_strict_policy(desk: Running, path: str) -> None:
    status, body = desk.get(path)
    assert status == 200
    assert PAGES[path] in body
    # The policy allows nothing inline, so nothing inline may be needed.
    assert "<script>" not in body
    assert " style=" not in body
    assert " onclick=" not in body
    assert "script-src 'self'" in GUARDS["content-security-policy"]


@pytest.mark.parametrize("path", ["/alerts/none", "/actors/nobody", "/readings/none", "/articles/none"])
def test_what_is_not_there_is_said_to_be_missing(desk: Running, path: str) -> None:
    status, body = desk.get(path)
    assert status == 404
    assert "No such" in body


def test_what_feeds_bring_is_text_on_every_page(desk: Running) -> None:
    hostile = next(one for one in WORLD if isinstance(one, Reading) and one.title == HOSTILE)
    for path in (*PAGES, f"/articles/{hostile.article}", f"/readings/{hostile.id}", "/search?q=%3Cscript%3E"):
        body = desk.get(path)[1]
        assert "<script>document" not in body
        assert "<img src=x" not in body
        assert "<b>Bell" not in body
    assert "&lt;script&gt;document.title" in desk.get(f"/articles/{hostile.article}")[1]


def test_an_address_that_is_not_of_the_web_becomes_no_link(desk: Running) -> None:
    from services.desk.pages import web_address

    assert web_address("javascript:alert(1)") == ""
    assert web_address("https://news.example/1") == "https://news.example/1"


def test_evidence_stands_in_its_paragraph(desk: Running) -> None:
    shown = desk.json(f"/api/alerts/{ALERT.id}")
    assert [one["passage"]["quote"] for one in shown["evidence"]] == [one.quote for one in ALERT.evidence]
    assert all(one["passage"]["complete"] for one in shown["evidence"])
    assert "Others waited" not in shown["evidence"][0]["passage"]["after"]


def test_an_alert_keeps_every_state_it_has_been_in(desk: Running) -> None:
    shown = desk.json(f"/api/alerts/{ALERT.id}")
    assert [one["status"] for one in shown["states"]] == ["pending", "confirmed"]
    assert shown["status"] == "confirmed"


def test_the_overview_says_who_stands_where(desk: Running) -> None:
    view = desk.json("/api/overview")
    hungary = next(one for one in view["stands"] if one["actor"] == "hungary")
    assert (hungary["stance"], hungary["probability"], hungary["name"]) == ("favor", 0.8, "Hungary")
    assert hungary["trend"] > 1
    assert [one["id"] for one in view["alerts"]] == [ALERT.id]


def test_an_actors_page_tells_alliances_from_splits(desk: Running) -> None:
    view = desk.json("/api/actors/hungary")
    assert view["people"][0]["stance"] == "against"
    (latvia,) = view["kin"]
    assert latvia["actor"] == "latvia"
    assert latvia["agreement"] == pytest.approx(0.8 * 0.1 + 0.1 * 0.1 + 0.1 * 0.8)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 2),
        ("outlet=Daily+Lantern", 1),
        ("speaker=Orban", 2),
        ("speaker=nobody", 0),
        ("capacity=military", 0),
        ("label=against", 0),
        ("since=2025-03-03", 1),
        ("until=2025-03-02", 1),
    ],
)
def test_a_timeline_is_filtered(desk: Running, query: str, number: int) -> None:
    timeline = desk.json(f"/api/actors/hungary/timeline?{query}")
    assert len(timeline["readings"]) == number


@pytest.mark.parametrize("query", ["truce", "trUCE", "tru", '"truce" NOT latvia', "truce*", "welcome truce"])
def test_search_finds_words_and_takes_nothing_for_an_operator(desk: Running, query: str) -> None:
    from urllib.parse import quote

    found = desk.json(f"/api/search?q={quote(query)}")
    assert (len(found["quotes"]) > 0) == ("NOT" not in query)


def test_alerts_can_be_subscribed_to(desk: Running) -> None:
    status, body = desk.get("/alerts.atom")
    feed = ET.fromstring(body)  # noqa: S314  Our own.
    ids = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}id")]
    assert status == 200
    assert f"urn:parley:alert:{ALERT.id}" in ids


def test_two_actors_who_share_a_sentence_share_it_on_the_articles_page(tmp_path: Path) -> None:
    one = article(9, "Two ask for talks", "Paris and Berlin asked for talks.")
    said = [reading(one, "Paris and Berlin asked for talks.", "favor", actor, actor) for actor in ("france", "germany")]
    with EmbeddedBroker() as broker:
        send(broker.bootstrap, one, *said)
        with running(tmp_path, broker.bootstrap) as desk:
            until(lambda: count(desk.projection, "readings") == 2 and count(desk.projection, "articles"), "both")
            status, body = desk.get(f"/articles/{one.id}")
    assert status == 200
    assert "Paris and Berlin asked for talks." in body
