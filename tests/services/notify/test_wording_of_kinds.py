"""Every kind of alert is told in words that a journalist understands, in each channel."""

from pathlib import Path

import pytest

from services.notify.render.wording import HEADLINE, headline, movement, when_changed
from streams.records import ShiftAlert
from streams.topics import decode_alert

GOLDEN = Path(__file__).parents[2] / "contracts" / "alerts.v1"
NAMES = {"ruritania": "Ruritania", "grenzmark": "Grenzmark", "jane-doe": "Jane Doe"}


def golden(name: str) -> ShiftAlert:
    return decode_alert((GOLDEN / f"{name}.json").read_bytes())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "condition-change",
            "Conditions changed: Ruritania, talks only after withdrawal or surrender → talks without preconditions",
        ),
        ("ally-split", "Allies part: Ruritania, favor, while Grenzmark stays against"),
        ("departure", "Possible break with own government: Jane Doe (Ruritania), favor, while Ruritania stays against"),
    ],
)
def test_a_headline_says_who_stands_where(name: str, words: str) -> None:
    assert headline(golden(name), NAMES) == words


def test_every_kind_has_words_for_every_status() -> None:
    kinds = {kind for kind, _ in HEADLINE}
    assert kinds == {"shift", "first-position", "condition-change", "ally-split", "departure"}
    assert len(HEADLINE) == 4 * len(kinds)
    assert len(set(HEADLINE.values())) == len(HEADLINE)


def test_a_date_is_told_as_sure_as_it_is() -> None:
    assert when_changed(golden("confirmed")) == "about 2 May 2024 (29 April 2024 to 3 May 2024)"
    assert when_changed(golden("pending")) == "about 2 May 2024"
    assert movement(golden("confirmed")) == "against → favor"
