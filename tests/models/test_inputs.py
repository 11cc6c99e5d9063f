"""Texts and speaker's words as token ids."""

import time

from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from models.exported_model import EXPORTED, TOKENIZER
from models.inputs import Inputs
from models.spans import Span

MOST = 40


TOKENS = Tokenizer.from_file(str(EXPORTED / TOKENIZER))
INPUTS = Inputs(TOKENS, MOST)


def words_of(ids: list[int]) -> list[str]:
    return [str(TOKENS.id_to_token(token)) for token in ids]


def test_the_speakers_words_stand_between_markers() -> None:
    ids = INPUTS.encode("Kyiv says Moscow rejects a truce", (10, 16))
    assert words_of(ids) == ["[CLS]", "kyiv", "says", "⟨", "moscow", "⟩", "rejects", "a", "truce", "[SEP]"]


def test_a_speaker_outside_the_text_leaves_it_unmarked() -> None:
    for span in (None, (-1, -1), (3, 3), (2, 400)):
        assert "⟨" not in words_of(INPUTS.encode("Talks go on", span))


def test_a_long_text_keeps_what_stands_around_the_speaker() -> None:
    text = "before " * 5000 + "Macron refuses" + " after" * 5000
    start = text.index("Macron")
    words = words_of(INPUTS.encode(text, (start, start + 6)))
    assert len(words) == MOST
    place = words.index("⟨")
    assert words[place : place + 5] == ["⟨", "macro", "##n", "⟩", "refuses"]
    assert "before" in words
    assert "after" in words


def test_a_speaker_as_long_as_the_text_is_still_marked_on_both_sides() -> None:
    text = "name " * 3000
    words = words_of(INPUTS.encode(text, (0, len(text))))
    assert len(words) <= MOST
    assert "⟨" in words
    assert "⟩" in words


def test_a_megabyte_takes_no_longer_than_a_page() -> None:
    started = time.process_time()
    INPUTS.encode("x" * 1_000_000, (500_000, 500_003))
    INPUTS.encode("peace talks " * 100_000, None)
    assert time.process_time() - started < 1.0


@given(st.text(max_size=300), st.none() | st.tuples(st.integers(-5, 320), st.integers(-5, 320)))
def test_any_string_and_any_span_make_a_bounded_input(text: str, span: Span | None) -> None:
    assert 2 <= len(INPUTS.encode(text, span)) <= MOST
