"""Every form in which somebody's words or acts are reported: whose they are, and in whose name they are passed on."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from streams.records import Statement
from streams.statements import find_statements
from tests.streams.statements.sample import article, catalogue

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("forms.yaml").read_text())


def read(case: dict[str, Any]) -> tuple[Statement, ...]:
    headline = case.get("headline", "War in Ukraine")
    one = article(headline, case.get("text", ""), str(case.get("date", "2025-06-01")))
    return find_statements(msgspec.structs.replace(one, outlet=case.get("outlet", "Sample")), catalogue())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.get("text") or case["headline"])
def test_those_who_speak_or_act_are_found_and_nobody_else(case: dict[str, Any]) -> None:
    found = read(case)
    assert {one.actor for one in found} == set(case["says"])
    assert {(one.reported_by, one.old) for one in found} <= {(case.get("reported_by"), case.get("old", False))}


def test_the_title_in_front_of_a_name_is_not_who_speaks() -> None:
    text = "“A truce now,” Hungary’s foreign minister, Peter Szijjarto, wrote."
    (only,) = read({"text": text})
    assert only.speaker == "Peter Szijjarto"
    assert only.quote[only.speaker_start : only.speaker_end] == "Peter Szijjarto"


def test_every_form_of_the_contract_is_among_the_cases() -> None:
    forms = {case["form"] for case in CASES}
    assert forms >= {
        "direct", "indirect", "mixed", "inverted", "postposed", "colon", "dash", "says", "two-actors", "pronoun",
        "title", "metonym", "nested", "relayed", "old", "act", "narrator", "as-clause",
    }  # fmt: skip
    assert len(CASES) >= 120
