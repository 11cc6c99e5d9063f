"""The list of feeds."""

import asyncio
from pathlib import Path

import pytest

from services.errors import UsageProblem
from services.ingest.opml import Source, list_outlines, read_opml
from tests.services.ingest.server import site


def opml(*outlines: str, encoding: str = "utf-8") -> bytes:
    declaration = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    head = '<opml version="2.0"><head><title>F</title></head>'
    return f"{declaration}{head}<body>{''.join(outlines)}</body></opml>".encode(encoding)


def read(tmp_path: Path, content: bytes) -> list[Source]:
    path = tmp_path / "feeds.opml"
    path.write_bytes(content)
    return read_opml(str(path))


def test_the_outlet_is_the_outlines_title_in_any_folder(tmp_path: Path) -> None:
    sources = read(
        tmp_path,
        opml(
            '<outline text="World"><outline text="The  Herald\n" type="rss" xmlUrl="https://herald.example/rss"/></outline>',
            '<outline title="Gazette" xmlUrl="http://gazette.example/feed?a=1&amp;b=2"/>',
        ),
    )
    assert sources == [
        Source("https://herald.example/rss", "The Herald"),
        Source("http://gazette.example/feed?a=1&b=2", "Gazette"),
    ]


def test_an_outline_without_a_title_is_named_by_its_host(tmp_path: Path) -> None:
    assert read(tmp_path, opml('<outline xmlUrl="https://u:p@herald.example/rss"/>'))[0].outlet == "herald.example"


def test_the_same_address_twice_is_one_feed(tmp_path: Path) -> None:
    sources = read(
        tmp_path,
        opml(
            '<outline text="First" xmlUrl="https://Herald.example/rss"/>',
            '<outline text="Second" xmlUrl="HTTPS://herald.example/rss#top"/>',
            '<outline text="Third" xmlUrl="feed:https://herald.example/rss"/>',
        ),
    )
    assert sources == [Source("https://herald.example/rss", "First")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_names_survive_their_encoding(tmp_path: Path, encoding: str) -> None:
    content = opml('<outline text="Süddeutsche é" xmlUrl="https://sz.example/"/>', encoding=encoding)
    assert read(tmp_path, content)[0].outlet == "Süddeutsche é"


def test_addresses_that_are_not_http_are_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    sources = read(
        tmp_path,
        opml(
            '<outline text="File" xmlUrl="file:///etc/passwd"/>',
            '<outline text="Script" xmlUrl="javascript:alert(1)"/>',
            '<outline text="Port" xmlUrl="http://herald.example:99999/"/>',
            '<outline text="Good" xmlUrl="feed://herald.example/rss"/>',
        ),
    )
    assert sources == [Source("http://herald.example/rss", "Good")]
    assert [record.levelname for record in caplog.records].count("WARNING") == 3


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "not well-formed"),
        (b"feeds: none", "not well-formed"),
        (b"\xff\xfe\x00", "not well-formed"),
        (opml('<outline text="A & B" xmlUrl="http://a.example/"/>'), "line 1, column"),
        (b"<html><body>no</body></html>", "no OPML"),
        (opml(encoding="shift_jis"), "its encoding"),
        (opml(), "lists no feed"),
        (opml('<outline text="File" xmlUrl="file:///etc/passwd"/>'), "lists no feed"),
    ],
)
def test_what_is_no_list_of_feeds_is_one_clear_line(tmp_path: Path, content: bytes, what: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        read(tmp_path, content)
    message = str(caught.value)
    assert what in message
    assert str(tmp_path / "feeds.opml") in message
    assert "\n" not in message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", ["missing.opml", "."])
def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageProblem, match=r"cannot be read .* --feeds"):
        read_opml(str(tmp_path / name))


def test_a_feeds_key_depends_on_its_address_alone() -> None:
    assert Source("https://a.example/", "A").key == Source("https://a.example/", "B").key
    assert Source("https://a.example/", "A").key != Source("https://b.example/", "A").key


def test_a_list_may_live_at_an_address() -> None:
    async def test() -> list[Source]:
        async with site() as place:
            place.serve("/opml", opml('<outline text="Herald" xmlUrl="https://herald.example/rss"/>'))
            assert place.url.startswith("http://127.0.0.1")
            with pytest.raises(UsageProblem, match=r"/missing: cannot be read"):
                await asyncio.to_thread(read_opml, place.url.replace("//", "//desk:secret@") + "/missing?key=secret")
            return await asyncio.to_thread(read_opml, f"{place.url}/opml")

    assert asyncio.run(test()) == [Source("https://herald.example/rss", "Herald")]


def test_an_address_that_does_not_answer_is_one_clear_line_without_secrets() -> None:
    with pytest.raises(UsageProblem, match="cannot be read") as caught:
        read_opml("http://desk:secret@127.0.0.1:1/opml?key=secret")
    assert "secret" not in str(caught.value)


def test_what_is_commented_out_is_paused_and_not_watched(tmp_path: Path) -> None:
    place = tmp_path / "feeds.opml"
    place.write_text(
        """<?xml version="1.0" encoding="utf-8"?><opml version="2.0"><head/><body>
        <outline text="Resting" isComment="true"><outline type="rss" text="A" xmlUrl="https://a.example/feed"/></outline>
        <outline type="rss" text="B" xmlUrl="https://b.example/feed" isComment="TRUE"/>
        <outline type="rss" text="C" xmlUrl="https://c.example/feed" isComment="false"/>
        <outline type="rss" text="A" xmlUrl="https://A.example/feed"/></body></opml>"""
    )
    assert [source.outlet for source in read_opml(str(place))] == ["A", "C"]
    assert [(one.outlet, one.paused) for one in list_outlines(str(place))] == [("A", False), ("B", True), ("C", False)]
