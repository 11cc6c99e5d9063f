"""The seed documents: the statements that are in them are found, each with the right voice."""

from importlib.resources import files

import pytest

from streams.records import Statement
from tests.streams.statements.sample import statements

DATES = {"000": "2022-06-13", "001": "2022-11-20", "002": "2024-06-20", "003": "2025-02-24"}


def seed(number: str) -> tuple[Statement, ...]:
    folder = files("models.corpus").joinpath("seeds")
    (name,) = (entry.name for entry in folder.iterdir() if entry.name.startswith(number))
    return statements("", folder.joinpath(name).read_text(encoding="utf-8"), DATES[number])


# Words of the quote, the actor, the speaker and the capacity.
EXPECTED = [
    ("000", "Putin must lose in Ukraine", "united-kingdom", "Liz Truss", "government"),
    ("000", "strategic defeat for Russia", "united-states", "Smith", "government"),
    ("000", "defeat of Russia", "united-states", "Julieanne Smith", "government"),
    ("000", "around the table", "france", "Macron", "leader"),
    ("000", "pushing for a diplomatic", "germany", "Germany", "government"),
    ("000", "pushing for a diplomatic", "italy", "Italy", "government"),
    ("000", "pushing for a diplomatic", "france", "Paris", "government"),
    ("000", "Russia must lose", "united-kingdom", "British officials", "unnamed"),
    ("001", "stronger position to start negotiations", "united-states", "Mark Milley", "military"),
    ("001", "seize it", "united-states", "Milley", "military"),
    ("001", "pressure Kyiv into holding negotiations", "united-states", "John Kirby", "government"),
    ("001", "Immoral compromises", "ukraine", "Zelensky", "leader"),
    ("001", "decisively defeat", "expert", "Frederick Kagan", "expert"),
    ("001", "accelerate the Ukrainian victory", "expert", "Frederick Kagan", "expert"),
    ("001", "there is a diplomatic route", "expert", "Charles Kupchan", "expert"),
    ("002", "interest in negotiation", "russia", "Vladimir Putin", "leader"),
    ("002", "escalated the fighting", "united-states", "Biden administration", "government"),
    ("002", "refused to consider negotiation", "ukraine", "Kyiv", "government"),
    ("002", "interest\u00a0in holding talks", "russia", "Putin", "leader"),
    ("003", "positioning Britain as a mediator", "united-kingdom", "Starmer", "leader"),
]


@pytest.mark.parametrize(("number", "words", "actor", "speaker", "capacity"), EXPECTED)
def test_a_seed_says_who_says_what(number: str, words: str, actor: str, speaker: str, capacity: str) -> None:
    found = [one for one in seed(number) if words in one.quote]
    assert (actor, speaker, capacity) in {(one.actor, one.speaker, one.capacity) for one in found}


def test_restated_words_of_2022_are_old() -> None:
    (only,) = (one for one in seed("002") if "nuclear-free status" in one.quote)
    assert only.actor == "ukraine"
    assert only.old


def test_nobody_speaks_for_the_ukrainian_side_in_a_scholars_sentence() -> None:
    about = [one for one in seed("001") if "gets a little heated" in one.quote]
    assert {one.actor for one in about} <= {"expert"}
