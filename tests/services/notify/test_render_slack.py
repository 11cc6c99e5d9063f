"""What Slack is sent: readable for a desk, inert whatever the text, inside Slack's limits."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.decide import DIGEST_MOST
from services.notify.message import Story, Tell
from services.notify.render.slack import escape, render_slack, safe_link
from services.notify.render.wording import BIDI
from streams.records import Evidence, ShiftAlert
from tests.services.notify.samples import NAMES, NOON, alert, evidence, owed, tell

GOLDEN = Path(__file__).parents[2] / "contracts" / "slack"
HOSTILE = 'Talks <!channel> & <@U1> <https://evil.example|click> <javascript:alert(1)> *bold* :gun: "x" `y`'


def pending() -> ShiftAlert:
    return alert(
        quotes=(
            evidence(condition="if the guns fall silent first"),
            evidence("A second voice of the government said the same <b>& more</b>.", outlet="Example | Daily"),
            evidence("The office had refused every offer until then.", label="against", weight=0.5),
            evidence("A fourth quote is not shown.", label="against", weight=0.1),
        )
    )


def confirmed() -> ShiftAlert:
    return alert(revision=1, status="confirmed", at=NOON + timedelta(hours=9), quotes=pending().evidence)


def retracted() -> ShiftAlert:
    return alert(revision=2, status="retracted", at=NOON + timedelta(days=1), quotes=pending().evidence[:1])


def closed() -> ShiftAlert:
    return alert(revision=1, status="closed", at=NOON + timedelta(days=31), quotes=pending().evidence[:1])


def person() -> ShiftAlert:
    return alert("fedcba9876543210", speaker="jane-doe", before="favor", after="against", quotes=())


MESSAGES = {
    "pending": tell(pending()),
    "confirmed": tell(confirmed()),
    "retracted": tell(retracted()),
    "closed": tell(closed()),
    "confirmed-after-an-outage": tell(pending(), confirmed()),
    "person": tell(person()),
    "digest": Tell(
        (Story(owed(retracted()), (owed(pending()),)), Story(owed(person()))), "late", digest="digest.0011223344556677"
    ),
}


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object in the message."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from objects(item)


def texts(message: dict[str, Any]) -> list[str]:
    return [found["text"] for found in objects(message) if isinstance(found.get("text"), str)]


def without_links(text: str) -> str:
    return re.sub(r"<https?://[^<>|\s]+\|[^<>|]*>", "", text)


def assert_inert_and_within_limits(message: dict[str, Any]) -> None:
    assert message["unfurl_links"] is message["unfurl_media"] is False
    assert 1 <= len(message["blocks"]) <= 50
    for block in message["blocks"]:
        if block["type"] == "header":
            assert 1 <= len(block["text"]["text"]) <= 150
        if block["type"] == "section":
            assert len(block.get("fields", [])) <= 10
            assert all(1 <= len(field["text"]) <= 2000 for field in block.get("fields", []))
            assert 1 <= len(block["text"]["text"] if "text" in block else "-") <= 3000
        if block["type"] == "context":
            assert 1 <= len(block["elements"]) <= 10
    for found in objects(message):
        if found.get("type") == "plain_text":
            assert found["emoji"] is False
        if found.get("type") == "mrkdwn":
            assert found["verbatim"] is True
    for text in texts(message):
        bare = without_links(text)
        assert "<" not in bare
        assert ">" not in bare
        assert not re.search(r"&(?!amp;|lt;|gt;)", text)
        assert not any(ord(char) < 32 and char != "\n" for char in text)
        assert not BIDI & set(text)


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_the_message_is_the_one_on_file(name: str) -> None:
    """To change a message: delete its file, run this, and look at the new one in Slack's Block Kit Builder."""
    rendered = render_slack(MESSAGES[name], NAMES)
    path = GOLDEN / f"{name}.json"
    if not path.exists():
        path.write_text(json.dumps(rendered, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        pytest.fail(f"{path.name} was missing and has been written: read it, and keep it if it is right")
    assert rendered == json.loads(path.read_text(encoding="utf-8"))
    assert_inert_and_within_limits(rendered)


def test_a_desk_sees_who_moved_from_where_to_where_since_when_and_how_surely() -> None:
    said = "\n".join(texts(render_slack(tell(pending()), NAMES)))
    for part in ("Ruritania", "against → favor", "2 May 2024", "93 %", "pending", "if the guns fall silent first"):
        assert part in said


def test_at_most_three_quotes_each_with_speaker_outlet_date_and_link() -> None:
    message = render_slack(tell(pending()), NAMES)
    quotes = [text for text in texts(message) if text.startswith("“")]
    links = [text for text in texts(message) if text.startswith("<http")]
    assert len(quotes) == len(links) == 3
    assert quotes[0] == f"“{pending().evidence[0].quote}”"
    assert links[0] == "<https://news.example/2024/talks?id=7|Example Wire>"
    assert "A fourth quote" not in "".join(quotes)


def test_the_same_words_in_two_outlets_are_one_quote() -> None:
    copies = (evidence(outlet="One"), evidence(outlet="Two"))
    said = texts(render_slack(tell(alert(quotes=copies)), NAMES))
    assert len([text for text in said if text.startswith("“")]) == 1


def test_each_article_speaks_before_one_speaks_twice() -> None:
    found = (evidence("One."), evidence("Two."), evidence("Three.", article="a2"), evidence("Four.", article="a3"))
    said = texts(render_slack(tell(alert(quotes=found)), NAMES))
    assert [text for text in said if text.startswith("“")] == ["“One.”", "“Three.”", "“Four.”"]


def test_a_retracted_alert_that_was_never_told_says_so() -> None:
    said = "\n".join(texts(render_slack(MESSAGES["digest"], NAMES)))
    assert "It ended before it could be told: pending on 3 May 2024, 13:00 UTC" in said


def test_hostile_text_is_inert() -> None:
    hostile = evidence(
        HOSTILE + "\n\x00\u202e<!here>", outlet="<!channel>|x", url="javascript:alert(1)", speaker="<@U1>"
    )
    message = render_slack(tell(alert(actor="<!everyone>", speaker="<@U2>", quotes=(hostile,))), NAMES)
    assert_inert_and_within_limits(message)
    raw = json.dumps(message)
    assert "<" not in raw
    assert "&lt;!channel&gt; &amp; &lt;@U1&gt;" in raw


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://news.example/a?b=1&c=ü", "https://news.example/a?b=1&c=%C3%BC"),
        ("https://news.example/a|b>c<d e\nf", "https://news.example/a%7Cb%3Ec%3Cd%20e%0Af"),
        ("https://news.example/%41%7C", "https://news.example/%41%7C"),
        ("HTTP://News.Example/", "HTTP://News.Example/"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//news.example/a", None),
        ("https://", None),
        ("https://[broken", None),
        ("ftp://news.example/a", None),
        ("https://news.example/" + "a" * 3000, None),
        ("", None),
    ],
)
def test_only_web_addresses_become_links(url: str, link: str | None) -> None:
    assert safe_link(url) == link


def test_a_source_without_a_usable_link_still_names_its_outlet() -> None:
    message = render_slack(tell(alert(quotes=(evidence(url="javascript:alert(1)"),))), NAMES)
    assert "Example Wire" in texts(message)


@given(st.text(), st.integers(10, 200))
def test_escaped_text_has_no_markup_no_controls_and_fits(text: str, limit: int) -> None:
    escaped = escape(text, limit)
    assert len(escaped) <= limit
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", escaped)
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or char in BIDI for char in escaped)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_no_link_can_end_early(path: str) -> None:
    link = safe_link("https://news.example/" + path)
    assert link is None or re.fullmatch(r"[!-~]+", link)
    assert link is None or not set(link) & set('<>|"` \n')


@given(
    st.builds(
        evidence,
        st.text(min_size=1, max_size=4000),
        outlet=st.text(max_size=300),
        url=st.one_of(st.text(max_size=50), st.text(max_size=2000).map("https://news.example/".__add__)),
        speaker=st.text(min_size=1, max_size=200),
        condition=st.none() | st.text(max_size=3000),
    ),
    st.integers(1, DIGEST_MOST),
)
def test_any_evidence_makes_a_message_that_slack_takes(found: Evidence, stories: int) -> None:
    state = alert(quotes=(found,))
    assert_inert_and_within_limits(render_slack(tell(state), NAMES))
    digest = Tell((Story(owed(state), (owed(state),)),) * stories, "late", digest="digest.x")
    assert_inert_and_within_limits(render_slack(digest, NAMES))


@given(st.text(max_size=200))
def test_a_quote_without_control_characters_is_shown_word_for_word(quote: str) -> None:
    shown = escape(f"“{quote}”", 3000).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    printable = "".join(char for char in quote if char.isprintable() or char.isspace())
    if printable == quote and not BIDI & set(quote):
        assert shown.split() == f"“{quote}”".split()
