"""Condition, scope, terms and age of a statement."""

from datetime import date

import pytest

from streams.statements.marks import find_condition, find_scope, find_terms, is_old
from tests.streams.statements.sample import statements

TODAY = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("Moscow is ready for talks only after Kyiv has withdrawn, Peskov said.", "only after Kyiv has withdrawn"),
        ("We can meet if there is something to sign", "if there is something to sign"),
        ("Kyiv will talk provided that the shelling stops", "provided that the shelling stops"),
        ("No talks unless the U.S. guarantees them, he said", "unless the U.S. guarantees them"),
        ("He was asked if talks would go on", None),
        ("Even if it takes years, talks will be needed", None),
        ("Talks should begin", None),
        ("We will stand by Ukraine as long as it takes", None),
        ("An official said on condition of anonymity that talks were near", None),
        ("Putin agrees to a truce on condition of a pause in deliveries", "on condition of a pause in deliveries"),
        ("Moscow will talk as long as it is heard", "as long as it is heard"),
        ("No talks until Kyiv has withdrawn", "until Kyiv has withdrawn"),
        ("Ankara will go on mediating until there is a truce", None),
    ],
)
def test_the_words_of_the_condition_are_kept(text: str, condition: str | None) -> None:
    assert find_condition(text) == condition


@pytest.mark.parametrize("text", ["an Easter truce", "a halt to strikes on energy sites", "a 30-hour ceasefire"])
def test_a_truce_of_one_kind_is_limited(text: str) -> None:
    assert find_scope(f"Putin offers {text}") == "limited"


@pytest.mark.parametrize(
    "text",
    [
        "an unconditional ceasefire",
        "peace talks",
        "a truce along the whole front",
        "a general ceasefire and humanitarian corridors",
        "an Easter truce and then a peace agreement",
    ],
)
def test_a_whole_truce_is_not_limited(text: str) -> None:
    assert find_scope(f"Putin offers {text}") is None


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Zelensky says Ukraine will never cede its territory", "firm"),
        ("Moscow demands that Kyiv withdraw its troops", "demand"),
        ("Kyiv rejects the American plan", "rejected"),
        ("Kyiv is ready for talks", None),
    ],
)
def test_terms_are_told_apart(text: str, terms: str | None) -> None:
    assert find_terms(text) == terms


@pytest.mark.parametrize(
    ("text", "old"),
    [
        ("In March 2022 he had been ready for neutrality.", True),
        ("Two years ago Zelensky said he was open to talks.", True),
        ("Zelensky said in May 2025 that he was open to talks.", False),
        ("Zelensky says he wants talks in 2024 terms.", False),
        ("Zelensky said he was open to talks.", False),
        ("The draft that was agreed in Istanbul two years ago can be the basis of talks, Peskov said.", False),
        ("The agreements of 2022 should be the basis of talks, Peskov said.", False),
        ("Kyiv has rejected talks since 2022, Lavrov said.", False),
        ("Talks broken off in 2022 should resume, Lavrov said.", False),
        ("In May of 2022 Zelensky ruled out talks.", True),
        ("On March 5, 2023 Lavrov said that talks were pointless.", True),
    ],
)
def test_an_earlier_years_words_are_old(text: str, old: bool) -> None:
    assert is_old(text, TODAY) is old


def test_a_year_inside_the_quotation_does_not_make_it_old() -> None:
    (only,) = statements("War in Ukraine", "“The talks of 2022 in Istanbul ended in nothing,” Zelensky said.")
    assert not only.old
