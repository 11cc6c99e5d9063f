"""The rule against headlines that others labelled."""

import json
from pathlib import Path

import pytest

from services.ingest.relevance import judge

LABELLED = Path(__file__).parents[4] / "shared" / "data" / "readings-dev-a.jsonl"


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
