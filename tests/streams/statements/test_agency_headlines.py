"""State agencies' headlines: "… — X" is X's, whatever stands before the dash. Contents are invented."""

from itertools import product

import msgspec
import pytest

from streams.statements import find_statements
from tests.streams.statements.sample import article, catalogue, statements

CONTENTS = [
    "Talks are a dead end",
    "No date for next round of talks yet",
    "Moscow is open to dialogue but will not yield on its terms",
    "Kiev has rejected every proposal made to it",
    "Zelensky must come to Moscow if he wants to talk",
    "US, Russia to continue contacts on Ukraine",
    "Ceasefire possible only after agreement on terms",
    "Europe wants war to go on",
    "Putin, Trump may meet before year’s end",
    "Ukraine’s statements on truce show it is not ready for peace",
    "Istanbul still seen as place for talks on Ukraine",
    "NATO troops in Ukraine out of question under any deal",
    "Brussels’ demands make settlement harder",
    "Three-day truce offered over holiday",
]
NAMES = [
    ("Kremlin", "russia"),
    ("Lavrov", "russia"),
    ("Putin", "russia"),
    ("Peskov", "russia"),
    ("Zakharova", "russia"),
    ("Trump", "united-states"),
    ("Rubio", "united-states"),
    ("Szijjarto", "hungary"),
    ("Orban", "hungary"),
    ("Erdogan", "turkey"),
    ("Kremlin spokesman", "russia"),
    ("Russian Foreign Ministry", "russia"),
]


def heard(headline: str) -> set[tuple[str, str]]:
    return {(one.speaker, one.actor) for one in statements(headline)}


@pytest.mark.parametrize("dash", ["—", "–", "-"])
def test_the_name_behind_the_dash_alone_speaks(dash: str) -> None:
    cases = list(product(CONTENTS, NAMES))
    wrong = [
        (headline, found)
        for content, (name, actor) in cases
        if (found := heard(headline := f"{content} {dash} {name}")) != {(name, actor)}
    ]
    assert len(cases) >= 150
    assert len(wrong) <= 0.03 * len(cases), wrong


def test_in_an_agencys_own_headlines_the_foreign_ministry_is_its_states() -> None:
    for content in CONTENTS:
        one = msgspec.structs.replace(article(f"{content} — Foreign Ministry"), outlet="TASS")
        found = {(each.speaker, each.actor) for each in find_statements(one, catalogue())}
        assert found == {("Foreign Ministry", "russia")}, content
