"""Copies of one story sign alike, different stories do not."""

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.signature import PERMUTATIONS, sign, similarity

STORY = (
    "The delegations left the palace after five hours on Friday and said that they had found no common ground on the"
    " line of contact, though both were prepared to return next week with fresh instructions from their capitals."
)
OTHER = (
    "Drones set fire to a refinery on the river before dawn, the regional governor wrote, and nobody was hurt; flights"
    " were held at the nearby airport until the morning and the road along the bank was closed to lorries."
)


def test_a_copy_with_another_dateline_is_recognised() -> None:
    assert similarity(sign(f"GENEVA (Agency) - {STORY}"), sign(f"{STORY} Additional reporting by staff.")) > 0.6


def test_different_stories_are_not_copies() -> None:
    assert similarity(sign(STORY), sign(OTHER)) < 0.1


def test_case_quotes_and_line_breaks_do_not_count() -> None:
    assert sign("Kyiv’s terms:\n\nNO surrender") == sign("kyiv's terms - no SURRENDER")


def test_signatures_are_the_same_on_every_machine() -> None:
    # Stored signatures are compared for years: a change of seed, shingle or library must not go unnoticed.
    expected = (939492707, 869378494, 1448431723, 1345479790)
    assert sign("Putin rejects truce offered by Kyiv")[:4] == expected


@given(st.text(max_size=300))
def test_a_signature_is_json_numbers_of_32_bits_or_nothing(text: str) -> None:
    signature = sign(text)
    assert len(signature) in (0, PERMUTATIONS)
    assert all(type(value) is int and 0 <= value < 2**32 for value in signature)
    assert signature == sign(text)


def test_a_text_without_words_has_no_signature() -> None:
    assert sign("") == sign(" — … 🕊 ") == ()
    assert similarity((), sign(STORY)) == 0.0
