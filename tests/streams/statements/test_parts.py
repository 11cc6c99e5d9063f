"""A sentence of two voices: each has its own part as its quote. All sentences here are invented."""

import pytest

from tests.streams.statements.sample import article, statements

CUT = [
    (
        "Zelensky open to talks as Kremlin rejects truce",
        {"ukraine": "Zelensky open to talks", "russia": "Kremlin rejects truce"},
    ),
    (
        "Putin refuses ceasefire; Macron calls for talks",
        {"russia": "Putin refuses ceasefire", "france": "Macron calls for talks"},
    ),
    (
        "Kyiv hits oil port after Putin rejects talks",
        {"russia": "Putin rejects talks", "ukraine": "Kyiv hits oil port"},
    ),
    (
        "Paris and Berlin press for truce, but Moscow dismisses it",
        {"france": "Paris and Berlin press for truce", "russia": "Moscow dismisses it"},
    ),
]


@pytest.mark.parametrize(("headline", "parts"), CUT)
def test_each_voice_has_its_own_clause(headline: str, parts: dict[str, str]) -> None:
    found = {one.actor: one.quote for one in statements(headline)}
    assert found.items() >= parts.items()


def test_a_clause_in_front_is_its_own_speakers() -> None:
    text = "After Macron called for a negotiated settlement in Ukraine, American officials said Moscow must lose."
    found = {one.actor: one.quote for one in statements("War in Ukraine", text)}
    assert found == {
        "france": "After Macron called for a negotiated settlement in Ukraine",
        "united-states": "American officials said Moscow must lose.",
    }


@pytest.mark.parametrize(
    "headline",
    [
        "Putin says Zelensky must accept truce as Moscow advances",
        "Moscow ready for talks, but Kyiv must withdraw first",
        "Macron and Merz call for truce as France and Germany meet",
        "Kyiv refuses truce and Zelensky vows to fight on",
        "Truce must come first, says Macron",
        "Rubio: no talks now; Kyiv must decide",
    ],
)
def test_one_voice_keeps_all_its_words(headline: str) -> None:
    assert {one.quote for one in statements(headline)} == {headline}


def test_a_comment_without_content_is_no_part() -> None:
    text = "Moscow wants talks on Ukraine, as Lavrov admitted on Friday."
    assert text in {one.quote for one in statements("War in Ukraine", text)}


def test_the_name_stands_where_the_part_says() -> None:
    one = article("Zelensky open to talks as Kremlin rejects truce")
    for each in statements(one.title):
        assert each.quote[each.speaker_start : each.speaker_end] == each.speaker
        assert one.body[each.start : each.end] == each.quote


def test_the_year_of_the_sentence_holds_for_each_part() -> None:
    text = "In March 2022 Zelensky offered neutrality for peace, while Putin rejected a truce."
    assert {(one.actor, one.old) for one in statements("War in Ukraine", text)} == {("ukraine", True), ("russia", True)}


def test_a_condition_stays_with_its_own_clause() -> None:
    headline = "Kyiv backs truce as Moscow offers it only after withdrawal"
    found = {one.actor: one.condition for one in statements(headline)}
    assert found == {"ukraine": None, "russia": "only after withdrawal"}


def test_a_quotation_behind_two_voices_is_given_to_neither() -> None:
    text = "Zelensky called for a truce, but Lavrov said talks were over. “We will end this war.”"
    assert not any("end this war" in one.quote for one in statements("War in Ukraine", text))
