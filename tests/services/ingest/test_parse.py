"""Feeds as servers really send them: good entries are kept, bad ones counted, nothing crashes."""

import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import InputProblem
from services.ingest.identity import entry_id
from services.ingest.parse import NOT_A_FEED, NotAFeed, ParsedFeed, parse_feed

XML = "application/rss+xml"
HOME = "https://outlet.example/feed"


def rss(*items: str, title: str = "Outlet") -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    head = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
    return f"{head}{body}</channel></rss>".encode()


def item(number: int, title: str = "Talks resume") -> str:
    return f"<title>{title} {number}</title><link>https://outlet.example/{number}</link><guid>g{number}</guid>"


def parse(body: bytes, content_type: str = XML) -> ParsedFeed:
    return parse_feed(body, content_type, HOME)


ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://outlet.example/"><title>A</title><entry><id>tag:1</id>
<title type="html">Kyiv &amp;amp; Moscow</title><link href="/a"/><updated>2025-05-01T10:00:00+02:00</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>Two.</p></div></content></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>R</title></channel><item rdf:about="https://o.example/1">
<title>Kyiv &amp; Moscow</title><link>https://o.example/1</link><dc:date>2025-05-01T08:00:00Z</dc:date></item></rdf:RDF>"""
OLD_RSS = (
    b'<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
    b' "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>O</title>'
    b"<item><title>Kyiv &amp; Moscow</title><link>https://o.example/1</link></item></channel></rss>"
)


@pytest.mark.parametrize("body", [ATOM, RDF, OLD_RSS, rss("<title>Kyiv &amp; Moscow</title>")])
def test_every_kind_of_feed_is_read(body: bytes) -> None:
    (entry,) = parse(body).entries
    assert entry.title == "Kyiv & Moscow"


def test_an_atom_entry_keeps_its_time_its_paragraphs_and_its_relative_link() -> None:
    (entry,) = parse(ATOM).entries
    assert (entry.url, entry.text) == ("https://outlet.example/a", "One.\n\nTwo.")
    assert entry.published == datetime(2025, 5, 1, 8, tzinfo=UTC)


def test_the_charset_of_the_response_counts() -> None:
    body = rss("<title>Türkiye hosts talks</title>").replace(b' encoding="utf-8"', b"").decode().encode("latin-1")
    assert parse(body, "application/xml; charset=iso-8859-1").entries[0].title == "Türkiye hosts talks"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252", "koi8-r"])
def test_the_charset_of_the_document_counts_where_the_response_is_silent(encoding: str) -> None:
    text = rss("<title>Мир</title>" if encoding != "cp1252" else "<title>café</title>").decode()
    body = text.replace("utf-8", encoding.removesuffix("-sig")).encode(encoding)
    assert parse(body, "application/xml").entries[0].title in ("Мир", "café")


def test_a_wrong_charset_does_not_lose_the_entry() -> None:
    body = rss(item(1, "Élysée")).decode().encode("latin-1")
    (entry,) = parse(body, "text/xml; charset=utf-8").entries
    assert entry.title == "Élysée 1"


@pytest.mark.parametrize("name", [b"utf\x80", b"ut\0f-8", b"no-such-charset", b"base64", b"idna", b""])
def test_a_broken_name_of_the_charset_does_not_lose_the_entry(name: bytes) -> None:
    body = rss(item(1, "Élysée")).replace(b"utf-8", name)
    assert [entry.title for entry in parse(body).entries] == ["Élysée 1"]


def test_a_missing_title_link_guid_or_date_is_no_reason_to_drop_an_entry() -> None:
    feed = parse(
        rss("<title>Only a title</title>", "<description>Only a text</description>", "<guid>7</guid><title>T</title>")
    )
    assert [entry.title for entry in feed.entries] == ["Only a title", "", "T"]
    assert all(entry.url == "" and entry.published is None for entry in feed.entries)
    assert len({entry_id(entry, "Outlet") for entry in feed.entries}) == 3


def test_a_guid_that_is_an_address_stands_in_for_a_link_and_a_number_does_not() -> None:
    feed = parse(rss("<title>A</title><guid>https://o.example/a</guid>", "<title>B</title><guid>123</guid>"))
    assert [entry.url for entry in feed.entries] == ["https://o.example/a", ""]


def test_what_says_nothing_is_counted_and_not_kept() -> None:
    feed = parse(rss(item(1), "", "<guid>x</guid>", "<title> </title><description>&lt;br&gt;</description>"))
    assert (len(feed.entries), dict(feed.bad)) == (1, {"empty": 3})


def test_the_same_entry_twice_counts_once() -> None:
    feed = parse(rss(item(1), item(2), item(1)))
    assert (len(feed.entries), dict(feed.bad)) == (2, {"duplicate": 1})


def test_entries_that_share_a_link_are_told_apart_by_their_titles() -> None:
    link = "<link>https://outlet.example/live</link>"
    feed = parse(rss(f"<title>Putin rejects truce</title>{link}", f"<title>Kyiv accepts truce</title>{link}", item(3)))
    assert len({entry_id(entry, "Outlet") for entry in feed.entries}) == 3
    assert [entry.shared_url for entry in feed.entries] == [True, True, False]


