"""Joins a country or an institution to the role behind it: "Polish far-right leader", "Duma committee chief"."""

from collections.abc import Sequence
from typing import Final

from streams.catalogue.actors import NO_ACTOR
from streams.statements.agents import Agent
from streams.statements.roles import ROLES, capacity_of
from streams.statements.tokens import Token
from streams.statements.verbs import ACT_FORMS, SPEECH_FORMS
from streams.statements.words import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    HYPOTHETICAL,
    PREPOSITIONS,
    PRONOUNS,
    is_adverb,
    vocabulary,
)

# So many words may stand between the country and the role.
_BETWEEN: Final = 4
_STAFF: Final = vocabulary(
    "adviser advisor aide spokesman spokeswoman spokesperson office envoy team government administration negotiator"
)
_BELONGING: Final = vocabulary("member leader head chief chair deputy speaker chairman chairwoman director")
# These are where they are sent, not whom they speak for.
_ROVING: Final = vocabulary(
    "envoy ambassador negotiator mediator delegation delegate team mission representative emissary"
)
_STATES: Final = frozenset({"institution", "metonym", "demonym"})


def join_roles(text: str, tokens: Sequence[Token], agents: Sequence[Agent]) -> list[Agent]:
    """Return the agents with roles joined to the country before them, and with experts introduced by their role."""
    joined: list[Agent] = []
    free = 0
    for agent in sorted((*agents, *_lone_roles(text, tokens, agents)), key=lambda one: (one.first, -one.last)):
        if agent.first < free:
            # The words of a larger name: "Institute" in "a Warsaw institute analyst".
            continue
        whole = _with_place(text, tokens, _with_role(text, tokens, agent, agents) or agent, agents)
        joined.append(whole)
        free = whole.last
    return joined


def _lone_roles(text: str, tokens: Sequence[Token], agents: Sequence[Agent]) -> list[Agent]:
    """Roles that name no country before them: "a Green member of the Bundestag", "a conflict researcher in Uppsala"."""
    taken = {index for agent in agents for index in range(agent.first, agent.last)}
    by_first = {agent.first: agent for agent in agents if agent.kind in _STATES and agent.actor is not None}
    found: list[Agent] = []
    for index, token in enumerate(tokens[:-1]):
        if token.quoted or index in taken or (token.low not in ROLES and token.low not in _BELONGING):
            continue
        begin = _phrase_begins(tokens, index, taken)
        if begin is None:
            continue
        words = frozenset(one.low for one in tokens[begin : index + 1])
        place = next((by_first[at] for at in (index + 2, index + 3) if at in by_first), None)
        owned = place is not None and tokens[index + 1].low in {"of", "at", "from"}
        if owned and place is not None:
            capacity = place.capacity if token.low in _BELONGING else capacity_of(token.low, words, place.capacity)
            actor: str | None = place.actor
        elif ROLES.get(token.low) == "expert":
            capacity, actor = "expert", NO_ACTOR
        else:
            continue
        start, end = tokens[begin].start, token.end
        found.append(Agent(begin, index + 1, start, end, text[start:end], actor, capacity, "title"))
    return found


def _phrase_begins(tokens: Sequence[Token], index: int, taken: set[int]) -> int | None:
    """The first word of the phrase that ends in the role at `index`, behind its article; None where it has none."""
    for place in range(index - 1, max(-1, index - _BETWEEN - 2), -1):
        if tokens[place].low in DETERMINERS:
            return place + 1
        if place in taken or not tokens[place].word or _stops(tokens[place]):
            return None
    return 0 if index <= 2 else None


