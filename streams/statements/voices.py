"""Who speaks or acts in one sentence; never what it means, and never what came before it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from streams.statements.agents import Agent
from streams.statements.attributions import find_attribution
from streams.statements.clauses import read_clauses
from streams.statements.noun_acts import read_noun_acts
from streams.statements.owners import give_owner
from streams.statements.parts import Part, cut_parts
from streams.statements.publisher import headline_ends
from streams.statements.tokens import Token
from streams.statements.verb_phrases import Sort


class Voice(NamedTuple):
    """One agent and whether it speaks or acts.

    `outlet` is who passes the words on, where somebody does; `unnamed`: they rest on an anonymous source alone. `part`
    holds the characters of the sentence that are this voice's own, where others have their parts too.
    """

    agent: Agent
    sort: Sort
    outlet: str | None = None
    unnamed: bool = False
    part: tuple[int, int] | None = None


def find_voices(
    text: str, tokens: Sequence[Token], agents: Sequence[Agent], *, headline: bool, home: str | None = None
) -> list[Voice]:
    """Return the voices of a sentence, each agent's words once, in order.

    `home` is the state whose press the outlet is, where it is one: a ministry without a country is that state's.
    """
    if headline:
        tokens = tokens[: headline_ends(tokens)]
    found = [(part, _read_part(text, tokens, agents, part, headline, home)) for part in _parts(tokens)]
    if _spoken_by_others([voices for _, voices in found]):
        found = [(part, [_own(voice, tokens[part]) for voice in voices]) for part, voices in found]
    return [voice for _, voices in found for voice in voices]


def _parts(tokens: Sequence[Token]) -> Iterator[slice]:
    """A semicolon parts two sentences that happen to share a full stop."""
    start = 0
    for index, token in enumerate(tokens):
        if token.low == ";" and not token.quoted:
            yield slice(start, index)
            start = index + 1
    yield slice(start, len(tokens))


def _read_part(
    text: str, tokens: Sequence[Token], agents: Sequence[Agent], part: slice, headline: bool, home: str | None
) -> list[Voice]:
    inside = [agent for agent in agents if part.start <= agent.first < part.stop]
    local = [agent._replace(first=agent.first - part.start, last=agent.last - part.start) for agent in inside]
    return [
        voice._replace(
            agent=voice.agent._replace(first=voice.agent.first + part.start, last=voice.agent.last + part.start)
        )
        for voice in _read(text, tokens[part], local, headline, home)
    ]


def _spoken_by_others(found: Sequence[Sequence[Voice]]) -> bool:
    """Whether two sides of a semicolon speak for different actors; what nobody else says goes on what was said."""
    actors = [{voice.agent.actor for voice in voices} for voices in found if voices]
    return any(None not in one | two and one.isdisjoint(two) for one, two in pairwise(actors))


def _own(voice: Voice, tokens: Sequence[Token]) -> Voice:
    return voice if voice.part is not None else voice._replace(part=(tokens[0].start, tokens[-1].end))


def _read(text: str, tokens: Sequence[Token], agents: Sequence[Agent], headline: bool, home: str | None) -> list[Voice]:
    found = find_attribution(text, tokens, agents, headline=headline)
    outlet, unnamed = None, False
    if found is not None:
        owned = (give_owner(tokens, agents, agent, headline=headline, home=home) for agent in found.agents)
        found = found._replace(agents=tuple(owned))
        sourced = [agent for agent in found.agents if agent.actor is None and agent.kind == "unnamed"]
        if sourced:
            # A source without a country passes on what somebody does; what it says of itself is nobody's.
            outlet, unnamed = sourced[0].speaker, True
        elif found.agents or found.outlet is None:
            return [Voice(agent, "speech", found.outlet) for agent in found.agents]
        else:
            outlet, unnamed = found.outlet, found.unnamed
    if headline and outlet is None and _asks(tokens):
        return []
    clauses = read_clauses(tokens, agents, headline=headline)
    acts = [
        Voice(
            give_owner(tokens, agents, frame.agent, headline=headline, home=home), frame.predicate.sort, outlet, unnamed
        )
        for frame in clauses.frames
        if not (frame.predicate.hedged and frame.predicate.sort == "act") and frame.agent.speaker != outlet
    ]
    # What stands in somebody's words is that speaker's claim, nouns included.
    narrated = [agent for agent in agents if not any(agent.first in span for span in clauses.spoken)]
    nouns = [Voice(agent, "act", outlet, unnamed) for agent in read_noun_acts(tokens, narrated)]
    # "Swiss offer to mediate": the noun or the verb, it is the state's, where a mere adjective is no voice.
    taken = {voice.agent.first for voice in nouns}
    acts = [*(one for one in acts if one.agent.kind != "demonym" or one.agent.first not in taken), *nouns]
    parts = cut_parts(tokens, clauses.frames)
    if len(parts) > 1:
        acts = [_within(voice, tokens, parts) for voice in acts]
    return list({voice.agent.first: voice for voice in reversed(acts)}.values())[::-1]


def _within(voice: Voice, tokens: Sequence[Token], parts: Sequence[Part]) -> Voice:
    part = next((part for part in parts if part.first <= voice.agent.first < part.last), None)
    return voice if part is None else voice._replace(part=(tokens[part.first].start, tokens[part.last - 1].end))


def _asks(tokens: Sequence[Token]) -> bool:
    return any(token.low == "?" and not token.quoted for token in tokens)
