"""Acts that stand in a noun: "Putin's refusal to negotiate", "talks rejected by Moscow"; never a plan only named."""

from collections.abc import Sequence
from typing import Final

from streams.statements.agents import Agent
from streams.statements.tokens import Token
from streams.statements.verbs import ACT_FORMS
from streams.statements.words import ADVERBS, CONJUNCTIONS, DETERMINERS, vocabulary

# A noun is an act where its content follows: "proposal to", "suggestion that", "call for". "The plan" is a thing.
_NOUNS: Final = vocabulary(
    """suggestion offer call calls appeal appeals plea pleas push proposal refusal rejection acceptance insistence
    demand demands readiness willingness openness unwillingness reluctance vow pledge promise invitation bid threat
    decision opposition support endorsement backing dismissal agreement move"""
)
# What behind "Swiss" or "Russian" is that state's act; its support, demand or threat can be the people's or a thing.
_STATES_OWN: Final = vocabulary(
    "offer refusal rejection proposal suggestion call appeal readiness willingness bid pledge"
)
_CONTENT: Final = vocabulary("to that for of on")
# "Support for" and its like want a settlement word to be an act; they are left to the stance reader.
_BETWEEN: Final = 3
# What the narrator says X did, in the passive: "talks were rejected by Moscow".
_PASSIVE: Final = vocabulary(
    """reject refuse dismiss accept propose endorse back welcome suspend ban spurn rebuff approve host offer oppose
    condemn denounce demand urge announce suggest sign veto cancel halt declare order mediate broker"""
)


def read_noun_acts(tokens: Sequence[Token], agents: Sequence[Agent]) -> list[Agent]:
    """Return the agents whose act stands in a noun or in the passive, in order."""
    acts = [agent for agent in agents if _owns_act(tokens, agent) or _did(tokens, agent) or _presses(tokens, agent)]
    states = [agent._replace(kind="metonym", capacity="government") for agent in agents if _offers(tokens, agent)]
    return sorted([*acts, *states], key=lambda agent: agent.first)


def _owns_act(tokens: Sequence[Token], agent: Agent) -> bool:
    """Whether "'s refusal to …" follows, with at most a few adjectives between."""
    index = agent.last
    if index >= len(tokens) or tokens[index].low not in {"'s", "'"}:
        return False
    for place in range(index + 1, min(len(tokens) - 1, index + 2 + _BETWEEN)):
        low = tokens[place].low
        if low in _NOUNS and tokens[place + 1].low in _CONTENT:
            return True
        if low in CONJUNCTIONS or low in {",", ":", ";"} or tokens[place].quoted:
            return False
    return False


def _offers(tokens: Sequence[Token], agent: Agent) -> bool:
    """Whether the agent is the adjective of a state's act: "Swiss offer to mediate"."""
    if agent.kind != "demonym" or agent.actor is None or agent.last + 1 >= len(tokens):
        return False
    return tokens[agent.last].low in _STATES_OWN and tokens[agent.last + 1].low in _CONTENT


def _did(tokens: Sequence[Token], agent: Agent) -> bool:
    """Whether "rejected by" stands before the name."""
    index = agent.first - 1
    while index >= 0 and tokens[index].low in DETERMINERS:
        index -= 1
    if index < 1 or tokens[index].low != "by":
        return False
    index -= 1
    while index > 0 and tokens[index].low in ADVERBS:
        index -= 1
    found = ACT_FORMS.get(tokens[index].low)
    return found is not None and found[1] == "past" and found[0] in _PASSIVE


def _presses(tokens: Sequence[Token], agent: Agent) -> bool:
    """Whether "under pressure from X to …" names the one who presses."""
    before = [token.low for token in tokens[max(0, agent.first - 3) : agent.first] if token.low not in DETERMINERS]
    following = tokens[agent.last].low if agent.last < len(tokens) else ""
    return before[-2:] == ["pressure", "from"] and following == "to"
