"""Entries become articles with ids that stay and times that can be believed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.articles import article_id, entry_id, make_article
from services.ingest.entries import Entry
from services.ingest.signature import sign
from streams.records import Article
from streams.topics import decode_article, encode

NOW = datetime(2025, 5, 21, 12, tzinfo=UTC)


def entry(**changes: object) -> Entry:
    fields = {"guid": "g", "url": "https://x.org/a?utm_source=rss", "title": "Putin rejects truce", "published": NOW,
              "text": "", "has_full_text": False} | changes  # fmt: skip
    return Entry(**fields)  # type: ignore[arg-type]


def article(one: Entry, text: str = "") -> Article:
    return make_article(one, "Outlet", text, NOW)


def test_an_article_keeps_its_id_over_feeds_schemes_and_tracking() -> None:
    links = ["https://x.org/a", "http://X.org/a/", "https://x.org:443/a?fbclid=1#top", "https://x.org/a?utm_source=rss"]
    assert {article_id(link) for link in links} == {article(entry()).id}


def test_without_a_link_the_guid_tells_and_without_a_guid_the_title_and_date() -> None:
    assert entry_id(entry(url=""), "A") == entry_id(entry(url="", title="Edited"), "A")
    assert entry_id(entry(url=""), "A") != entry_id(entry(url=""), "B")
    bare = entry(url="", guid="")
    assert entry_id(bare, "A") != entry_id(entry(url="", guid="", published=NOW - timedelta(days=1)), "A")
    assert entry_id(bare, "A") == entry_id(entry(url="", guid="", text="Longer now."), "A")


def test_a_guid_that_changes_with_each_fetch_changes_nothing() -> None:
    assert article(entry(guid="1")).id == article(entry(guid="2")).id


def test_a_missing_or_future_date_becomes_the_time_of_the_fetch() -> None:
    assert article(entry(published=None)).published == NOW
    assert article(entry(published=NOW + timedelta(days=2))).published == NOW
    soon = NOW + timedelta(hours=3)
    assert article(entry(published=soon)).published == soon


def test_an_aggregated_entry_belongs_to_the_outlet_it_names() -> None:
    assert article(entry(source="Agency")).outlet == "Agency"
    assert article(entry()).outlet == "Outlet"


def test_a_headline_alone_is_signed_by_its_words() -> None:
    assert article(entry()).signature == sign("Putin rejects truce")
    text = (
        "Twenty words and more stand in this text so that it can be told from others by itself alone without its title."
    )
    assert article(entry(), text).signature == sign(text)


@given(st.text(max_size=50), st.text(max_size=50), st.booleans())
def test_every_article_survives_the_topic(title: str, text: str, backfill: bool) -> None:
    # What parse lets through has no lone surrogates; the record format refuses them.
    clean = [part.encode("utf-8", "ignore").decode() for part in (title, text)]
    made = make_article(entry(title=clean[0]), "Outlet", clean[1], NOW, revision=2, backfill=backfill)
    assert decode_article(encode(made)) == made
    assert all(0 <= value < 2**32 for value in made.signature)
