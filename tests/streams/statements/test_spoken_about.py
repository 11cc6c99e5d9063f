"""No reading is ever given to somebody who is only spoken about."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.streams.statements.sample import statements

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("spoken_about.yaml").read_text())


def test_the_suite_has_at_least_150_cases() -> None:
    assert len(CASES) >= 150
    assert sum(bool(case["silent"]) for case in CASES) >= 150


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.get("headline") or case["text"])
def test_only_the_voice_makes_a_statement(case: dict[str, Any]) -> None:
    date = str(case.get("date", "2025-06-01"))
    actors = {one.actor for one in statements(case.get("headline", ""), case.get("text", ""), date)}
    assert actors.isdisjoint(case["silent"]), f"spoken about, not speaking: {actors & set(case['silent'])}"
    assert actors >= set(case["says"]), f"not found: {set(case['says']) - actors}"