def _with_role(text: str, tokens: Sequence[Token], agent: Agent, agents: Sequence[Agent]) -> Agent | None:
    if agent.kind == "stranger":
        return _expert(text, tokens, agent, agents)
    if agent.actor is None or agent.kind not in (*_STATES, "person"):
        return None
    stop = _role_ends(tokens, agent.last)
    if stop is None or (agent.kind == "person" and not _is_staff(tokens, agent, stop)):
        return None
    between = frozenset(token.low for token in tokens[agent.last : stop - 1])
    before = frozenset(token.low for token in tokens[max(0, agent.first - 2) : agent.first])
    role = tokens[stop - 1].low
    capacity = capacity_of(role, between | before, agent.capacity)
    kind = "unnamed" if capacity == "unnamed" else "title"
    # A Kremlin watcher is not the Kremlin's, though a Saudi analyst is Saudi.
    actor = NO_ACTOR if capacity == "expert" and agent.kind != "demonym" else agent.actor
    start, end = agent.start, tokens[stop - 1].end
    whole = agent._replace(
        person=None,
        last=stop,
        end=end,
        speaker=text[start:end],
        actor=actor,
        capacity=capacity,
        kind=kind,
        plural=role.endswith("s"),
    )
    named = next((other for other in agents if other.first == stop and other.kind in ("stranger", "person")), None)
    if named is None or whole.plural:
        return whole
    if named.actor is not None:
        return named._replace(first=agent.first)
    return whole._replace(last=named.last, start=named.start, end=named.end, speaker=named.speaker, kind="person")


def _is_staff(tokens: Sequence[Token], agent: Agent, stop: int) -> bool:
    """Whether the role is one of a leader's own people: "Zelensky's economy adviser", and not "Putin critic"."""
    return tokens[agent.last].low in {"'s", "'"} and tokens[stop - 1].low in _STAFF


def _with_place(text: str, tokens: Sequence[Token], agent: Agent, agents: Sequence[Agent]) -> Agent:
    """ "The government in Budapest", "a deputy transport minister in Kyiv": the place says for whom it speaks."""
    if agent.actor is not None or agent.kind not in ("title", "institution") or agent.plural:
        return agent
    begin = agent.first
    while begin > 0 and agent.first - begin < _BETWEEN and _qualifies(tokens[begin - 1]):
        begin -= 1
    start = tokens[begin].start
    whole = agent._replace(first=begin, start=start, speaker=text[start : agent.end])
    if (
        agent.last + 1 >= len(tokens)
        or tokens[agent.last].low not in {"in", "of"}
        or tokens[agent.last - 1].low in _ROVING
    ):
        return whole
    first = agent.last + 1 + (tokens[agent.last + 1].low == "the")
    place = next((other for other in agents if other.first == first and other.kind in _STATES), None)
    return whole._replace(actor=place.actor) if place is not None else whole


def _qualifies(token: Token) -> bool:
    """Whether a word before an office belongs to it: "deputy transport minister"."""
    if not token.word or token.quoted or token.capital or _stops(token) or token.low in DETERMINERS:
        return False
    return token.low not in HYPOTHETICAL and not is_adverb(token.low)


def _role_ends(tokens: Sequence[Token], index: int) -> int | None:
    """The token behind the last role word of the noun phrase that goes on at `index`; None where it names no role."""
    if index < len(tokens) and tokens[index].low in {"'s", "'"}:
        index += 1
    found: int | None = None
    for place in range(index, min(len(tokens), index + _BETWEEN + 1)):
        token = tokens[place]
        if not token.word or token.quoted:
            break
        if token.low in ROLES:
            found = place + 1
            continue
        if found is not None or _stops(token):
            break
    return found


def _stops(token: Token) -> bool:
    low = token.low
    if (
        low in AUXILIARIES
        or low in CONJUNCTIONS
        or low in PREPOSITIONS
        or low in PRONOUNS
        or low in {"to", "that", "who"}
    ):
        return True
    finite = SPEECH_FORMS.get(low) or ACT_FORMS.get(low)
    return finite is not None and finite[1] in ("present", "past")


def _expert(text: str, tokens: Sequence[Token], agent: Agent, agents: Sequence[Agent]) -> Agent | None:
    """ "Oxford historian Margaret MacMillan" is an expert, who speaks for no state."""
    if agent.first == 0:
        return None
    before = tokens[agent.first - 1].low
    if ROLES.get(before) == "expert":
        return agent._replace(actor=NO_ACTOR, capacity="expert", kind="person")
    return None
