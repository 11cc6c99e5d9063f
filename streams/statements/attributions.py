"""Whose words a whole sentence is: "X: …", "… — X", "According to X, …"; never acts."""

from collections.abc import Sequence
from typing import Final

from streams.statements.agents import Agent
from streams.statements.postposed import Attribution, pass_on, read_inverted, read_postposed
from streams.statements.predicates import read_predicate
from streams.statements.subjects import begins, coordinated, is_outlet, is_plural, skip_determiners
from streams.statements.tokens import DASHES, Token
from streams.statements.verbs import PURE_SPEECH, SPEECH_FORMS
from streams.statements.words import AUXILIARIES, CONJUNCTIONS, HYPOTHETICAL, PREPOSITIONS, vocabulary

_ADDRESSED: Final = frozenset({"to", "on", "in", "at", "after", "about", "("})
# What stands behind a dash and is nobody: "– live", "— in pictures".
_LABELS: Final = vocabulary(
    "live in top updates video photos analysis explained watch but and with as here for if then"
)


# What stands before a colon and is nobody: "Ukraine war latest: …".
_HEADINGS: Final = vocabulary(
    """war latest live updates update news briefing exclusive explainer analysis opinion watch breaking video podcast
    crisis conflict talks peace deal truce summit invasion day comment editorial letter letters review interview
    report special fact factbox timeline key recap now world europe politics morning evening daily week wrapup"""
)


def find_attribution(
    text: str, tokens: Sequence[Token], agents: Sequence[Agent], *, headline: bool
) -> Attribution | None:
    """Return whose words the sentence is as a whole, or None where a narrator speaks."""
    if len(tokens) < 3:
        return None
    if headline:
        found = _read_colon(text, tokens, agents) or _read_dash(text, tokens, agents)
        if found is not None:
            return found
    return (
        (_read_according(text, tokens, agents) if tokens[0].low == "according" else None)
        or read_postposed(text, tokens, agents, headline=headline)
        or read_inverted(text, tokens, agents, headline=headline)
        or _read_according(text, tokens, agents)
    )


def _read_colon(text: str, tokens: Sequence[Token], agents: Sequence[Agent]) -> Attribution | None:
    """Read "Kremlin: no talks before spring", and the mirror image "'No talks before spring': Kremlin"."""
    at = next((i for i, token in enumerate(tokens) if token.low == ":" and not token.quoted), None)
    if at is None or at in (0, len(tokens) - 1):
        return None
    words = [token for token in tokens[:at] if token.word]
    lead = [agent for agent in agents if agent.last <= at]
    strange = bool(lead) and lead[0].kind == "stranger"
    if strange and (_is_label(words) or _speaks(tokens, agents, at + 1)):
        return None
    if lead and begins(lead[0], tokens, 0):
        voices = coordinated(tokens, lead, 0)
        behind = [token.low for token in tokens[voices[-1].last : at]]
        # "Putin to Zelensky: …", "Trump on Ukraine: …", "Kyiv official to newspaper: …"
        if not behind and voices[0].kind == "institution":
            # "Ukraine: Russia must end it, Zelensky says": the country is a heading.
            named = read_postposed(text, tokens[at + 1 :], _shifted(agents, at + 1), headline=True)
            if named is not None and named.agents:
                return Attribution(_shifted(named.agents, -at - 1))
        if not behind and _answered(tokens, agents, at):
            # "Zakharova: Paris is free to join, Paris: never" has two voices, and the clauses tell them apart.
            return None
        if not behind or behind[0] in _ADDRESSED:
            return Attribution(voices)
    if words and len(words) <= 6 and not _is_label(words):
        return Attribution()
    tail = [agent for agent in agents if agent.first > at]
    if tail and begins(tail[0], tokens, at + 1) and _fill(tokens, tail, len(tokens)):
        return Attribution(coordinated(tokens, tail, 0))
    return None


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


def _answered(tokens: Sequence[Token], agents: Sequence[Agent], at: int) -> bool:
    return any(
        agent.first > at
        and tokens[agent.first - 1].low in {",", ";"}
        and agent.last < len(tokens)
        and tokens[agent.last].low == ":"
        for agent in agents
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
        if tail and begins(tail[0], tokens, at + 1) and _fill(tokens, tail, len(tokens)):
            return Attribution(coordinated(tokens, tail, 0))
        if not words or len(words) > 6 or words[0].low in _LABELS:
            return None
        return None if any(_finite(word) for word in words) else Attribution()
    return None


def _is_label(words: Sequence[Token]) -> bool:
    """Whether what stands before a colon is a heading ("Ukraine war latest"), a quotation or a clause, and no voice."""
    return any(word.quoted or word.low in _HEADINGS or _finite(word) for word in words) or words[-1].low.isdigit()


def _finite(token: Token) -> bool:
    speech = token.low in SPEECH_FORMS and SPEECH_FORMS[token.low][1] in ("present", "past")
    return speech or token.low in AUXILIARIES or token.low in CONJUNCTIONS


def _fill(tokens: Sequence[Token], agents: Sequence[Agent], last: int) -> bool:
    """Whether the first agents and what qualifies them ("in an interview") fill the tokens up to `last`."""
    rest = tokens[coordinated(tokens, agents, 0)[-1].last : last]
    rest = [token for token in rest if token.low not in {".", "!", "…"}]
    if not rest:
        return True
    small = not any(token.low in HYPOTHETICAL or token.low in AUXILIARIES for token in rest)
    return rest[0].low in {"on", "about"} or (len(rest) <= 8 and rest[0].low in PREPOSITIONS and small)


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
