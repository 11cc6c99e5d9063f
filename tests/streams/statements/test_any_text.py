"""Whatever the text: no crash, exact quotes, linear time, bounded output, reasons for what is left out."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.statements import read_article
from streams.statements.find import LONGEST_BODY, MOST_STATEMENTS
from streams.statements.markup import blank_markup
from streams.statements.tokens import tokenize
from tests.streams.statements.sample import article, catalogue

WORDS = """Zelensky|Kremlin|Macron|said|says|rejects|talks|truce|Ukraine|Russia| | |, |. |: |; | — | - |“|”|"|'|’|\n
|\n\n|he|that|if|and|as|the|<p>|&nbsp;|\x00|peace|U.S.|Putin's|(|)|?|Ж|😀|according to|by|2022|unless|- ABC News"""
PIECES = st.sampled_from(WORDS.split("|"))
TEXTS = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=300)


@settings(max_examples=400, deadline=None)
@given(title=TEXTS, text=TEXTS)
def test_quotes_are_exact_whatever_the_text(title: str, text: str) -> None:
    one = article(title, text)
    for statement in read_article(one, catalogue()).statements:
        assert one.body[statement.start : statement.end] == statement.quote
        assert (statement.speaker_start, statement.speaker_end) == (-1, -1) or (
            0 <= statement.speaker_start < statement.speaker_end <= len(statement.quote)
        )


@settings(max_examples=200, deadline=None)
@given(title=TEXTS, text=TEXTS)
def test_the_same_article_gives_the_same_statements_once(title: str, text: str) -> None:
    found = read_article(article(title, text), catalogue()).statements
    assert found == read_article(article(title, text), catalogue()).statements
    assert len({(one.actor, one.speaker, one.start, one.end) for one in found}) == len(found)


@given(TEXTS)
def test_tokens_are_slices_of_the_text(text: str) -> None:
    assert all(text[token.start : token.end] == token.text for token in tokenize(text))


@given(TEXTS)
def test_blanking_markup_moves_no_offset(text: str) -> None:
    assert len(blank_markup(text)) == len(text)


def test_nothing_is_found_in_nothing_and_the_reason_is_told() -> None:
    assert [tuple(one) for one in read_article(article(), catalogue()).skipped] == [("empty", 1)]


def test_another_language_is_left_out_with_a_reason() -> None:
    text = "Selenskyj sagte am Freitag in Kiew, dass die Ukraine zu Gesprächen bereit sei und Putin sie ablehne. " * 20
    found = read_article(article("Krieg in der Ukraine", text), catalogue())
    assert found.statements == ()
    assert ("not-english", 1) in [tuple(one) for one in found.skipped]


def test_another_subject_is_left_out_with_a_reason() -> None:
    text = "The cup final was a battle, and the coach said that his side would never surrender. " * 20
    found = read_article(article("Cup final", text), catalogue())
    assert ("other-subject", 1) in [tuple(one) for one in found.skipped]


def test_markup_left_in_a_text_does_not_hide_the_speaker() -> None:
    one = article("War in Ukraine", "<p>The <b>Kremlin</b> said&nbsp;talks would go on.</p>")
    (only,) = read_article(one, catalogue()).statements
    assert only.actor == "russia"
    assert one.body[only.start : only.end] == only.quote


def test_what_comes_out_is_bounded_and_the_rest_counted() -> None:
    text = " ".join(f"Zelensky said that talks number {number} must go on." for number in range(400))
    found = read_article(article("War in Ukraine", text), catalogue())
    assert len(found.statements) == MOST_STATEMENTS
    assert ("too-many", 200) in [tuple(one) for one in found.skipped]


@pytest.mark.parametrize(
    "unit",
    ["Zelensky said that talks with Russia must go on. ", '"', "“Putin ", "as Putin, ", "<", "&a", "x", ", said Kyiv ",
     "if Kyiv and Moscow agree to talks as ", "- ", ": ", "\n", "(", "of the ", "not never won't cede "],
)  # fmt: skip
def test_a_megabyte_takes_seconds_not_minutes(unit: str) -> None:
    one = article("War in Ukraine", unit * (1_000_000 // len(unit)))
    began = time.process_time()
    found = read_article(one, catalogue())
    assert time.process_time() - began < 10
    assert ("too-long", 1) in [tuple(skipped) for skipped in found.skipped]
    assert all(statement.end <= LONGEST_BODY for statement in found.statements)
