"""Where a subject begins and which names it joins: "Macron and Scholz"; never what they do."""

from collections.abc import Sequence
from typing import Final

from streams.statements.agents import Agent
from streams.statements.tokens import DASHES, Token
from streams.statements.verbs import ACT_FORMS, SPEECH_FORMS
from streams.statements.words import DETERMINERS, OUTLET, PREPOSITIONS, vocabulary

_OPENING: Final = vocabulary("both even only but and so yet then now meanwhile however also still today • * | ▪ ·")
_SOURCES: Final = vocabulary("source sources insider insiders")
_JOINTS: Final = (["and"], ["&"], [",", "and"])


def skip_determiners(tokens: Sequence[Token], index: int) -> int:
    """The first token from `index` on that is no determiner."""
    while index < len(tokens) and tokens[index].low in DETERMINERS:
        index += 1
    return index


def skip_opening(tokens: Sequence[Token], index: int) -> int:
    """The first token from `index` on that counts: behind a time stamp, a dash, a determiner or "even"."""
    while index < len(tokens):
        token = tokens[index]
        # "Why X refuses" takes for granted that X does.
        stamp = (token.text[0].isdigit() and (":" in token.text or index == 0)) or (token.low == "why" and not index)
        if not (stamp or token.text in DASHES or token.low in DETERMINERS or token.low in _OPENING):
            return index
        index += 1
    return index


def begins(agent: Agent, tokens: Sequence[Token], index: int) -> bool:
    """Whether the agent is the first thing that counts from `index` on."""
    return agent.first == skip_opening(tokens, index)


def coordinated(tokens: Sequence[Token], agents: Sequence[Agent], index: int) -> tuple[Agent, ...]:
    """The agent at `index` and those joined to it: "Macron and Scholz", "France, Germany and Italy"."""
    heads = [agents[index]]
    for place in range(index + 1, len(agents)):
        between = _between(tokens, heads[-1], agents[place])
        if between in _JOINTS or (
            between == [","] and (_goes_on(tokens, agents, place) or _takes_base(tokens, agents[place]))
        ):
            heads.append(agents[place])
        else:
            break
    # "Secretary of State and acting national security adviser X" is one man.
    named = {head.actor for head in heads if head.kind == "person"}
    alone = [
        head
        for head in heads
        if head.kind == "person" or head.plural or head.kind != "title" or head.actor not in named
    ]
    return tuple(alone or heads)


def _between(tokens: Sequence[Token], one: Agent, two: Agent) -> list[str]:
    return [token.low for token in tokens[one.last : two.first] if token.low not in DETERMINERS]


def _goes_on(tokens: Sequence[Token], agents: Sequence[Agent], index: int) -> bool:
    """Whether a list goes on behind this agent: "France, Germany and Italy"."""
    return index + 1 < len(agents) and _between(tokens, agents[index], agents[index + 1]) in (*_JOINTS, [","])


def _takes_base(tokens: Sequence[Token], agent: Agent) -> bool:
    """Whether the verb behind is a plural's: "Putin, Xi back a settlement"."""
    low = tokens[agent.last].low if agent.last < len(tokens) else ""
    return any(low in forms and forms[low][1] == "base" for forms in (ACT_FORMS, SPEECH_FORMS))


def joined_before(tokens: Sequence[Token], agents: Sequence[Agent], index: int) -> bool:
    """Whether the agent only continues "urges Kyiv and …": an object, or a subject read from its first name on."""
    return index > 0 and _between(tokens, agents[index - 1], agents[index]) in (["and"], ["or"], ["&"])


def in_list(tokens: Sequence[Token], agents: Sequence[Agent], index: int) -> bool:
    """Whether the agent stands in the middle of a list: "seated Russian, Ukrainian and American envoys".

    A name behind a preposition ends a phrase and no list: "the war in Ukraine, American and British officials said".
    """
    if not index or _between(tokens, agents[index - 1], agents[index]) != [","] or not _goes_on(tokens, agents, index):
        return False
    before = tokens[agents[index - 1].first - 1].low if agents[index - 1].first else ""
    return bool(before) and (before not in PREPOSITIONS or before in {"between", "by"})


def companions(tokens: Sequence[Token], agents: Sequence[Agent], subject: Agent) -> tuple[Agent, ...]:
    """Those who do what the subject does: "Along with Paris, Germany and Italy are pushing for talks"."""
    if len(tokens) < 4 or tokens[1].low != "with" or tokens[0].low not in {"along", "together"}:
        return ()
    before = [agent for agent in agents if agent.last <= subject.first]
    if not before or before[0].first != skip_determiners(tokens, 2) or tokens[before[0].last].low not in {",", "and"}:
        return ()
    return tuple(before)


def is_plural(voices: Sequence[Agent]) -> bool:
    """Whether a verb in its base form can be theirs."""
    return len(voices) > 1 or any(voice.plural for voice in voices)


def is_outlet(words: Sequence[Token]) -> bool:
    """Whether the words are a paper, a study or a source without a country, which only pass on what others say."""
    return 0 < len(words) <= 6 and (is_source(words) or _passes_on(words[-1].low))


def is_source(words: Sequence[Token]) -> bool:
    """Whether the words are an anonymous source without a country."""
    return bool(words) and words[-1].low in _SOURCES


def _passes_on(low: str) -> bool:
    return low in OUTLET or low.removesuffix("s") in OUTLET
