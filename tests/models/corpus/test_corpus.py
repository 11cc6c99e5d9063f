"""What every row of the corpus must hold to, and what the checks find."""

from collections import defaultdict
from pathlib import Path

import msgspec
import pytest

from models.corpus.__main__ import REAL, real_texts
from models.corpus.form import form_macro_f1
from models.corpus.overlap import alike, count_ngrams, shared_shingles, shingles
from models.corpus.rows import BadRow, Row, corpus_hash, read_corpus, read_file
from models.corpus.validate import FORM_LIMIT, check_actors, check_overlap, check_rows
from streams.catalogue import read_catalogue

ROWS = read_corpus()


def row(text: str, label: str = "neither", speaker: str = "", start: int = -1, end: int = -1, group: str = "g") -> Row:
    return Row(text=text, label=label, speaker=speaker, start=start, end=end, group=group)  # type: ignore[arg-type]


def reasons(rows: list[Row]) -> list[str]:
    return [problem.reason for problem in check_rows(rows)]


def test_the_corpus_has_no_bad_row() -> None:
    assert [*check_rows(ROWS)] == []


def test_every_actor_of_the_corpus_is_in_the_catalogue() -> None:
    assert {problem.detail for problem in check_actors(ROWS, read_catalogue().actors)} == set()


def test_form_alone_does_not_give_the_label_away() -> None:
    assert form_macro_f1(ROWS) < FORM_LIMIT


def test_form_that_tells_the_label_is_noticed() -> None:
    told = [
        row("One. Two. Three." if n % 2 else "one, two!", "favor" if n % 2 else "against", group=str(n))
        for n in range(60)
    ]
    assert form_macro_f1(told) > 0.9


def test_no_group_is_split_between_training_and_test() -> None:
    sides = defaultdict(set)
    for each in ROWS:
        sides[each.group].add(each.held_out)
    assert all(len(side) == 1 for side in sides.values())
    assert 0.07 < sum(each.held_out for each in ROWS) / len(ROWS) < 0.13


def test_no_text_stands_on_both_sides_of_the_split() -> None:
    sides = defaultdict(set)
    for each in ROWS:
        sides[each.text].add(each.held_out)
    assert [text for text, side in sides.items() if len(side) > 1] == []


def test_wrong_offsets_are_found() -> None:
    assert reasons([row("Kyiv agrees", speaker="Kyiv", start=1, end=5)]) == ["offsets"]
    assert reasons([row("Kyiv agrees", speaker="Kyiv")]) == ["offsets"]


def test_two_actors_in_one_text_are_no_conflict_but_one_actor_twice_is() -> None:
    text = "Kyiv rejects truce that Moscow offers"
    kyiv, moscow = row(text, "against", "Kyiv", 0, 4), row(text, "favor", "Moscow", 24, 30)
    assert reasons([kyiv, moscow]) == []
    assert reasons([kyiv, row(text, "neither", "Kyiv", 0, 4)]) == ["conflict"]
    assert reasons([kyiv, kyiv]) == ["duplicate"]


def test_rows_near_real_texts_are_found_and_others_are_not() -> None:
    real = ["Kremlin says Putin is open to peace talks with Ukraine", "Storm closes ports in the Baltic"]
    rows = ["Kremlin: Putin open to peace talks with Ukraine", "Warsaw buys tanks"]
    found = alike(count_ngrams(rows), count_ngrams(real), 0.6)
    assert [(pair.row, pair.other) for pair in found] == [(0, 0)]


def test_two_shared_word_sequences_are_too_many() -> None:
    text = "one two three four five six seven"
    assert len([*shingles(text)]) == 2
    assert shared_shingles(text, {*shingles(text)}) == 2
    assert [each.reason for each in check_overlap([row(text)], [], {*shingles(text)})] == ["sequences"]


def test_a_line_that_is_no_row_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"text": "a", "label": "neither"}\n\n{"text": "b", "label": "maybe"}\n')
    with pytest.raises(BadRow, match=r"bad\.jsonl, line 3"):
        [*read_file(tmp_path / "bad.jsonl")]


@pytest.mark.parametrize("raw", [b'{"text": "Caf\xe9", "label": "neither"}', b"\xff", b"[" * 100_000])
def test_a_line_that_is_no_text_is_named(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "bad.jsonl").write_bytes(b'\xef\xbb\xbf{"text": "a", "label": "neither"}\n' + raw)
    with pytest.raises(BadRow, match=r"bad\.jsonl, line 2"):
        [*read_file(tmp_path / "bad.jsonl")]


def test_the_corpus_is_the_same_in_another_order_and_another_with_one_label_changed() -> None:
    few = ROWS[:5]
    assert corpus_hash(few) == corpus_hash(few[::-1])
    assert corpus_hash(few) == corpus_hash([msgspec.structs.replace(few[0], trap="corrected"), *few[1:]])
    other = "favor" if few[0].label == "neither" else "neither"
    assert corpus_hash(few) != corpus_hash([msgspec.structs.replace(few[0], label=other), *few[1:]])


@pytest.mark.data
@pytest.mark.skipif(not REAL.is_dir(), reason="the real material is not beside this checkout (../shared/data)")
def test_no_row_is_like_labelled_real_material() -> None:
    hashes = frozenset((REAL / "shingles.txt").read_text().split())
    # The labelled sets alone: the whole of it takes a minute, and `python -m models.corpus` does that.
    few = [[text for texts in real_texts(REAL, "*dev*.jsonl") for text in texts]]
    assert [*check_overlap(ROWS, few, hashes)] == []
