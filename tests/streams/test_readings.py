"""Statements and stances meet: one reading for each statement, once."""

import pytest

from streams.readings import make_readings
from streams.records import Probabilities, reading_id
from tests.streams.statements.sample import article, statements

HEADLINE = "Zelensky open to talks as Kremlin rejects truce"
FAVOR = Probabilities(favor=0.8, against=0.1, neither=0.1)
AGAINST = Probabilities(favor=0.1, against=0.8, neither=0.1)


def test_each_statement_becomes_a_reading_with_its_own_stance() -> None:
    found = statements(HEADLINE)
    readings = make_readings(article(HEADLINE), found, [FAVOR, AGAINST], "m1")
    assert [(one.actor, one.probabilities.label) for one in readings] == [("ukraine", "favor"), ("russia", "against")]
    assert [one.id for one in readings] == [reading_id("a", 0, statement) for statement in found]
    assert {(one.model, one.title, one.article) for one in readings} == {("m1", HEADLINE, "a")}


def test_the_same_words_of_the_same_speaker_count_once() -> None:
    first, second = statements(HEADLINE)
    readings = make_readings(article(HEADLINE), [first, first, second], [FAVOR, FAVOR, AGAINST], "m1")
    assert [one.actor for one in readings] == ["ukraine", "russia"]


def test_a_stance_too_few_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        make_readings(article(HEADLINE), statements(HEADLINE), [FAVOR], "m1")
