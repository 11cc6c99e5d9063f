"""What a statement asks for before there are talks -> how likely each of three demands makes it; never a stance.

An actor asks for nothing (`none`), for something (`some`: a truce first, guarantees, a seat at the table), or for what
would be the other side's defeat (`hard`: the codebook's withdrawal, land, a leader's removal, surrender). Only words
that name a condition, or say that there is none, are evidence: most reports of a demand do not repeat it, so silence
about one is no sign that it was dropped.
"""

import re
from math import log
from typing import Final

from streams.dossiers.emissions import Triple
from streams.records import Conditions, Reading

# In the order in which every three-number tuple of these modules holds them.
CONDITIONS: Final[tuple[Conditions, Conditions, Conditions]] = ("none", "some", "hard")

# P(what is named | what is asked): rows are the demand. Not measured: no labelled set of conditions exists. They say
# that the rules below take a named condition for its neighbour one time in four or five.
NAMED: Final[tuple[Triple, Triple, Triple]] = ((0.80, 0.15, 0.05), (0.15, 0.70, 0.15), (0.05, 0.25, 0.70))

_NONE = re.compile(
    r"\b(?:without|with no|no|drop\w*(?: \w+){0,3}|waiv\w+(?: \w+){0,3}|abandon\w*(?: \w+){0,3}) "
    r"(?:any |all |further |prior )?(?:pre-?)?conditions?\b(?! of anonymity)|\bunconditional(?:ly)?\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not?|never|n.t|refus\w+|reject\w+|rul\w+ out)\b[^.;]{0,40}$", re.IGNORECASE)
_HARD = re.compile(
    r"\b(?:withdr[ae]w\w*|pull(?:s|ed|ing)? (?:out|back)|leav(?:e|es|ing)|left|last soldier|ced(?:e|es|ed|ing)"
    r"|hand(?:s|ed|ing)? over|giv\w+ up|recogni[sz]\w+|capitulat\w*|surrender\w*|defeat\w*|resign\w*|step\w* down"
    r"|remov(?:e|es|ed|al)|oust\w*|regime|new (?:president|leader|government)|demilitari\w+|denazif\w+|1991 borders)\b",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"\b(?:guarantee\w*|cease-?\s?fire|truce|fighting stops?|shelling|strikes|guns|sanctions|monitor\w*|peacekeep\w*"
    r"|prisoners?|europe\w*|at the table|represent\w*|neutral\w*|nato|verif\w+|elections?|framework|agenda|security)\b",
    re.IGNORECASE,
)


def named_conditions(reading: Reading) -> Conditions | None:
    """Return what the reading's words ask for before there are talks; None where they name no condition."""
    free = _NONE.search(reading.quote)
    if free is not None and _NOT.search(reading.quote[: free.start()]) is None:
        return "none"
    if reading.condition is None:
        return None
    if _HARD.search(reading.condition):
        return "hard"
    return "some" if _SOME.search(reading.condition) else None


class ConditionEmissions:
    """Weighs readings that name a condition, or its absence."""

    def weigh(self, reading: Reading) -> Triple:
        """Return log P(named | none, some, hard) up to a constant; zeros where nothing is named."""
        named = named_conditions(reading)
        if named is None:
            return (0.0, 0.0, 0.0)
        column = CONDITIONS.index(named)
        return (log(NAMED[0][column]), log(NAMED[1][column]), log(NAMED[2][column]))
