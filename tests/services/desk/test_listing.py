"""The feed list as it is changed on the page: one step at a time, and nothing else in it is lost."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from services.broker.embedded import EmbeddedBroker
from services.desk.listing import add_feed, add_feeds, change_feed
from services.errors import InputProblem
from services.ingest.feed import Feed
from services.ingest.opml import list_outlines, read_opml
from services.ingest.store import Store
from streams.records import content_id
from tests.services.desk.made import START, Running, pulse, running, send, until

LIST = """<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0"><head><title>Ours</title></head><body>
<outline text="Agencies"><outline type="rss" text="Lantern" xmlUrl="https://lantern.example/feed" note="kept"/>
<outline type="rss" text="Bell" xmlUrl="https://bell.example/feed"/></outline>
</body></opml>"""
LANTERN = content_id("https://lantern.example/feed")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.opml"
    path.write_text(LIST)
    return path


def test_a_feed_is_added_paused_resumed_and_taken_off(place: Path) -> None:
    add_feed(place, "HTTPS://Owl.example/rss", "  The   Owl ")
    assert [one.outlet for one in read_opml(str(place))] == ["Lantern", "Bell", "The Owl"]
    assert change_feed(place, LANTERN, "pause") == "Lantern"
    assert [one.outlet for one in read_opml(str(place))] == ["Bell", "The Owl"]
    change_feed(place, LANTERN, "resume")
    assert [one.outlet for one in read_opml(str(place))] == ["Lantern", "Bell", "The Owl"]
    change_feed(place, LANTERN, "remove")
    assert [one.outlet for one in list_outlines(str(place))] == ["Bell", "The Owl"]
    assert "<title>Ours</title>" in place.read_text()


def test_one_feed_of_a_paused_group_can_be_resumed(place: Path) -> None:
    place.write_text(LIST.replace('text="Agencies"', 'text="Agencies" isComment="true"'))
    change_feed(place, LANTERN, "resume")
    assert [(one.outlet, one.paused) for one in list_outlines(str(place))] == [("Lantern", False), ("Bell", True)]


def test_a_list_comes_in_with_what_is_new_in_it(place: Path) -> None:
    other = LIST.replace("bell.example", "wren.example").replace('"Bell"', '"Wren"')
    assert add_feeds(place, other.encode()) == 1
    assert add_feeds(place, other.encode()) == 0
    assert [one.outlet for one in read_opml(str(place))] == ["Lantern", "Bell", "Wren"]


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "file:///etc/passwd", "https://"])
def test_what_is_no_address_is_refused(place: Path, url: str) -> None:
    with pytest.raises(InputProblem):
        add_feed(place, url, "X")
    assert place.read_text() == LIST


def test_a_feed_is_on_the_list_once(place: Path) -> None:
    with pytest.raises(InputProblem, match="already"):
        add_feed(place, "https://lantern.example/feed", "Again")


@pytest.mark.parametrize(
    "raw", [b"", b"<opml", b"<html/>", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><opml>&e;</opml>']
)
def test_what_is_no_list_is_refused(place: Path, raw: bytes) -> None:
    with pytest.raises(InputProblem):
        add_feeds(place, raw)
    assert place.read_text() == LIST


def test_the_page_changes_the_list_and_shows_how_feeds_do(place: Path, tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.record(LANTERN, Feed(read=True, failures=2, reason="http-503", visited=START.timestamp(), due=2e9), START)
    token = {"authorization": "Bearer t", "content_type": "application/x-www-form-urlencoded"}
    with EmbeddedBroker() as broker, running(tmp_path, broker.bootstrap, feeds=str(place), desk_token="t") as desk:
        views = desk.json_as("/api/feeds", "t")["feeds"]
        assert (views[0]["outlet"], views[0]["state"], views[0]["reason"]) == ("Lantern", "failing", "http-503")
        form = urlencode({"key": LANTERN, "what": "pause"}).encode()
        assert desk.send("POST", "/feeds/change", form, **token)[0] == 303
        assert desk.json_as("/api/feeds", "t")["feeds"][0]["state"] == "paused"
        add = urlencode({"url": "https://owl.example/rss", "outlet": "The <i>Owl"}).encode()
        assert desk.send("POST", "/feeds/add", add, **token)[0] == 303
        body = desk.get("/feeds", authorization="Bearer t")[1]
        assert "The &lt;i&gt;Owl" in body
        assert "<i>Owl" not in body
        status, text = desk.get("/feeds.opml", authorization="Bearer t")
        assert (status, text) == (200, place.read_text())
    store.close()


def test_away_from_the_ingester_the_stream_tells_who_can_be_heard(place: Path, tmp_path: Path) -> None:
    """Two outlets answered once; a day later one of them no longer does."""
    with EmbeddedBroker() as broker:
        send(broker.bootstrap, pulse(1, "Lantern", "Bell"), pulse(2, "Lantern"))
        with running(tmp_path / "elsewhere", broker.bootstrap, feeds=str(place)) as desk:
            until(lambda: len(_states(desk)) == 2 and desk.json("/api/status")["caught_up"], "both minutes")
            assert _states(desk) == {"Lantern": "heard", "Bell": "silent"}
            page = desk.get("/feeds")[1]
    assert "● heard" in page
    assert "▲ silent" in page
    assert "is told by the stream" in page


def _states(desk: Running) -> dict[str, str]:
    return {one["outlet"]: one["state"] for one in desk.json("/api/feeds")["feeds"] if one["heard"]}
