"""The headlines kept apart: labelled, spoken by whom they name, and in no corpus."""

from pathlib import Path

import pytest

import models
from models.corpus.overlap import alike, count_ngrams
from models.corpus.rows import Row, read_corpus, read_file
from streams.catalogue import read_catalogue

FILES = sorted((Path(models.__path__[0]) / "kept_apart").glob("*.jsonl"))
ROWS = [row for path in FILES for row in read_file(path)]
MOST_ALIKE = 0.75


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.text[:40])
def test_each_is_invented_and_names_its_speaker_and_a_known_actor(row: Row) -> None:
    assert row.provenance == "invented"
    assert row.speaker in row.text
    assert row.actor in read_catalogue().actors


def test_none_is_learnt_from() -> None:
    learnt = [row.text for row in read_corpus()]
    found = alike(count_ngrams([row.text for row in ROWS]), count_ngrams(learnt), MOST_ALIKE)
    assert len(ROWS) > 250
    assert [(ROWS[one].text, learnt[other]) for one, other, _ in found] == []
