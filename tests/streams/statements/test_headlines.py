"""Headline forms: who speaks, in whose name, and what is nobody's."""

import pytest

from tests.streams.statements.sample import statements, voices

FORMS = [
    ("Zelensky: no peace without guarantees", {("ukraine", "Zelensky")}),
    ("'No peace without guarantees': Zelensky", {("ukraine", "Zelensky")}),
    ("Talks are possible only in Istanbul — Kremlin", {("russia", "Kremlin")}),
    ("Talks are possible only in Istanbul - Kremlin", {("russia", "Kremlin")}),
    ("Switzerland ready to host talks on Ukraine — Foreign Ministry", {("switzerland", "Foreign Ministry")}),
    ("Kremlin says talks will go on", {("russia", "Kremlin")}),
    ("Macron vows to press on with peace talks", {("france", "Macron")}),
    ("White House warns against rushed deal", {("united-states", "White House")}),
    ("Macron calls for truce", {("france", "Macron")}),
    ("Kyiv rejects freeze of the front", {("ukraine", "Kyiv")}),
    ("Talks will go on, says Kremlin", {("russia", "Kremlin")}),
    ("Talks will go on, Kremlin says", {("russia", "Kremlin")}),
    ("Come to the table, Macron tells Putin", {("france", "Macron")}),
    ("Putin to Macron: no truce before spring", {("russia", "Putin")}),
    ("Zelensky open to talks as Kremlin rejects truce", {("ukraine", "Zelensky"), ("russia", "Kremlin")}),
    ("Kremlin says no to truce; Zelensky asks for a summit", {("russia", "Kremlin"), ("ukraine", "Zelensky")}),
    ("Macron and Zelensky urge immediate ceasefire", {("france", "Macron"), ("ukraine", "Zelensky")}),
    ("Truce offer rejected by Moscow", {("russia", "Moscow")}),
    ("Kyiv not ready for talks", {("ukraine", "Kyiv")}),
    ("Zelensky rejects Putin's proposal to meet", {("ukraine", "Zelensky"), ("russia", "Putin")}),
    ("14:20 Kremlin says it waits for an answer on truce", {("russia", "Kremlin")}),
    ("Ukraine war live: Zelensky says he is ready for talks", {("ukraine", "Zelensky")}),
    ("Zelensky says talks must go on - ABC News", {("ukraine", "Zelensky")}),
    ("French president calls for talks", {("france", "French president")}),
    ("France's Macron calls for talks", {("france", "Macron")}),
    ("US officials expect truce by spring", {("united-states", "US officials")}),
    ("Moscow will not extend the truce, foreign ministry says", {("russia", "foreign ministry")}),
    ("Zelensky Says Russia Must Come to Table", {("ukraine", "Zelensky")}),
]
NOBODY = [
    "Ukraine peace talks: what we know",
    "Russia sanctions: a timeline",
    "Talks on ending the war resume in Geneva",
    "Zelensky's peace plan explained",
    "Oil falls on hopes of Ukraine truce",
    "Trump-Putin summit: five questions",
    "Who wants peace in Ukraine?",
]


@pytest.mark.parametrize(("headline", "expected"), FORMS, ids=[headline for headline, _ in FORMS])
def test_the_speakers_of_a_headline(headline: str, expected: set[tuple[str, str]]) -> None:
    assert voices(headline) == expected


@pytest.mark.parametrize("headline", NOBODY)
def test_a_headline_in_which_nobody_speaks(headline: str) -> None:
    assert voices(headline) == set()


def test_two_actors_in_one_clause_share_it_and_each_has_its_own_span() -> None:
    first, second = statements("Zelensky and Kremlin reject truce")
    assert first.quote == second.quote
    assert first.quote[first.speaker_start : first.speaker_end] == "Zelensky"
    assert second.quote[second.speaker_start : second.speaker_end] == "Kremlin"


def test_a_source_without_a_country_speaks_for_the_one_it_speaks_of_unnamed() -> None:
    (only,) = statements("Ukraine offers Russia truce at sea, source says")
    assert (only.actor, only.capacity, only.reported_by) == ("ukraine", "unnamed", "source")


def test_a_paper_only_passes_on_what_an_actor_does() -> None:
    (only,) = statements("Kyiv rejects American plan, FT reports")
    assert (only.actor, only.capacity, only.reported_by) == ("ukraine", "government", "FT")


def test_an_anonymous_official_is_unnamed() -> None:
    (only,) = statements("Russia wants no truce, US official says")
    assert (only.actor, only.capacity) == ("united-states", "unnamed")


def test_an_office_is_that_of_the_day() -> None:
    assert {one.actor for one in statements("Kallas calls for pressure on Moscow", date="2023-05-01")} == {"estonia"}
    assert {one.actor for one in statements("Kallas calls for pressure on Moscow", date="2025-05-01")} == {
        "european-union"
    }


def test_an_act_that_may_happen_is_no_act() -> None:
    assert not voices("Kremlin may accept truce")
    assert not voices("Kyiv expected to reject plan")
