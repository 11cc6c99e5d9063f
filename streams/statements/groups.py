"""Leaders of a region or of several states to one speaker that holds no office: nobody governs "Europe".

Only the words are joined; whose the single states of a group are is never guessed.
"""

from collections.abc import Sequence
from typing import Final

from streams.statements.agents import Agent
from streams.statements.tokens import Token
from streams.statements.words import DETERMINERS, vocabulary

# Actors of the catalogue that are no state and no organisation: what is said in their name moves nobody's position.
GROUPS: Final = frozenset({"europe", "other"})
_IN_OFFICE: Final = frozenset({"leader", "government"})
_JOINTS: Final = (["and"], ["&"], [","], [",", "and"])
_MEMBERS: Final = vocabulary(
    """states countries nations powers capitals governments allies members partners leaders presidents premiers
    ministers"""
)
# A meeting speaks for those who hold it.
_MEETINGS: Final = vocabulary("summit declaration communique communiqué")


def join_groups(text: str, tokens: Sequence[Token], agents: Sequence[Agent]) -> list[Agent]:
    """Return the agents, neighbouring parts of one group as one, and no group in office."""
    joined: list[Agent] = []
    for one in agents:
        agent = _with_members(text, tokens, one)
        last = joined[-1] if joined else None
        if last is not None and _are_one(tokens, last, agent):
            text_of = text[last.start : agent.end]
            agent = agent._replace(first=last.first, start=last.start, speaker=text_of, plural=True)
            joined.pop()
        if agent.actor in GROUPS and agent.capacity in _IN_OFFICE:
            agent = agent._replace(capacity="other", plural=agent.plural or agent.speaker.endswith("s"))
        joined.append(agent)
    return joined


def _with_members(text: str, tokens: Sequence[Token], agent: Agent) -> Agent:
    """ "Baltic states", "EU summit": the noun behind the name makes it a voice."""
    low = tokens[agent.last].low if agent.last < len(tokens) else ""
    region = agent.actor in GROUPS and agent.kind == "demonym" and low in _MEMBERS
    meeting = agent.actor is not None and agent.kind in ("institution", "demonym") and low in _MEETINGS
    if not (region or meeting):
        return agent
    end = tokens[agent.last].end
    return agent._replace(
        last=agent.last + 1,
        end=end,
        speaker=text[agent.start : end],
        capacity="other" if region else "government",
        kind="title",
        plural=region,
    )


def _are_one(tokens: Sequence[Token], one: Agent, two: Agent) -> bool:
    between = [token.low for token in tokens[one.last : two.first] if token.low not in DETERMINERS]
    same = one.actor in GROUPS and one.actor == two.actor and one.person is None and two.person is None
    return same and between in _JOINTS and "pronoun" not in (one.kind, two.kind)
