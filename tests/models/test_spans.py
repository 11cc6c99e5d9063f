"""Where given words stand in a text."""

from hypothesis import given
from hypothesis import strategies as st

from models.spans import folded, locate


def test_words_are_found_whatever_their_case_and_accents() -> None:
    assert locate("L'Élysée soutient", "elysee") == (2, 8)
    assert locate("Erdogan agrees", "ERDOĞAN") == (0, 7)


def test_words_inside_other_words_are_not_found() -> None:
    assert locate("RUSSIAN officials", "us") is None
    assert locate("This is it. I said", "I") == (12, 13)


def test_the_case_as_written_is_preferred() -> None:
    text = "Let us hear what the US says"
    assert text[slice(*(locate(text, "US") or (0, 0)))] == "US"


def test_accents_alone_are_found_nowhere() -> None:
    assert locate("", "¨") is None
    assert locate("a b", "¨") is None


def test_line_breaks_between_words_do_not_hide_them() -> None:
    assert locate("the  White\nHouse said", "White House") == (5, 16)


@given(st.text(), st.text(max_size=20))
def test_what_is_found_is_inside_the_text_and_means_the_words(text: str, words: str) -> None:
    found = locate(text, words)
    if found:
        start, end = found
        assert 0 <= start < end <= len(text)
        assert folded(text[start:end]).split() == folded(words).split()


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(folded(text)) == len(text)
