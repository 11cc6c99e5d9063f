"""Leaders of a region are one speaker in no office; organisations and their meetings are actors. All are invented."""

import pytest

from tests.streams.statements.sample import statements, voices


@pytest.mark.parametrize(
    ("headline", "speaker"),
    [
        ("Nordic and Baltic leaders call for truce in Ukraine", "Nordic and Baltic leaders"),
        ("Baltic states urge allies to refuse talks with Putin", "Baltic states"),
        ("European leaders reject Russian truce offer", "European leaders"),
        ("Europe urges Putin to agree to ceasefire", "Europe"),
        ("Four European leaders travel to Kyiv to press Putin for truce", "European leaders"),
        ("European capitals back truce in Ukraine", "European capitals"),
    ],
)
def test_a_group_is_one_speaker_in_no_office(headline: str, speaker: str) -> None:
    (only,) = statements(headline)
    assert (only.speaker, only.capacity) == (speaker, "other")
    assert only.quote[only.speaker_start : only.speaker_end] == speaker


@pytest.mark.parametrize(
    ("headline", "actor"),
    [
        ("EU leaders urge Putin to agree to ceasefire", "european-union"),
        ("G7 leaders call on Putin to agree to ceasefire", "g7"),
        ("Brics summit calls for dialogue on Ukraine", "brics"),
        ("NATO summit backs truce in Ukraine", "nato"),
    ],
)
def test_an_organisation_is_an_actor_in_office(headline: str, actor: str) -> None:
    (only,) = statements(headline)
    assert only.actor == actor
    assert only.capacity in {"leader", "government"}


def test_a_state_beside_a_group_speaks_for_itself() -> None:
    found = {one.actor: one.capacity for one in statements("European and American leaders call for truce in Ukraine")}
    assert found == {"europe": "other", "united-states": "leader"}


def test_leaders_who_are_named_speak_for_their_states() -> None:
    headline = "Kyiv visit: Starmer, Macron and Merz demand 30-day ceasefire"
    assert {actor for actor, _ in voices(headline)} == {"united-kingdom", "france", "germany"}


@pytest.mark.parametrize(
    ("headline", "actors"),
    [
        ("Ukraine: Zelensky rejects truce", {"ukraine"}),
        ("Ukraine: European leaders react to truce offer", set()),
        ("Ukraine: Moscow must end the war, Zelensky says", {"ukraine"}),
        ("Ukraine: no talks before a truce", {"ukraine"}),
    ],
)
def test_a_country_before_a_colon_is_a_heading_where_somebody_acts_behind_it(headline: str, actors: set[str]) -> None:
    assert {actor for actor, _ in voices(headline)} == actors
