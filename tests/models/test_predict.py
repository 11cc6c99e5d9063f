"""Reading statements with the exported model."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from models.corpus.rows import corpus_hash, read_corpus
from models.exported_model import DESCRIPTION, EXPORTED, GRAPH, ModelProblem, code_hash, read_description
from models.predict import StanceReader, Text
from streams.records import Probabilities, Statement

READER = StanceReader.load(threads=1)
HELD_OUT: list[Text] = [(row.text, row.span) for row in read_corpus() if row.held_out][:120]
ANYTHING = st.tuples(st.text(max_size=80), st.none() | st.tuples(st.integers(0, 80), st.integers(0, 80)))


def one_by_one(texts: list[Text]) -> list[Probabilities]:
    return [READER.read_texts([text])[0] for text in texts]


def test_a_statement_reads_the_same_whatever_is_read_beside_it() -> None:
    assert READER.read_texts(HELD_OUT) == one_by_one(HELD_OUT)


def test_reading_in_another_order_or_with_more_threads_changes_no_byte() -> None:
    backwards = StanceReader.load(threads=3).read_texts(HELD_OUT[::-1])
    assert backwards[::-1] == READER.read_texts(HELD_OUT)


@settings(deadline=None, max_examples=30)
@given(st.lists(ANYTHING, max_size=6))
def test_any_strings_are_read_and_sum_to_one(texts: list[Text]) -> None:
    for each in READER.read_texts(texts):
        assert abs(each.favor + each.against + each.neither - 1) < 2e-6


@pytest.mark.parametrize("text", ["", "   ", "…!?", "\x00\x1f\n", "—"])
def test_a_text_that_says_nothing_is_neither(text: str) -> None:
    assert READER.read_texts([(text, None)]) == [Probabilities(favor=0.0, against=0.0, neither=1.0)]


def test_a_megabyte_and_control_characters_are_read() -> None:
    texts: list[Text] = [("talks " * 170_000, (999_990, 999_995)), ("\x00Kyiv\x07 agrees\ufffe", (1, 5))]
    assert len(READER.read_texts(texts)) == 2


def test_plain_stances_come_out() -> None:
    found = READER.read_texts(
        [
            ("Kyiv rejects any truce with Moscow and wants it beaten", (0, 4)),
            ("Kremlin says it is ready for peace talks with Kyiv", (0, 7)),
            ("Macron to visit Warsaw on Friday", (0, 6)),
        ]
    )
    assert [each.label for each in found] == ["against", "favor", "neither"]


def test_a_statement_is_read_by_its_quote_and_its_speakers_offsets() -> None:
    quote = "Kyiv says Moscow rejects a truce"
    statement = Statement(
        speaker="Kyiv",
        actor="ukraine",
        capacity="government",
        quote=quote,
        start=5,
        end=5 + len(quote),
        speaker_start=0,
        speaker_end=4,
    )
    assert READER.read([statement]) == READER.read_texts([(quote, (0, 4))])


def test_a_claim_about_another_is_neither_and_its_neighbours_are_read() -> None:
    quote = "Kyiv says Moscow rejects a truce"
    plain = Statement(speaker="Kyiv", actor="ukraine", capacity="government", quote=quote, start=0, end=len(quote))
    found = READER.read([plain, replace(plain, claim_about="russia"), plain])
    assert found[1].label == "neither"
    assert [found[0], found[2]] == READER.read_texts([(quote, None)] * 2)


def test_the_exported_model_is_small_and_belongs_to_this_code() -> None:
    description = read_description(EXPORTED)
    assert sum(path.stat().st_size for path in EXPORTED.iterdir()) <= 30_000_000
    assert description.code == code_hash()
    assert description.scores["int8_agreement"] >= 0.99
    assert description.scores["held_out_calibration_error"] <= 0.05


def test_the_exported_model_was_made_from_this_corpus() -> None:
    assert read_description(EXPORTED).corpus == corpus_hash(read_corpus())


def test_a_missing_model_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ModelProblem, match=r"no stance model at .*model\.json.*make train"):
        StanceReader.load(tmp_path)


def test_a_file_of_another_model_is_refused(tmp_path: Path) -> None:
    shutil.copytree(EXPORTED, tmp_path / "model")
    with (tmp_path / "model" / GRAPH).open("ab") as graph:
        graph.write(b"\0")
    with pytest.raises(ModelProblem, match="is not the file"):
        StanceReader.load(tmp_path / "model")


def test_an_edited_description_is_refused(tmp_path: Path) -> None:
    shutil.copytree(EXPORTED, tmp_path / "model")
    path = tmp_path / "model" / DESCRIPTION
    path.write_text(path.read_text().replace('"temperature": ', '"temperature": 9'))
    with pytest.raises(ModelProblem, match="was edited"):
        StanceReader.load(tmp_path / "model")
