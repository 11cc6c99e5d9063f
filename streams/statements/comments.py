"""Whose words a clause with "as" says that a sentence is: "…, as X admitted"; never a comparison or a forecast."""

from collections.abc import Sequence
from typing import Final

from streams.statements.agents import Agent
from streams.statements.postposed import Attribution, may_end
from streams.statements.predicates import read_predicate
from streams.statements.subjects import begins, coordinated, is_plural, skip_determiners
from streams.statements.tokens import DASHES, Token
from streams.statements.verbs import SPEECH_FORMS
from streams.statements.words import PREPOSITIONS, TIMES, is_adverb, vocabulary

# What somebody says of a thing that is so; what was warned of, hoped or promised may still turn out otherwise.
_SAYS: Final = vocabulary(
    """say admit concede acknowledge confirm note state remark observe put stress underline underscore emphasise
    emphasize reveal recount recall explain write tell report announce"""
)
_HAD: Final = frozenset({"had", "'d"})


def read_comment(tokens: Sequence[Token], agents: Sequence[Agent]) -> Attribution | None:
    """Return whose words the sentence is by "as X admitted" or "as admitted by X", or None where neither stands.

    A sentence that somebody else tells ("Y said that …, as X admitted") stays with the one who tells it.
    """
    for at, token in enumerate(tokens[:-2]):
        if token.low != "as" or token.quoted or not _is_parted(tokens, at):
            continue
        found = _active(tokens, agents, at) or _passive(tokens, agents, at)
        if found is not None:
            return None if _is_told(tokens, agents) else Attribution(found)
    return None


def _is_parted(tokens: Sequence[Token], at: int) -> bool:
    return at == 0 or tokens[at - 1].low == "," or tokens[at - 1].text in DASHES


def _active(tokens: Sequence[Token], agents: Sequence[Agent], at: int) -> tuple[Agent, ...] | None:
    """Read "as X admitted on Friday"."""
    index = next((place for place, agent in enumerate(agents) if begins(agent, tokens, at + 1)), None)
    if index is None or agents[index].kind == "stranger":
        return None
    heads = coordinated(tokens, agents, index)
    found = read_predicate(tokens, heads[-1].last, agents, headline=False, plural=is_plural(heads))
    if found is None or found.lemma not in _SAYS or found.hedged:
        return None
    between = {token.low for token in tokens[heads[-1].last : found.verb]}
    behind = found.verb + 1 + (found.lemma == "put" and _low(tokens, found.verb + 1) == "it")
    return heads if not between & _HAD and may_end(tokens, behind) else None


def _passive(tokens: Sequence[Token], agents: Sequence[Agent], at: int) -> tuple[Agent, ...] | None:
    """Read "as admitted by X"."""
    lemma, form = SPEECH_FORMS.get(tokens[at + 1].low, ("", ""))
    if lemma not in _SAYS or form != "past":
        return None
    by = at + 2
    while by < len(tokens) and (is_adverb(tokens[by].low) or tokens[by].low in TIMES | PREPOSITIONS - {"by"}):
        by += 1
    if _low(tokens, by) != "by":
        return None
    first = skip_determiners(tokens, by + 1)
    index = next((place for place, agent in enumerate(agents) if agent.first == first), None)
    return None if index is None or agents[index].kind == "stranger" else coordinated(tokens, agents, index)


def _is_told(tokens: Sequence[Token], agents: Sequence[Agent]) -> bool:
    """Whether somebody known or a stranger already says the sentence: "Macron said that …"."""
    if not agents or not begins(agents[0], tokens, 0):
        return False
    heads = coordinated(tokens, agents, 0)
    found = read_predicate(tokens, heads[-1].last, agents, headline=False, plural=is_plural(heads))
    return found is not None and found.sort == "speech"


def _low(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].low if index < len(tokens) else ""
