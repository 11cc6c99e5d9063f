"""Markup and text from outside become plain paragraphs, whatever they hold."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.plain import one_line, plain_text

MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<br>",
            "<b>",
            "</b>",
            "<script>",
            "</script>",
            "<!--",
            "-->",
            "&amp;",
            "&lt;",
            "&#8217;",
            "<a href='",
            "'>",
            "&#0;",
            "&#xD800;",
            "<![CDATA[",
            "]]>",
            "text",
            " ",
            "\n",
            "\0",
            "\u202e",
            "\ud800",
            "é",
            "<",
            ">",
            "&",
            "<td>",
        ]
    ),
    max_size=40,
).map("".join)


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("<p>One<br>two</p><p>Three\nfour</p>", "One\ntwo\n\nThree four"),
        ("first\n\nsecond\nstill second", "first\n\nsecond still second"),
        ("AT&amp;amp;T &#8217;s &amp;#8217;s", "AT&T ’s ’s"),
        ("<td>a</td><td>b</td>", "a b"),
        ("x < y and z > 3, A&B, R&D;", "x < y and z > 3, A&B, R&D;"),
        ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
        ("tail<script>alert(1)</script> of it", "tail of it"),
        ("soft\u00adhy\u200bphen \ufeffand\u00a0space", "softhyphen and space"),
        ("", ""),
        (" \t\r\n ", ""),
    ],
)
def test_paragraphs_stay_and_markup_goes(source: str, plain: str) -> None:
    assert plain_text(source) == plain


@pytest.mark.parametrize(
    "wrapping", ["{}", "&lt;script&gt;{}&lt;/script&gt;", "&amp;lt;script&amp;gt;{}&amp;lt;/script&amp;gt;"]
)
def test_a_script_is_dropped_however_often_it_was_escaped(wrapping: str) -> None:
    hostile = wrapping.format("alert(1)") if wrapping != "{}" else "<script>alert(1)</script>"
    assert plain_text(f"Kremlin{hostile} rejects truce") == "Kremlin rejects truce"


def test_an_override_cannot_make_a_title_read_backwards() -> None:
    assert one_line("Putin \u202eecurt stcejer\u202c rejects\u2066 talks") == "Putin ecurt stcejer rejects talks"


def test_letters_that_are_joined_stay_joined() -> None:
    assert plain_text("می\u200cخواهم 👩\u200d🚀") == "می\u200cخواهم 👩\u200d🚀"


@given(MARKUP | st.text())
def test_nothing_that_draws_hides_or_reorders_comes_through(source: str) -> None:
    plain = plain_text(source)
    plain.encode()
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in plain)
    assert not set(plain) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff")
    assert plain == plain.strip()
    assert "\n\n\n" not in plain
    assert "  " not in plain
    assert unicodedata.is_normalized("NFC", plain)


@given(st.text(st.characters(blacklist_characters="<&", blacklist_categories=("Cs", "Co"))))
def test_plain_text_is_left_as_it_is(source: str) -> None:
    once = plain_text(source)
    assert plain_text(once) == once


@given(MARKUP)
def test_a_title_is_one_line(source: str) -> None:
    assert "\n" not in one_line(source)
