"""Whatever the text: no crash, exact quotes, linear time, bounded output, reasons for what is left out."""

import time
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.newsroom.timeline import as_articles, read_timeline
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


@pytest.mark.parametrize(
    "unit",
    ["Zelensky said that talks with Russia must go on. ", "“Putin ", "as Putin, ", ", said Kyiv ", "Rejecting, Kyiv ",
     "“We want talks.\n\n", "Lavrov was quoted as saying by ", "Macron flies to ", "Baltic and Nordic and "],
)  # fmt: skip
def test_four_times_the_text_takes_about_four_times_as_long(unit: str) -> None:
    def seconds(length: int) -> float:
        one = article("War in Ukraine", unit * (length // len(unit)))
        spent = []
        for _ in range(3):
            began = time.process_time()
            read_article(one, catalogue())
            spent.append(time.process_time() - began)
        return min(spent)

    seconds(2_000)
    # Quadratic time would take sixteen times as long; the constant keeps clocks that tick coarsely out of it.
    assert seconds(48_000) <= 8 * seconds(12_000) + 0.1


@pytest.mark.parametrize(
    "text",
    [
        "Зеленский заявил в пятницу, что Украина готова к переговорам с Россией о прекращении огня. " * 12,
        "泽连斯基周五表示，乌克兰准备与俄罗斯进行和平谈判，并呼吁立即停火。" * 20,
        "قال زيلينسكي يوم الجمعة إن أوكرانيا مستعدة لمحادثات السلام مع روسيا. " * 12,
        "Zelensky a déclaré vendredi que l’Ukraine était prête à des pourparlers de paix avec la Russie. " * 12,
    ],
)
def test_text_in_another_language_is_counted_and_read_as_nobodys(text: str) -> None:
    found = read_article(article("Ukraine", text), catalogue())
    assert found.statements == ()
    assert {skipped.reason for skipped in found.skipped} & {"not-english", "other-subject", "no-settlement"}


def test_control_characters_hide_no_speaker_and_move_no_offset() -> None:
    one = article("War in\x07 Ukraine", "The\x00 Kremlin\x1b said\u200b talks\u2028 would go on.\x00\x00")
    (only,) = read_article(one, catalogue()).statements
    assert only.actor == "russia"
    assert one.body[only.start : only.end] == only.quote


@pytest.mark.parametrize("title", ["", " ", "\x00", "\n\n", "<br>", "&nbsp;"])
def test_a_text_of_nothing_is_nobodys(title: str) -> None:
    assert read_article(article(title, title), catalogue()).statements == ()


def test_every_quote_of_the_sample_and_the_seeds_is_exact() -> None:
    folder = files("models.corpus").joinpath("seeds")
    texts = [("", entry.read_text(encoding="utf-8")) for entry in folder.iterdir() if entry.name.endswith(".txt")]
    texts += [(str(one["title"]), str(one["text"])) for one in as_articles(read_timeline())]
    count = 0
    for title, text in texts:
        one = article(title, text)
        for each in read_article(one, catalogue()).statements:
            assert one.body[each.start : each.end] == each.quote
            assert (each.speaker_start < 0) == (each.speaker_end < 0)
            assert each.speaker_end <= len(each.quote)
            count += 1
    assert len(texts) >= 200
    assert count >= 200
