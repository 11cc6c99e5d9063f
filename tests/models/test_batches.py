"""Experiments and the dealing of batches."""

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from models.batches import Dealer
from models.corpus.rows import read_corpus
from models.experiment import BadExperiment, Experiment, read_experiment
from models.exported_model import EXPORTED, TOKENIZER
from models.inputs import Inputs

ROWS = read_corpus()[:500]
INPUTS = Inputs(Tokenizer.from_file(str(EXPORTED / TOKENIZER)))


def test_an_epoch_deals_each_row_once() -> None:
    dealer = Dealer(ROWS, INPUTS, 32, 0.3)
    batches = [*dealer.deal(seed=1, epoch=0)]
    assert len(batches) == len(dealer)
    assert sorted(np.concatenate([batch.places for batch in batches]).tolist()) == list(range(len(ROWS)))


def test_the_same_seed_deals_the_same_and_the_next_epoch_another() -> None:
    dealer = Dealer(ROWS, INPUTS, 32, 0.3)
    first, again, later = ([*dealer.deal(7, epoch)] for epoch in (0, 0, 1))
    assert all(np.array_equal(one.ids, two.ids) for one, two in zip(first, again, strict=True))
    assert [batch.places.tolist() for batch in first] != [batch.places.tolist() for batch in later]


def test_the_share_of_unmarked_texts_is_as_asked() -> None:
    marked_rows = [row for row in ROWS if row.span]
    opening = INPUTS.encode("a", (0, 1))[1]
    for share, least, most in ((0.0, 1.0, 1.0), (1.0, 0.0, 0.0), (0.3, 0.6, 0.8)):
        ids = [ids for batch in Dealer(marked_rows, INPUTS, 32, share).deal(1, 0) for ids in batch.ids]
        assert least <= sum(opening in line for line in ids) / len(ids) <= most


def test_an_unknown_key_in_an_experiment_fails(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("learning_rat = 1e-4\n")
    with pytest.raises(BadExperiment, match="learning_rat"):
        read_experiment(tmp_path / "bad.toml")


def test_every_experiment_in_the_repository_can_be_read() -> None:
    paths = sorted((EXPORTED.parent / "experiments").glob("*.toml"))
    assert paths
    assert all(isinstance(read_experiment(path), Experiment) for path in paths)


def test_dealt_by_group_most_groups_lie_whole_in_one_batch_and_each_row_is_dealt_once() -> None:
    rows = [row for row in ROWS if sum(other.group == row.group for other in ROWS) < 8]
    batches = [*Dealer(rows, INPUTS, 32, 0.3, by_group=True).deal(seed=1, epoch=0)]
    assert sorted(np.concatenate([batch.places for batch in batches]).tolist()) == list(range(len(rows)))
    groups = {row.group for row in rows}
    whole = [
        group
        for group in groups
        if sum(group in {rows[place].group for place in batch.places} for batch in batches) == 1
    ]
    assert len(whole) > 0.8 * len(groups)
