"""Words that an outlet passes on: "X was quoted by TASS as saying …", "…, X was quoted as saying by TASS"."""

from collections.abc import Sequence
from typing import Final

from streams.statements.agents import Agent
from streams.statements.postposed import Attribution
from streams.statements.subjects import coordinated
from streams.statements.tokens import MARKS, Token
from streams.statements.words import BE, PREPOSITIONS, TIMES, is_adverb, vocabulary

_QUOTED: Final = vocabulary("quoted cited")
_SAYING: Final = vocabulary("saying telling")
_ENDS: Final = vocabulary("as that while but and")
# "as saying" stands within so many tokens; an outlet's name is at most so many words long.
_REACH: Final = 9
_NAME: Final = 6


def read_relayed(text: str, tokens: Sequence[Token], agents: Sequence[Agent]) -> Attribution | None:
    """Return whose words the sentence is and who passes them on, or None where nobody "was quoted"."""
    for at in range(1, len(tokens)):
        if tokens[at].low not in _QUOTED or tokens[at].quoted or tokens[at - 1].low not in BE:
            continue
        ahead = range(at + 1, min(len(tokens) - 1, at + _REACH))
        saying = next((i + 1 for i in ahead if tokens[i].low == "as" and tokens[i + 1].low in _SAYING), None)
        if saying is None:
            continue
        subject = _subject(tokens, agents, at)
        outlet = _outlet(text, tokens, at + 1) or _outlet(text, tokens, saying + 1)
        return Attribution(subject, outlet) if subject else Attribution()
    return None


def _subject(tokens: Sequence[Token], agents: Sequence[Agent], quoted: int) -> tuple[Agent, ...]:
    """Who was quoted: the name right before "was", or before the apposition that ends there."""
    end = quoted - 1
    while end > 0 and (tokens[end - 1].low in BE | {"has", "have", "had"} or is_adverb(tokens[end - 1].low)):
        end -= 1
    near = [index for index, agent in enumerate(agents) if agent.last <= end]
    if near and agents[near[-1]].last == end:
        first = next(index for index in near if coordinated(tokens, agents, index)[-1].last >= agents[near[-1]].last)
        return coordinated(tokens, agents, first)
    if end and tokens[end - 1].low == ",":
        apposed = [index for index in near if tokens[agents[index].last].low == "," and agents[index].last < end - 1]
        return (agents[apposed[-1]],) if apposed else ()
    return ()


def _outlet(text: str, tokens: Sequence[Token], index: int) -> str | None:
    """The outlet named in "by state news agency TASS", where that stands at `index`."""
    if index >= len(tokens) or tokens[index].low != "by":
        return None
    stop = index + 1
    while stop < len(tokens) and stop - index <= _NAME and tokens[stop].word and tokens[stop].low not in MARKS:
        if tokens[stop].low in _ENDS or tokens[stop].low in TIMES or tokens[stop].low in PREPOSITIONS - {"of"}:
            break
        stop += 1
    return text[tokens[index + 1].start : tokens[stop - 1].end] if stop > index + 1 else None
