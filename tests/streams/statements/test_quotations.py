"""Quotations that run over sentences and paragraphs: whose they are, and when they are nobody's. All are invented."""

import pytest

from tests.streams.statements.sample import statements

WAR = "War in Ukraine"


def said(text: str) -> dict[str, str]:
    """What each actor says, all quotes joined."""
    found: dict[str, str] = {}
    for one in statements(WAR, text):
        found[one.actor] = f"{found[one.actor]} {one.quote}" if one.actor in found else one.quote
    return found


MARKS = [("“", "”"), ('"', '"')]


@pytest.mark.parametrize(("opens", "closes"), MARKS)
def test_a_quotation_goes_on_over_paragraphs_that_open_with_its_mark(opens: str, closes: str) -> None:
    text = (
        f"Zelensky told reporters: {opens}We want talks with Russia. We are ready.\n\n"
        f"{opens}Our teams will meet to end the war. They will not go alone.\n\n"
        f"{opens}A truce must come first.{closes}\n\nThe war goes on."
    )
    found = said(text)
    assert found.keys() == {"ukraine"}
    assert all(words in found["ukraine"] for words in ("We are ready", "not go alone", "A truce must come first"))


@pytest.mark.parametrize(("opens", "closes"), MARKS)
def test_a_quotation_that_begins_without_a_name_waits_for_it(opens: str, closes: str) -> None:
    text = (
        "Putin said that talks were pointless.\n\n"
        f"{opens}Talks with Russia must resume. The war must end at the table.\n\n"
        f"{opens}We are ready for a truce,{closes} Macron said."
    )
    found = said(text)
    assert found["russia"] == "Putin said that talks were pointless."
    assert "must resume" in found["france"]
    assert "ready for a truce" in found["france"]


def test_a_quotation_that_a_stranger_ends_is_nobodys() -> None:
    text = (
        "Putin said that talks were pointless.\n\n“Talks with Russia must resume.\n\n"
        "“We are ready for a truce,” said a baker in Lviv."
    )
    assert said(text) == {"russia": "Putin said that talks were pointless."}


def test_a_quotation_of_paragraphs_without_any_name_is_the_speakers_before_it() -> None:
    text = "Macron met both.\n\nHe said this:\n\n“Talks must resume.\n\n“A truce with Russia comes first.”"
    assert "comes first" in said(text)["france"]


def test_a_mark_that_never_closes_swallows_no_paragraph() -> None:
    text = "Zelensky said: “We want talks with Russia.\n\nMacron said that a truce must come first."
    assert "truce" in said(text)["france"]
    assert "truce" not in said(text)["ukraine"]


def test_a_quotation_broken_by_its_attribution_is_one_statement() -> None:
    text = "“Ukraine is ready for talks,” Zelensky said. “We shall sit down with Russia when it stops.”"
    (only,) = statements(WAR, text)
    assert only.quote == text