def test_a_document_that_ends_early_keeps_all_but_the_entry_it_ends_in() -> None:
    whole = rss(item(1), item(2, "Kremlin does not reject"), item(3))
    feed = parse(whole[: whole.index(b"not reject") + 3])
    assert [entry.title for entry in feed.entries] == ["Talks resume 1"]
    assert dict(feed.bad) == {"truncated": 1}


def test_one_entry_that_breaks_the_parser_takes_no_other_with_it() -> None:
    # A reference beyond Unicode raises inside feedparser's lenient parser.
    feed = parse(rss(item(1), "<title>&#99999999999;</title>", item(3)) + b"<")
    assert [entry.title for entry in feed.entries] == ["Talks resume 1", "Talks resume 3"]
    assert feed.bad["unreadable"] == 1


@pytest.mark.parametrize(
    "junk", [b"\0", b"\x1b[31m", b"\xff\xfe\xfd", b"&bogus;", b"<b><i>", b"]]>", "\ufffe".encode()]
)
def test_junk_in_one_title_leaves_the_others(junk: bytes) -> None:
    body = rss(item(1), item(2, "MARK"), item(3)).replace(b"MARK", b"Zelensky " + junk)
    titles = [entry.title for entry in parse(body).entries]
    assert titles[0] == "Talks resume 1"
    assert titles[-1] == "Talks resume 3"
    assert all(title.isprintable() for title in titles)


def test_hostile_titles_and_links_come_out_plain_or_missing() -> None:
    hostile = "<title><![CDATA[<script>x()</script><b>Truce</b> <@U123> <img src=x onerror=y()>]]></title>"
    feed = parse(rss(hostile + "<link>javascript:alert(1)</link>", "<title>T</title><link>ftp://x/a</link>"))
    assert [(entry.title, entry.url) for entry in feed.entries] == [("Truce <@U123>", ""), ("T", "")]


def test_plain_parts_are_cleaned_like_any_other() -> None:
    atom = ATOM.replace(b'type="html">Kyiv &amp;amp; Moscow', b'type="text">&lt;script&gt;x()&lt;/script&gt;Truce')
    assert parse(atom).entries[0].title == "Truce"


@pytest.mark.parametrize("date", ["yesterday", "0000-00-00", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 99 Foo 2025", ""])
def test_a_junk_date_is_no_date(date: str) -> None:
    (entry,) = parse(rss(item(1) + f"<pubDate>{date}</pubDate>")).entries
    assert entry.published is None


def test_full_text_is_told_from_a_teaser() -> None:
    words = "The delegations met again and neither side would say what had been agreed. " * 20
    teaser = words + "&lt;a&gt;Continue reading…&lt;/a&gt;"
    feed = parse(
        rss(*(item(n) + f"<description>{text}</description>" for n, text in enumerate([words, "Short.", teaser])))
    )
    assert [entry.has_full_text for entry in feed.entries] == [True, False, False]


def test_an_aggregator_names_the_outlet_and_its_suffix_goes() -> None:
    source = '<source url="https://a.example">Agency</source>'
    (entry,) = parse(rss(f"<title>Kremlin rejects truce - Agency</title>{source}")).entries
    assert (entry.source, entry.title) == ("Agency", "Kremlin rejects truce")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n\0", "empty"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "html"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "json"),
        (b"hello", "unknown"),
        (b"<urlset><url/></urlset>", "unknown"),
        (b"\x89PNG\r\n\x1a\n\0\0", "unknown"),
        (b'<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + rss(item(1)), "entities"),
        (
            '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE r [<!ENTITY b "&a;&a;">]><rss/>'.encode("utf-16"),
            "entities",
        ),
    ],
)
def test_what_is_no_feed_says_so_in_one_line(body: bytes, reason: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        parse(body)
    assert caught.value.reason == reason
    assert isinstance(caught.value, InputProblem)
    assert "\n" not in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == NOT_A_FEED[reason]  # noqa: S301  # it crosses a process


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse(rss()).entries == []


def test_results_cross_a_process() -> None:
    feed = parse(rss(item(1), ""))
    assert pickle.loads(pickle.dumps(feed)) == feed  # noqa: S301


BIG = rss(*(item(n) + "<description>&lt;p&gt;x&lt;/p&gt; &#8217; text</description>" for n in range(4)))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_no_mutation_of_a_feed_crashes_the_parser(data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from([BIG, ATOM, RDF])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(0, len(body) - 1)))
        cut = data.draw(st.integers(0, 30))
        body[at : at + cut] = data.draw(
            st.binary(max_size=8) | st.sampled_from([b"<item>", b"&#x110000;", b"<![CDATA[", b"-->", b"\0"])
        )
    try:
        feed = parse(bytes(body), data.draw(st.sampled_from([XML, "text/html; charset=koi8-r", "", "nonsense"])))
    except NotAFeed:
        return
    ids = [entry_id(entry, feed.title) for entry in feed.entries]
    assert len(ids) == len(set(ids))
    for entry in feed.entries:
        f"{entry.title}{entry.text}{entry.guid}".encode()
