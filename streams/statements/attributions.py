"""Whose words a whole sentence is: "X: …", "… — X", "According to X, …"; never acts."""

from collections.abc import Sequence
from typing import Final

from streams.statements.agents import Agent
from streams.statements.colons import fills, has_verb, read_colon
from streams.statements.comments import read_comment
from streams.statements.introductions import read_introduction
from streams.statements.inverted import read_inverted
from streams.statements.postposed import Attribution, pass_on, read_postposed
from streams.statements.relayed import read_relayed
from streams.statements.subjects import begins, coordinated, is_outlet, skip_determiners
from streams.statements.tokens import DASHES, Token
from streams.statements.words import vocabulary

# What stands behind a dash and is nobody: "– live", "— in pictures".
_LABELS: Final = vocabulary(
    "live in top updates video photos analysis explained watch but and with as here for if then"
)


def find_attribution(
    text: str, tokens: Sequence[Token], agents: Sequence[Agent], *, headline: bool
) -> Attribution | None:
    """Return whose words the sentence is as a whole, or None where a narrator speaks."""
    if len(tokens) < 3:
        return None
    if headline:
        dashed = _read_dash(text, tokens, agents)
        if dashed is not None and dashed.agents:
            return dashed
        found = read_colon(text, tokens, agents) or dashed
        if found is not None:
            return found
    return (
        (_read_according(text, tokens, agents) if tokens[0].low == "according" else None)
        or read_relayed(text, tokens, agents)
        or read_comment(tokens, agents)
        or read_postposed(text, tokens, agents, headline=headline)
        or read_inverted(text, tokens, agents, headline=headline)
        or _read_according(text, tokens, agents)
        or (None if headline else read_introduction(tokens, agents))
    )


def _read_dash(text: str, tokens: Sequence[Token], agents: Sequence[Agent]) -> Attribution | None:
    """Read "Talks are a dead end — Kremlin"."""
    for at in range(len(tokens) - 2, 1, -1):
        token = tokens[at]
        if token.text not in DASHES or token.quoted or text[token.end : token.end + 1] != " ":
            continue
        tail = [agent for agent in agents if agent.first > at]
        words = [token for token in tokens[at + 1 :] if token.word]
        if is_outlet(words) and not any(agent.actor for agent in tail):
            return pass_on(text, words)
        if tail and begins(tail[0], tokens, at + 1) and fills(tokens, tail):
            return Attribution(coordinated(tokens, tail, 0))
        if not words or len(words) > 6 or words[0].low in _LABELS:
            return None
        return None if any(has_verb(word) for word in words) else Attribution()
    return None


def _read_according(text: str, tokens: Sequence[Token], agents: Sequence[Agent]) -> Attribution | None:
    """Read "According to the Kremlin, talks are a dead end"."""
    for at in range(len(tokens) - 2):
        if tokens[at].low != "according" or tokens[at + 1].low != "to" or tokens[at].quoted:
            continue
        first = skip_determiners(tokens, at + 2)
        stop = next((i for i in range(first, len(tokens)) if tokens[i].low in {",", ";", "."}), len(tokens))
        near = [agent for agent in agents if first <= agent.first and agent.last <= stop and agent.kind != "pronoun"]
        if near and near[0].first == first and near[0].kind != "stranger":
            return Attribution(coordinated(tokens, near, 0))
        words = [token for token in tokens[first : min(stop, first + 6)] if token.word]
        if is_outlet(words[:4]):
            return pass_on(text, words[:4])
        # The name may stand behind what qualifies it: "according to defence expert X".
        return Attribution((near[-1],) if near and near[-1].last == stop else ())
    return None
