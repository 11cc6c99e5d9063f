"""What can be said of a feed's bytes before anything parses them."""

import pytest

from services.ingest.document import defines_entities, each_entry, ends_inside_an_entry

LAUGHS = b'<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
FEED = b"<rss><channel><item><title>&c;</title></item></channel></rss>"


@pytest.mark.parametrize(
    "prolog",
    [
        LAUGHS,
        LAUGHS.replace(b"<!ENTITY", b"\n <!ENTITY"),
        LAUGHS.replace(b"ENTITY", b"entity"),
        b"<!-- <a --> " + LAUGHS,
        b'<!-- <a --><!DOCTYPE r [<!ENTITY a "<!--"><!ENTITY b "&a;"><!ENTITY c "-->">]>',
        b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY " + b"x" * 10 + b' "' + b"y" * 1000 + b'">]>',
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b'<!DOC<!ENTITY q>TYPE r [<!ENTITY b "&a;&a;">]>',
    ],
)
def test_a_bomb_is_seen_however_it_is_wrapped(prolog: bytes) -> None:
    assert defines_entities(prolog + FEED)


@pytest.mark.parametrize(
    "document",
    [
        FEED,
        b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
        + FEED,
        b'<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]>' + FEED,
        b'<!DOCTYPE rss [<!ENTITY % HTMLlat1 PUBLIC "-//W3C//ENTITIES Latin 1 for XHTML//EN" "http://www.w3.org/x.ent">]>'
        + FEED,
        b"<rss><item><![CDATA[how <!ENTITY lol '&lol;&lol;'> works]]></item></rss>",
    ],
)
def test_honest_prologs_pass(document: bytes) -> None:
    assert not defines_entities(document)


@pytest.mark.parametrize(
    ("document", "cut"),
    [
        (b"<rss><channel><item>a</item></channel></rss>", False),
        (b"<rss><channel><item>a</item><item><title>Putin rejects", True),
        (b"<rss><channel><item>a</item><ite", False),
        (b"<feed><entry>a</entry></feed>", False),
        (b"<feed><a:entry>a</a:entry><a:entry>", True),
        (b"", False),
    ],
)
def test_a_cut_is_told_from_an_end(document: bytes, cut: bool) -> None:
    assert ends_inside_an_entry(document) is cut


def test_entries_come_apart_with_what_stands_before_them() -> None:
    document = b"<rss><channel><title>T</title><item>a</item>\n<item>b<item>c</item></channel></rss>"
    head = b"<rss><channel><title>T</title>"
    assert list(each_entry(document)) == [head + b"<item>a</item>", head + b"<item>b", head + b"<item>c</item>"]
