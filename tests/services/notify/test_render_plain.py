"""What the terminal and the webhook are sent."""

import json
import unicodedata
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notify.message import Story, Tell
from services.notify.render.terminal import WIDTH, render_lines, render_text
from services.notify.render.webhook import render_webhook
from services.notify.render.wording import name, percent
from streams.topics import decode_alert, encode
from tests.services.notify.samples import NAMES, NOON, alert, evidence, owed, tell


def test_the_terminal_shows_an_alert_as_a_block() -> None:
    confirmed = alert(revision=1, status="confirmed", at=NOON + timedelta(hours=5))
    text = render_text(tell(alert(), confirmed), NAMES)
    for part in (
        "Shift confirmed: Ruritania, against → favor",
        "93 %",
        "Jane Doe, Example Wire, 3 May 2024",
        "https://",
    ):
        assert part in text
    assert "Before this, without a message: pending on 3 May 2024, 13:00 UTC." in text


def test_what_one_piece_of_news_raised_and_confirmed_has_no_history() -> None:
    text = render_text(tell(alert(), alert(revision=1, status="confirmed")), NAMES)
    assert "Shift confirmed" in text
    assert "Before this" not in text


@given(st.text(max_size=500), st.text(max_size=50))
def test_no_control_character_reaches_the_terminal(quote: str, outlet: str) -> None:
    text = render_text(tell(alert(quotes=(evidence(quote, outlet=outlet, url="https://x.example/\x1b[2J"),))), NAMES)
    assert not any(unicodedata.category(char) == "Cc" for char in text.replace("\n", ""))


@given(st.lists(st.text(alphabet=st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=20)))
def test_lines_are_at_most_a_hundred_wide(words: list[str]) -> None:
    text = render_text(tell(alert(quotes=(evidence(" ".join(words) or "."),))), NAMES)
    assert max(map(len, text.splitlines())) <= WIDTH


def test_json_lines_are_the_records_themselves() -> None:
    states = (alert(), alert(revision=1, status="confirmed"))
    digest = Tell(tuple(Story(owed(state)) for state in states), "late", digest="digest.x")
    lines = render_lines(digest).splitlines()
    assert tuple(decode_alert(line.encode()) for line in lines) == states
    assert {"id", "actor", "speaker", "before", "after", "since", "at", "probability", "status", "evidence"} <= set(
        json.loads(lines[0])
    )


def test_a_webhooks_id_is_the_alert_and_its_revision() -> None:
    first, second = (render_webhook(tell(alert(revision=revision))) for revision in (0, 1))
    assert (first.id, second.id) == ("0123456789abcdef.0", "0123456789abcdef.1")


def test_a_webhooks_body_names_its_type_and_carries_the_record() -> None:
    state = alert(status="retracted", revision=2)
    body = json.loads(render_webhook(tell(state)).body)
    assert body["type"] == "alert.retracted"
    assert body["timestamp"] == "2024-05-03T13:00:00Z"
    assert body["data"] == json.loads(encode(state))


def test_a_digest_event_holds_every_state_under_its_own_id() -> None:
    states = (alert("a"), alert("b"), alert("b", 1, "retracted"))
    event = render_webhook(Tell(tuple(Story(owed(state)) for state in states), "late", digest="digest.x"))
    body = json.loads(event.body)
    assert (event.id, body["type"], body["data"]["id"]) == ("digest.x", "alert.digest", "digest.x")
    assert [(part["id"], part["revision"]) for part in body["data"]["alerts"]] == [("a", 0), ("b", 0), ("b", 1)]


def test_probabilities_claim_no_certainty() -> None:
    assert [percent(share) for share in (0.0, 0.5, 0.934, 0.9951, 1.0)] == [
        "under 1 %",
        "50 %",
        "93 %",
        "over 99 %",
        "over 99 %",
    ]


def test_ids_without_a_catalogue_name_are_still_readable() -> None:
    assert [name(id, NAMES) for id in ("ruritania", "united-states", "nato", "Olaf Scholz")] == [
        "Ruritania",
        "United States",
        "NATO",
        "Olaf Scholz",
    ]
