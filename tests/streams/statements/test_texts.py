"""Running text: speakers carried across sentences, quotations that go on, and what bears on this war at all."""

import pytest

from streams.statements.women import WOMEN
from tests.streams.statements.sample import catalogue, statements, voices

WAR = "War in Ukraine"


def test_a_pronoun_carries_the_speaker() -> None:
    text = "Macron met reporters in Kyiv. He said that a ceasefire must come before talks."
    (only,) = statements(WAR, text)
    assert (only.actor, only.speaker) == ("france", "Macron")
    assert only.quote[only.speaker_start : only.speaker_end] == "He"


@pytest.mark.parametrize("form", ["Mr", "Mr.", "MR"])
def test_a_form_of_address_needs_no_full_stop(form: str) -> None:
    assert voices(WAR, f"{form} Zelensky said he would not negotiate with {form} Putin.") == {("ukraine", "Zelensky")}


def test_a_pronoun_of_the_other_sex_carries_nobody() -> None:
    text = "Macron met Meloni. She said that a ceasefire must come before talks."
    assert ("france", "Macron") not in voices(WAR, text)


def test_everyone_called_she_is_in_the_catalogue() -> None:
    assert catalogue().people.keys() >= WOMEN


def test_a_pronoun_means_the_subject_of_its_own_sentence_first() -> None:
    text = "Putin asked for a memorandum. Macron was brief, and he said that a truce must come first."
    assert [one.actor for one in statements(WAR, text) if "truce" in one.quote] == ["france"]


def test_a_title_carries_the_speaker() -> None:
    text = "“We shall not sign,” Zelensky said. The president added that talks could go on in Istanbul."
    assert voices(WAR, text) == {("ukraine", "Zelensky")}


def test_a_title_with_two_holders_carries_nobody() -> None:
    text = "Zelensky met Macron in Paris. They ate. The president wanted talks, a waiter said."
    assert voices(WAR, text) == set()


def test_a_stranger_is_remembered_with_the_office_he_was_introduced_with() -> None:
    text = (
        "Professor Carl Beispiel of a northern university said that peace talks should begin. "
        "“Neither side can win,” Beispiel said."
    )
    found = statements(WAR, text)
    assert [(one.actor, one.capacity, one.speaker) for one in found] == [
        ("expert", "expert", "Carl Beispiel"),
        ("expert", "expert", "Beispiel"),
    ]


def test_a_stranger_without_an_office_takes_the_floor_from_others() -> None:
    text = "Macron called for a truce. Carl Beispiel shook his head. “There will be no truce,” he said."
    assert len(statements(WAR, text)) == 1


def test_a_quotation_that_goes_on_is_read_with_its_attribution() -> None:
    text = "“We want talks,” Zelensky said. “We do not want them in Minsk. We never did.”"
    (only,) = statements(WAR, text)
    assert only.quote == text


def test_a_long_quotation_goes_on_without_its_name() -> None:
    text = "“We want talks,” Zelensky said. " + " ".join(f"“Talks number {n} must end the war.”" for n in range(30))
    found = statements(WAR, text)
    assert {one.speaker for one in found} == {"Zelensky"}
    assert found[0].speaker_start >= 0
    assert all(one.speaker_start == one.speaker_end == -1 for one in found[1:])
    assert len(found) > 1


def test_attribution_may_stand_in_the_middle() -> None:
    text = "“A truce,” the Kremlin said, “is not on the table.”"
    assert voices(WAR, text) == {("russia", "Kremlin")}


def test_two_speakers_in_one_sentence_are_two_statements() -> None:
    text = "Macron called for a ceasefire, while the Kremlin said that talks were pointless."
    assert voices(WAR, text) == {("france", "Macron"), ("russia", "Kremlin")}


def test_companions_do_what_the_subject_does() -> None:
    text = "Along with Paris, Germany and Italy are pushing for a diplomatic end to the war."
    assert {actor for actor, _ in voices(WAR, text)} == {"france", "germany", "italy"}


def test_a_sentence_of_another_war_is_left_out() -> None:
    text = "Macron said Hamas must accept the ceasefire in Gaza. He added that talks there should go on."
    assert statements("Macron in Cairo", text) == ()


def test_a_sentence_without_bearing_on_a_settlement_is_left_out() -> None:
    text = "Zelensky said that three villages in the Kharkiv region had been shelled overnight."
    assert statements(WAR, text) == ()


def test_an_apposition_stands_between_the_name_and_the_verb() -> None:
    text = "Emmanuel Macron, the president of France, said on Friday that negotiations should begin."
    assert voices(WAR, text) == {("france", "Emmanuel Macron")}


def test_a_subordinate_act_is_an_act() -> None:
    text = "Although Putin has signalled readiness for talks, the White House has rejected them."
    assert {actor for actor, _ in voices(WAR, text)} == {"russia", "united-states"}


def test_a_pronoun_behind_two_who_acted_carries_nobody() -> None:
    text = "Putin rejected a truce and Macron called for one. He said that the war must end at the table."
    assert not any("must end" in one.quote for one in statements(WAR, text))


def test_whoever_spoke_first_in_a_sentence_goes_on_in_it() -> None:
    text = "Macron and Putin spoke on Monday. “It went well,” Macron wrote. “Talks must go on,” he added."
    assert {(one.actor, one.speaker) for one in statements(WAR, text) if "Talks" in one.quote} == {("france", "Macron")}


def test_what_remains_to_be_seen_is_nobodys_doing() -> None:
    text = "Turkey hosted talks with Russia. It remains to be seen whether a truce follows."
    assert not any("seen" in one.quote for one in statements(WAR, text))
