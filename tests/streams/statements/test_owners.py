"""Whose ministry "foreign ministry says" is."""

import msgspec
import pytest

from streams.statements import find_statements
from tests.streams.statements.sample import article, catalogue


def actors(headline: str, outlet: str = "Sample") -> set[str]:
    one = msgspec.structs.replace(article(headline), outlet=outlet)
    return {each.actor for each in find_statements(one, catalogue())}


@pytest.mark.parametrize(
    ("headline", "actor"),
    [
        ("Moscow will send a delegation to the talks, deputy foreign minister says", "russia"),
        ("Kyiv ready for talks without conditions, presidential office says", "ukraine"),
        ("Switzerland ready to host talks on Ukraine — Foreign Ministry", "switzerland"),
        ("Berlin open to a European envoy, its spokesman says", "germany"),
    ],
)
def test_an_office_without_a_country_is_that_of_the_state_that_acts(headline: str, actor: str) -> None:
    assert actors(headline) == {actor}


@pytest.mark.parametrize(
    "headline",
    [
        "Russia must accept talks, foreign minister says",
        "Kyiv should seek a truce, senator says",
        "Moscow rejects every truce, defence minister says",
    ],
)
def test_a_claim_about_a_state_is_not_that_states_own(headline: str) -> None:
    assert actors(headline) == set()


def test_in_a_states_press_a_ministry_without_a_country_is_its_own() -> None:
    headline = "Kiev rejects all proposals on talks — Foreign Ministry"
    assert actors(headline, "TASS") == {"russia"}
