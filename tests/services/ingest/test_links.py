"""One article, one address: tracking goes, meaning stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.links import TRACKING, canonical_url

NAMES = st.sampled_from(
    ["id", "p", "page", "lang", "b", "a", "utm_source", "fbclid", "at_medium", "CMP", "ref", "ns_mchannel"]
)
PAIRS = st.lists(st.tuples(NAMES, st.text("abc123-_.~", max_size=6)), max_size=6, unique_by=lambda pair: pair[0])
PATHS = st.lists(st.text("abcdefgé ~%/.-_", min_size=1, max_size=8), max_size=4).map("/".join)


@pytest.mark.parametrize(
    ("link", "known_as"),
    [
        ("HTTPS://Example.ORG:443/World/A/?utm_source=x&utm_medium=rss#top", "https://example.org/World/A"),
        ("https://www.bbc.com/news/articles/c1?at_medium=RSS&at_campaign=rss", "https://www.bbc.com/news/articles/c1"),
        (
            "https://www.dw.com/en/truce/a-75995188?maca=en-rss-en-all-1573-rdf",
            "https://www.dw.com/en/truce/a-75995188",
        ),
        ("https://www.ndtv.com/world/putin-1105#publisher=newsstand", "https://www.ndtv.com/world/putin-1105"),
        ("https://x.org/a?b=2&a=1&a=0", "https://x.org/a?a=0&a=1&b=2"),
        ("https://x.org/story.php?12345", "https://x.org/story.php?12345"),
        ("https://x.org/a?q=&from=rss", "https://x.org/a?q="),
        ("https://x.org", "https://x.org/"),
        ("http://x.org:8080/a", "http://x.org:8080/a"),
        ("http://user:secret@x.org/a", "http://x.org/a"),
        ("https://пример.укр/мир", "https://xn--e1afmkfd.xn--j1amh/%D0%BC%D0%B8%D1%80"),
        ("https://www.google.com/url?rct=j&sa=t&url=https://x.org/a%3Futm_source%3Dy&ct=ga", "https://x.org/a"),
        ("https://x.org/live#block-66f0a1c2", "https://x.org/live#block-66f0a1c2"),
        ("https://x.org/a|b\nc", "https://x.org/a%7Cbc"),
    ],
)
def test_an_article_has_one_address(link: str, known_as: str) -> None:
    assert canonical_url(link) == known_as


@pytest.mark.parametrize(
    "link",
    [
        "",
        "javascript:alert(1)",
        "ftp://x.org/a",
        "//x.org/a",
        "/a",
        "mailto:a@x.org",
        "data:text/html,x",
        "https://",
        "https://x.org:99999/",
        "https://exa mple.org/",
        "http://[::1",
        "https://x.org/" + "a" * 3000,
    ],
)
def test_what_is_no_web_address_is_missing(link: str) -> None:
    assert canonical_url(link) == ""


def test_a_parameter_that_may_name_the_article_stays() -> None:
    for name in ("id", "p", "article", "story", "page", "gallery", "reference", "source_id", "cid"):
        assert name not in TRACKING
        assert canonical_url(f"https://x.org/a?{name}=7") == f"https://x.org/a?{name}=7"


@given(PATHS, PAIRS, st.sampled_from(["", "#top", "#a=1", "#entry-12"]))
def test_doing_it_again_changes_nothing(path: str, pairs: list[tuple[str, str]], fragment: str) -> None:
    link = f"https://x.org/{path}?" + "&".join(f"{name}={value}" for name, value in pairs) + fragment
    once = canonical_url(link)
    assert canonical_url(once) == once


@given(st.data(), PAIRS)
def test_the_order_of_parameters_means_nothing(data: st.DataObject, pairs: list[tuple[str, str]]) -> None:
    def link(order: list[tuple[str, str]]) -> str:
        return "https://x.org/a?" + "&".join(f"{name}={value}" for name, value in order)

    assert canonical_url(link(pairs)) == canonical_url(link(data.draw(st.permutations(pairs))))


@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_be_refused(link: str) -> None:
    known_as = canonical_url(link) + canonical_url(f"https://{link}") + canonical_url(f"https://x.org/{link}")
    assert not set(known_as) & set(' \n\r\t|<>"')
