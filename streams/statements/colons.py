"""Who speaks before or behind a headline's colon: "Kremlin: no talks", "'No talks': Kremlin"; a heading is nobody."""

from collections.abc import Sequence
from typing import Final

from streams.statements.agents import Agent
from streams.statements.postposed import Attribution, read_postposed
from streams.statements.predicates import read_predicate
from streams.statements.subjects import begins, coordinated, is_plural
from streams.statements.tokens import Token
from streams.statements.verb_phrases import is_auxiliary
from streams.statements.verbs import PURE_SPEECH, SPEECH_FORMS
from streams.statements.words import CONJUNCTIONS, HYPOTHETICAL, PREPOSITIONS, SPECULATIVE, vocabulary

_AT_WAR: Final = frozenset({"russia", "ukraine"})
_ADDRESSED: Final = frozenset({"to", "on", "in", "at", "after", "about", "("})
_NAME: Final = 6
_ASIDE: Final = 8
# What stands before a colon and is nobody: "Ukraine war latest: …".
_HEADINGS: Final = vocabulary(
    """war latest live updates update news briefing exclusive explainer analysis opinion watch breaking video podcast
    crisis conflict talks peace deal truce summit invasion day comment editorial letter letters review interview
    report special fact factbox timeline key recap visit trip tour meeting call
    now world europe politics morning evening daily week wrapup"""
)


def read_colon(text: str, tokens: Sequence[Token], agents: Sequence[Agent]) -> Attribution | None:
    """Return whose words the headline is, going by its first colon."""
    at = next((i for i, token in enumerate(tokens) if token.low == ":" and not token.quoted), None)
    if at is None or at in (0, len(tokens) - 1):
        return None
    words = [token for token in tokens[:at] if token.word]
    lead = [agent for agent in agents if agent.last <= at]
    if lead and lead[0].kind == "stranger" and (_is_heading(words) or _speaks(tokens, agents, at + 1)):
        return None
    if lead and begins(lead[0], tokens, 0):
        voices = coordinated(tokens, lead, 0)
        behind = [token.low for token in tokens[voices[-1].last : at]]
        if not behind:
            return _of_lead(text, tokens, agents, voices, at)
        # "Putin to Zelensky: …", "Trump on Ukraine: …", "Kyiv official to newspaper: …"
        if behind[0] in _ADDRESSED:
            return Attribution(voices)
    if 0 < len(words) <= _NAME and not _is_heading(words):
        return Attribution()
    tail = [agent for agent in agents if agent.first > at]
    behind_colon = bool(tail) and begins(tail[0], tokens, at + 1) and fills(tokens, tail)
    return Attribution(coordinated(tokens, tail, 0)) if behind_colon else None


def _of_lead(
    text: str, tokens: Sequence[Token], agents: Sequence[Agent], voices: tuple[Agent, ...], at: int
) -> Attribution | None:
    if voices[0].kind == "institution":
        # "Ukraine: Russia must end it, Zelensky says": the country is a heading.
        named = read_postposed(text, tokens[at + 1 :], _shifted(agents, at + 1), headline=True)
        if named is not None and named.agents:
            return Attribution(_shifted(named.agents, -at - 1))
        if (actor := _doer(tokens, agents, at + 1)) is not None:
            # "Ukraine: Zelensky rejects truce" and "Ukraine: Guterres urges truce" have a heading; "Ukraine: Putin
            # rejects truce" can be a claim as well.
            headed = actor == voices[0].actor or (voices[0].actor in _AT_WAR and actor not in _AT_WAR)
            return None if headed else Attribution()
    # "Zakharova: Paris is free to join, Paris: never" has two voices, and the clauses tell them apart.
    return None if _is_answered(tokens, agents, at) else Attribution(voices)


def _doer(tokens: Sequence[Token], agents: Sequence[Agent], index: int) -> str | None:
    """The actor of a person who stands at `index` and of whom nothing is demanded ("Ukraine: Putin must …")."""
    at = next((place for place, agent in enumerate(agents) if begins(agent, tokens, index)), None)
    if at is None or agents[at].kind not in ("person", "title"):
        return None
    heads = coordinated(tokens, agents, at)
    found = read_predicate(tokens, heads[-1].last, agents, headline=True, plural=is_plural(heads))
    demanded = (
        found.hedged
        if found is not None
        else heads[-1].last < len(tokens) and tokens[heads[-1].last].low in SPECULATIVE
    )
    return None if demanded else agents[at].actor


def _shifted(agents: Sequence[Agent], by: int) -> tuple[Agent, ...]:
    return tuple(agent._replace(first=agent.first - by, last=agent.last - by) for agent in agents if agent.first >= by)


def _speaks(tokens: Sequence[Token], agents: Sequence[Agent], index: int) -> bool:
    """Whether "X says" follows a heading ("Middle East: Trump says …")."""
    at = next((place for place, agent in enumerate(agents) if begins(agent, tokens, index)), None)
    if at is None or agents[at].actor is None:
        return False
    heads = coordinated(tokens, agents, at)
    found = read_predicate(tokens, heads[-1].last, agents, headline=True, plural=is_plural(heads))
    return found is not None and found.sort == "speech" and found.lemma in PURE_SPEECH


def _is_answered(tokens: Sequence[Token], agents: Sequence[Agent], at: int) -> bool:
    """Whether a second name with a colon follows."""
    later = (agent for agent in agents if agent.first > at and agent.last < len(tokens))
    return any(tokens[agent.first - 1].low in {",", ";"} and tokens[agent.last].low == ":" for agent in later)


def _is_heading(words: Sequence[Token]) -> bool:
    """Whether what stands before a colon is a heading ("Ukraine war latest"), a quotation or a clause, and no voice."""
    return any(word.quoted or word.low in _HEADINGS or has_verb(word) for word in words) or words[-1].low.isdigit()


def has_verb(token: Token) -> bool:
    """Whether the word is a verb of speech, an auxiliary or a conjunction: then no bare name stands here."""
    speech = token.low in SPEECH_FORMS and SPEECH_FORMS[token.low][1] in ("present", "past")
    return speech or is_auxiliary(token.low) or token.low in CONJUNCTIONS


def fills(tokens: Sequence[Token], agents: Sequence[Agent]) -> bool:
    """Whether the first agents and what qualifies them ("in an interview") fill the tokens to the end."""
    rest = [token for token in tokens[coordinated(tokens, agents, 0)[-1].last :] if token.low not in {".", "!", "…"}]
    if not rest or rest[0].low in {"on", "about"}:
        return True
    small = not any(token.low in HYPOTHETICAL or is_auxiliary(token.low) for token in rest)
    return len(rest) <= _ASIDE and rest[0].low in PREPOSITIONS and small
