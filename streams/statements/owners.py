"""Whose minister "…, minister says" is: the state whose own doings the headline reports; in doubt nobody's."""

from collections.abc import Sequence
from typing import Final

from streams.statements.agents import Agent
from streams.statements.predicates import read_predicate
from streams.statements.subjects import begins, coordinated, is_plural
from streams.statements.tokens import MARKS, Token
from streams.statements.verb_phrases import is_auxiliary
from streams.statements.words import SPECULATIVE, vocabulary

_OWN: Final = vocabulary("its his her their")
# A person's own people: "Zelensky signs decree — presidential office".
_HOUSEHOLD: Final = vocabulary("office spokesman spokeswoman spokesperson administration aide adviser")
# What a state's own officials say of it. Of another state one says that it must, should, wants, rejects or blocks.
_CLAIMS: Final = vocabulary(
    """want reject refuse dismiss spurn block insist seek demand threaten fear hope believe think know try ignore deny
    need deserve break violate oppose rebuff snub hate trust mistrust"""
)


def find_owner(tokens: Sequence[Token], agents: Sequence[Agent], title: Agent, *, headline: bool) -> Agent | None:
    """Return the state that a title without one speaks for, or None where the sentence does not say it."""
    first = next((agent for agent in agents if agent.actor is not None and agent.kind != "demonym"), None)
    if first is None or first.first >= title.first or not begins(first, tokens, 0):
        return None
    owned = title.first > 0 and tokens[title.first - 1].low in _OWN
    if owned or (title.kind == "pronoun" and headline):
        return first
    return first if headline and _reports_its_own(tokens, agents, first, title) else None


def _reports_its_own(tokens: Sequence[Token], agents: Sequence[Agent], first: Agent, title: Agent) -> bool:
    """Whether the headline tells what the state itself does, as its own officials tell it."""
    heads = coordinated(tokens, agents, agents.index(first))
    near = first.kind in ("institution", "metonym") or tokens[title.last - 1].low in _HOUSEHOLD
    if title.kind not in ("title", "institution") or len(heads) > 1 or not near:
        return False
    predicate = read_predicate(tokens, first.last, agents, headline=True, plural=is_plural(heads))
    if predicate is None:
        return _goes_on(tokens, first.last)
    return not predicate.hedged and (predicate.lemma not in _CLAIMS or title.kind == "institution")


def _goes_on(tokens: Sequence[Token], index: int) -> bool:
    """Whether an auxiliary or a participle follows: "Russia waiting for guarantees", "Moscow \"cannot allow\" …"."""
    while index < len(tokens) and tokens[index].low in MARKS:
        index += 1
    low = tokens[index].low if index < len(tokens) else ""
    return low.endswith("ing") or (is_auxiliary(low) and low not in SPECULATIVE)
