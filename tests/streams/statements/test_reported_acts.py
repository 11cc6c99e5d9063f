"""Acts that stand in a journey's purpose or in a participle, and words that an outlet relays. All are invented."""

import pytest

from tests.streams.statements.sample import statements, voices

WAR = "War in Ukraine"


@pytest.mark.parametrize(
    ("headline", "actor"),
    [
        ("Macron visits Moscow to push for a ceasefire", "france"),
        ("Orban flies to Kyiv to urge Zelensky to accept a truce", "hungary"),
        ("Zelensky heads to Ankara in new bid to revive talks", "ukraine"),
        ("Erdogan to travel to Moscow to mediate truce", "turkey"),
        ("Macron in Moscow to push for ceasefire", "france"),
    ],
)
def test_a_journey_with_a_purpose_is_an_act(headline: str, actor: str) -> None:
    assert {found for found, _ in voices(headline)} == {actor}


@pytest.mark.parametrize(
    "headline",
    [
        "Macron visits Moscow to meet Putin",
        "Macron visits Moscow as calls for truce grow",
        "Macron travels to Tehran for final touches on a deal to end war",
        "Macron flies to Kyiv with plan to end war",
        "Macron may travel to Moscow to push for a ceasefire",
        "Macron under pressure to accept truce",
        "Macron flies home, leaving envoys to press for truce",
    ],
)
def test_a_journey_alone_is_none(headline: str) -> None:
    assert "france" not in {actor for actor, _ in voices(headline)}


@pytest.mark.parametrize(
    "text",
    [
        "Rejecting Putin's offer of a truce, Zelensky visited the front near Kharkiv.",
        "Zelensky met envoys in Paris, rejecting every truce with Russia.",
        "Calling for talks with Russia, Zelensky flew to Ankara.",
    ],
)
def test_what_a_participle_says_is_its_subjects_act(text: str) -> None:
    assert "ukraine" in {actor for actor, _ in voices(WAR, text)}


def test_a_participle_behind_somebody_else_is_not_the_first_ones() -> None:
    text = "Macron met Putin, who left for Minsk, rejecting a truce."
    assert "france" not in {actor for actor, _ in voices(WAR, text)}


def test_a_participle_does_not_take_the_floor_from_what_is_said() -> None:
    text = "Speaking in Paris, Zelensky said talks with Russia must begin. “A truce must come first.”"
    assert [one.quote for one in statements(WAR, text)] == [text]


@pytest.mark.parametrize(
    ("text", "speaker", "outlet"),
    [
        ("Talks with Kyiv are over, Dmitry Peskov was quoted as saying by TASS.", "Dmitry Peskov", "TASS"),
        ("Lavrov was quoted by Interfax as saying that talks with Kyiv are over.", "Lavrov", "Interfax"),
        ("“No talks,” Lavrov was quoted by state agency TASS as saying on Friday.", "Lavrov", "state agency TASS"),
        ("Peskov, the Kremlin spokesman, was quoted as saying that talks with Kyiv go on.", "Peskov", None),
        ("Lavrov has been quoted as saying that talks with Kyiv go on.", "Lavrov", None),
    ],
)  # fmt: skip
def test_an_outlet_that_quotes_somebody_only_passes_it_on(text: str, speaker: str, outlet: str | None) -> None:
    (only,) = statements(WAR, text)
    assert (only.actor, only.speaker, only.reported_by) == ("russia", speaker, outlet)


def test_a_stranger_who_was_quoted_is_no_actor() -> None:
    assert voices(WAR, "A Lviv baker was quoted by Interfax as saying that Moscow rejects talks.") == set()


@pytest.mark.parametrize(
    ("headline", "actor"),
    [
        ("Moscow to return to talks, four Russian sources say", "russia"),
        ("Putin ready to halt war, three senior Russian officials say", "russia"),
        ("Four Ukrainian officials say Kyiv wants truce", "ukraine"),
    ],
)
def test_sources_of_a_state_speak_for_it_unnamed(headline: str, actor: str) -> None:
    (only,) = statements(headline)
    assert (only.actor, only.capacity) == (actor, "unnamed")
