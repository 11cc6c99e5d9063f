"""Claims about another actor are told from stances; the headlines are invented."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.corpus.rows import read_corpus
from streams.catalogue import read_catalogue
from streams.statements.claims import find_claim
from tests.streams.statements.sample import statements

CATALOGUE = read_catalogue()
TODAY = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("text", "actor", "about"),
    [
        ("Russia will refuse every truce, Baerbock's ministry says", "germany", "russia"),
        ("Kiev rejects all peace initiatives — Russian Foreign Ministry", "russia", "ukraine"),
        ("EU wants to derail the talks — Kremlin", "russia", "european-union"),
        ("Rubio says Putin wants a peace deal", "united-states", "russia"),
        ("Ukraine could bring Moscow to the table by autumn, Rubio says", "united-states", "ukraine"),
        ("Kremlin: Ukraine is still not ready for peace talks", "russia", "ukraine"),
        ("Macron said that Russia shows no interest in a ceasefire", "france", "russia"),
        ("Russia has no interest in a truce, the German chancellor told the Bundestag", "germany", "russia"),
        ("Ukraine has rejected the truce proposal, as Rutte admitted", "nato", "ukraine"),
        ("Kremlin rules out ceasefire, Zelensky's office says", "ukraine", "russia"),
        ('Sybiha says "Moscow does not want peace"', "ukraine", "russia"),
    ],
)
def test_what_is_said_of_another_is_a_claim(text: str, actor: str, about: str) -> None:
    found = {one.actor: one.claim_about for one in statements(text)}
    assert found == {actor: about}


@pytest.mark.parametrize(
    "text",
    [
        # Demands: the other's doing is what the speaker wants.
        "Russia must accept a ceasefire, Macron says",
        "Rubio says Ukraine should agree to talks",
        "Putin needs to come to the table, Starmer says",
        "Trump says Russia has ten days to agree to a truce",
        # Of oneself.
        "Ukraine will not talk under fire, Zelensky says",
        "Zelensky says Ukraine is ready for talks",
        "White House says Trump wants a ceasefire",
        # A second clause may be the speaker's own.
        "Russia does not want peace, so talks are pointless, Sybiha says",
        "Rubio says Russia is stalling and talks should go on",
        # The other's deed, and the speaker's answer to it.
        "Turkey offers to host talks, Kremlin says no",
        # What is given, and how the war is to end.
        "Ukraine will get the weapons to win, Kallas says",
        "Medvedev says Ukraine will capitulate",
        # An offer of the other's is a thing, not its doing.
        "Putin's offer is unacceptable, Sybiha says",
        # What one is called, or what is done to one, may be the speaker's own view or doing.
        "Putin is welcome in Ankara for talks at any hour, Erdogan says",
        "Macron is right to ask for a truce, Tusk says",
        "Ukraine has been offered new talks for Monday, Lavrov says",
        "Moscow will be punished if it turns the truce down, Barrot says",
        "Ukraine is a country with which there is nothing to talk about, Lavrov says",
        # One may belong to the other.
        "NATO will not send troops, Macron says",
    ],
)
def test_what_may_be_a_stance_is_no_claim(text: str) -> None:
    found = statements(text)
    assert found
    assert [one.claim_about for one in found] == [None] * len(found)


def test_who_held_an_office_on_the_day_decides_whether_it_is_another() -> None:
    text = "White House says Biden is ready for talks with Moscow"
    assert [one.claim_about for one in statements(text, date="2023-06-01") if one.actor == "united-states"] == [None]


def test_every_claim_in_the_corpus_is_labelled_neither() -> None:
    found = [
        row
        for row in read_corpus()
        if row.span and find_claim(row.text, row.span, row.actor, CATALOGUE.find_mentions(row.text, TODAY))
    ]
    assert len(found) >= 90
    assert [row.text for row in found if row.label != "neither"] == []


@given(st.text(max_size=400), st.integers(0, 400), st.integers(0, 40))
def test_any_text_is_read(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    speaker = (start, min(start + length, len(text)))
    mentions = CATALOGUE.find_mentions(text, TODAY)
    assert find_claim(text, speaker, "russia", mentions) in {None, *(mention.actor for mention in mentions)} - {
        "russia"
    }
