"""Trainings that leave something whole out."""

import pytest

from models.corpus.periods import Period, period_of
from models.corpus.rows import Row, read_corpus
from models.corpus.seed_annotations import read_annotations
from models.corpus.traps import count_kinds, kinds_of
from models.splits import (
    DOCUMENT,
    IN_DISTRIBUTION,
    TIME,
    TRAP,
    Round,
    deal_rounds,
    document_of,
    draw_groups,
    word_triples,
)
from streams.catalogue import read_catalogue

ROWS = read_corpus()
CATALOGUE = read_catalogue()
LEAST = 40


@pytest.fixture(scope="module")
def rounds() -> list[Round]:
    # Every fiftieth group is said to be of 2025: which rows are is another test's claim.
    late = {row.group for row in ROWS if hash_of(row) == 0}
    periods: list[Period | None] = ["from 2025" if row.group in late else None for row in ROWS]
    return deal_rounds(ROWS, read_annotations(), periods)


def hash_of(row: Row) -> int:
    return sum(map(ord, row.group)) % 50


def test_every_kind_of_the_codebook_has_forty_rows() -> None:
    assert {kind: count for kind, count in count_kinds(ROWS).items() if count < LEAST} == {}


def test_no_training_learns_from_a_group_that_it_is_asked(rounds: list[Round]) -> None:
    for each in rounds:
        learnt = {row.group for row in each.learnt}
        assert learnt
        for part in each.parts:
            assert part.rows
            assert not learnt & {row.group for row in part.rows}, (each.name, part.name)


def test_every_trap_every_document_and_the_later_time_are_left_out_once(rounds: list[Round]) -> None:
    parts = [part for each in rounds for part in each.parts]
    traps = [part.name for part in parts if part.split == TRAP]
    assert len(traps) == len({*traps}) == 13
    assert sorted(part.name for part in parts if part.split == DOCUMENT) == sorted(
        {each.document for each in read_annotations()}
    )
    assert [part.name for part in parts if part.split == TIME] == ["from 2025"]
    assert all([part.split for part in each.parts].count(IN_DISTRIBUTION) == 1 for each in rounds)


def test_a_trap_that_is_left_out_is_learnt_from_in_no_row(rounds: list[Round]) -> None:
    for each in rounds:
        traps = {part.name for part in each.parts if part.split == TRAP}
        assert not any(traps & {*kinds_of(row)} for row in each.learnt)


def test_a_document_that_is_left_out_is_learnt_from_in_no_seed_row(rounds: list[Round]) -> None:
    words = {
        name: frozenset().union(*(word_triples(each.quote) for each in read_annotations() if each.document == name))
        for name in sorted({each.document for each in read_annotations()})
    }
    for each in rounds:
        for part in each.parts:
            if part.split == DOCUMENT:
                assert not any(document_of(row, words) == part.name for row in each.learnt)


def test_a_share_of_the_groups_is_drawn_whole_and_alike() -> None:
    drawn = draw_groups(ROWS[:600], 0.5)
    groups = {row.group for row in drawn}
    assert len(groups) == round(0.5 * len({row.group for row in ROWS[:600]}))
    assert drawn == [row for row in ROWS[:600] if row.group in groups]
    assert drawn == draw_groups(ROWS[:600], 0.5)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Blinken: Russia is not serious about talks", "to 2024"),
        ("Chancellor Merz wants talks", "from 2025"),
        ("Witkoff says a truce is near", "from 2025"),
        ("Kyiv wants the war to end in 2025", "from 2025"),
        ("Zelensky offers a truce", None),
        ("Blinken and Witkoff on the truce", None),
    ],
)
def test_a_row_is_dated_by_the_offices_and_years_that_it_names(text: str, period: Period | None) -> None:
    assert period_of(Row(text=text, label="neither"), CATALOGUE) == period


def test_a_row_with_a_date_is_believed() -> None:
    assert period_of(Row(text="Witkoff", label="neither", date="2024-12-31"), CATALOGUE) == "to 2024"
