"""A journey with a purpose: "visits Moscow to push for a ceasefire" is a reported act; a journey alone is none."""

from collections.abc import Sequence
from typing import Final

from streams.statements.tokens import DASHES, Token
from streams.statements.verbs import inflect
from streams.statements.words import CONJUNCTIONS, TIMES, is_adverb, vocabulary

TRAVEL_FORMS: Final = inflect(
    vocabulary("visit travel fly head go arrive jet return journey come rush race dash land depart leave tour")
)
# What somebody goes for who wants it to happen; to meet, to attend and to discuss are logistics.
_PURPOSES: Final = vocabulary(
    """push press urge seek mediate broker persuade convince call demand propose offer pitch revive resume restart
    relaunch rescue salvage resuscitate jump-start jumpstart kick-start kickstart end stop halt prevent reject refuse
    oppose promote facilitate plead appeal lobby prod pressure coax nudge negotiate"""
)
_EFFORTS: Final = vocabulary("bid effort efforts push attempt drive mission")
# Behind these stands what somebody goes for, and an infinitive says more of that: "for a deal to end the war".
_FOR: Final = vocabulary("for of about over")
# The purpose stands within so many tokens behind the verb.
_REACH: Final = 12


def find_purpose(tokens: Sequence[Token], index: int) -> int | None:
    """Return the token of the purpose's verb ("to push", "in a bid to revive") in the clause that goes on at `index`.

    None where the clause ends before, or where the infinitive is no act.
    """
    for place in range(index, min(len(tokens) - 1, index + _REACH)):
        token, before = tokens[place], tokens[place - 1].low if place else ""
        if token.quoted or token.low in {",", ";", ":", "that", "who"} or token.text in DASHES:
            return None
        if token.low in CONJUNCTIONS - {"and"}:
            return None
        if token.low == "to" and tokens[place + 1].low in _PURPOSES:
            return place + 1 if before in _EFFORTS or _is_where(tokens[index:place]) else None
    return None


def _is_where(tokens: Sequence[Token]) -> bool:
    """Whether the words between the verb and its purpose say only where, when and with whom: "to Kyiv on Friday"."""
    if any(token.low in _FOR for token in tokens):
        return False
    last = tokens[-1] if tokens else None
    return last is None or last.capital or last.low in TIMES or is_adverb(last.low)
