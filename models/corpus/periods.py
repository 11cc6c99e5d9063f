"""Says when a row can have been said, from the offices and years that it names; a row that names none has no date.

Rows carry no date of their own. Whoever holds an office holds it from a day to a day, so a text that names Chancellor
Merz is of May 2025 or later, and one that names Secretary Blinken of January 2025 or earlier.
"""

import re
from datetime import date
from typing import Final, Literal

from models.corpus.rows import Row
from streams.catalogue import Catalogue, Person

WAR: Final = date(2022, 2, 24)
# The inauguration of January 2025 parts most of the people who speak in the corpus; a few days do not matter.
TURN: Final = date(2025, 1, 1)
SLACK: Final = date(2025, 2, 1)
_YEAR: Final = re.compile(r"\b20(?:2[5-9])\b")
_IN_OFFICE: Final = frozenset({"leader", "government"})

Period = Literal["to 2024", "from 2025"]


def period_of(row: Row, catalogue: Catalogue) -> Period | None:
    """Return on which side of the turn of 2024 to 2025 the row lies, or None where that cannot be told.

    A date of the row's own is believed. Else all people named must agree, and a year from 2025 on is as good as one.
    """
    if row.day:
        return "to 2024" if row.day < TURN else "from 2025"
    people = {mention.person for mention in catalogue.find_mentions(row.text, TURN) if mention.person}
    sides = {_side(catalogue.people[person]) for person in people}
    if _YEAR.search(row.text):
        sides.add("from 2025")
    sides.discard(None)
    return sides.pop() if len(sides) == 1 else None


def _side(person: Person) -> Period | None:
    """Where all the offices lie that the person held since the war began, speaking for a government."""
    held = [each for each in person.tenures if each.capacity in _IN_OFFICE and (each.until or date.max) > WAR]
    if held and all(each.until and each.until <= SLACK for each in held):
        return "to 2024"
    if held and all(each.since and each.since >= TURN for each in held):
        return "from 2025"
    return None
