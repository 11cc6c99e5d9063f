"""Whose quotation a colon introduces without a verb of speech: "X was blunt: “…”", "X had one word: “…”"; no others."""

from collections.abc import Sequence
from typing import Final

from streams.statements.agents import Agent
from streams.statements.postposed import Attribution
from streams.statements.subjects import begins, coordinated
from streams.statements.tokens import Token
from streams.statements.words import vocabulary

# What is said, or how. "X is stalling: “…”" is not among them: there somebody else may go on.
_UTTERANCE: Final = vocabulary(
    """word words message answer reply response warning advice appeal plea statement verdict question line conclusion
    view assessment position blunt clear brief adamant unequivocal firm categorical curt terse frank explicit emphatic
    unambiguous way"""
)
# The subject stands within so many tokens before the colon.
_REACH: Final = 12


def read_introduction(tokens: Sequence[Token], agents: Sequence[Agent]) -> Attribution | None:
    """Return whose quotation fills the sentence behind its colon, or None where no subject introduces one."""
    at = next((i for i, token in enumerate(tokens[:-1]) if token.low == ":" and tokens[i + 1].quoted), None)
    if at is None or any(token.word and not token.quoted for token in tokens[at:]):
        return None
    before = [agent for agent in agents if agent.last <= at]
    if not before or at - before[-1].last > _REACH or before[-1].kind == "stranger":
        return None
    begun = max((i + 1 for i in range(before[-1].first) if tokens[i].low in {",", ";"}), default=0)
    heads = [agent for agent in before if agent.first >= begun]
    if not begins(heads[0], tokens, begun) or len(coordinated(tokens, agents, agents.index(heads[0]))) != len(heads):
        return None
    between = tokens[before[-1].last : at]
    told = any(token.low in _UTTERANCE for token in between) and not any(token.low == "," for token in between)
    return Attribution(tuple(heads)) if told else None
