"""The rule against headlines that others labelled."""

import gzip
import json
from pathlib import Path

import pytest

from services.ingest.relevance import is_worth_reading, judge

DATA = Path(__file__).parents[4] / "shared" / "data"
LABELLED = DATA / "readings-dev-a.jsonl"
ARCHIVE = DATA / "headlines-2025-2026.jsonl.gz"


@pytest.mark.data
@pytest.mark.skipif(not LABELLED.exists(), reason="needs the labelled headlines in ../shared/data/readings-dev-a.jsonl")
def test_the_rule_finds_what_readers_found() -> None:
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["relevant"] is not None]
    verdicts = [(row["relevant"], judge(row["title"], row["text"]).relevant) for row in rows]
    hits = sum(truth and verdict for truth, verdict in verdicts)
    f1 = 2 * hits / (sum(truth for truth, _ in verdicts) + sum(verdict for _, verdict in verdicts))
    print(f"{len(rows)} headlines, F1 {f1:.3f}")  # noqa: T201
    assert f1 >= 0.95


@pytest.mark.data
@pytest.mark.skipif(not ARCHIVE.exists(), reason="needs the headlines in ../shared/data/headlines-2025-2026.jsonl.gz")
def test_few_pages_are_read_for_headlines_that_do_not_say_it() -> None:
    with gzip.open(ARCHIVE, "rt", encoding="utf-8") as lines:
        titles = [json.loads(line)["title"] for line in lines]
    verdicts = [(title, judge(title, "")) for title in titles]
    relevant = sum(verdict.relevant for _, verdict in verdicts)
    looks = sum(is_worth_reading(title, verdict) for title, verdict in verdicts)
    print(f"{len(titles)} headlines, {relevant} relevant, {looks} pages more")  # noqa: T201
    assert 0 < looks <= relevant / 2
