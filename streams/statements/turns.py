"""Where somebody's words end and the narrator, or somebody else, takes over; never who speaks."""

from collections.abc import Sequence
from typing import Final

from streams.statements.agents import Agent
from streams.statements.openings import STOPS
from streams.statements.predicates import read_predicate
from streams.statements.subjects import coordinated, is_plural, skip_opening
from streams.statements.tokens import DASHES, Token
from streams.statements.verbs import PURE_SPEECH, SPEECH_FORMS
from streams.statements.words import CONJUNCTIONS, HYPOTHETICAL, PREPOSITIONS

_TURNS: Final = frozenset({"while", "whereas", "but", "as", "after", "and"})
# The subject of a verb of speech is at most this long.
_SUBJECT: Final = 14


def speech_ends(tokens: Sequence[Token], agents: Sequence[Agent], verb: int, *, headline: bool) -> int:
    """Where the narrator takes over again behind a verb of speech."""
    for index in range(verb + 1, len(tokens)):
        token, before = tokens[index], tokens[index - 1]
        if token.quoted:
            continue
        if token.low == ";":
            return index + 1
        parted = before.low == "," or before.text in DASHES or before.quoted
        turns = (token.low in _TURNS and parted) or (headline and token.low == "as")
        if turns and _turns(tokens, agents, index + 1, headline=headline, spoken=not headline):
            return index + 1
        if token.low == "and" and not headline and _turns(tokens, agents, index + 1, headline=headline, spoken=True):
            return index + 1
        if token.low == "," and headline and _turns(tokens, agents, index + 1, headline=headline, spoken=True):
            return index + 1
    return len(tokens)


def _turns(tokens: Sequence[Token], agents: Sequence[Agent], index: int, *, spoken: bool, headline: bool) -> bool:
    """Whether somebody else begins to say or do something at `index`; `spoken`: only to say counts."""
    first = skip_opening(tokens, index)
    at = next((place for place, agent in enumerate(agents) if agent.first == first), None)
    if at is None or tokens[index].low == "that":
        return False
    voices = coordinated(tokens, agents, at)
    found = read_predicate(tokens, voices[-1].last, agents, headline=headline, plural=is_plural(voices))
    told = found is not None and found.lemma in PURE_SPEECH and voices[0].kind not in ("pronoun", "stranger")
    return found is not None and (told if spoken else True)


def act_ends(tokens: Sequence[Token], verb: int) -> int:
    """Where the narrator goes on behind an act; what follows a colon is the actor's: "rules out more: Kyiv must go"."""
    for index in range(verb + 1, len(tokens)):
        if tokens[index].low == ":" and not tokens[index].quoted:
            return len(tokens)
        if tokens[index].low in {"as", "while", ";", ","}:
            break
    return verb + 1


def speech_of_a_stranger(tokens: Sequence[Token], first: int) -> int | None:
    """The verb of speech of a subject that is no known voice: "A Putin ally says Kyiv will refuse"."""
    if first < len(tokens) and (tokens[first].low in PREPOSITIONS or tokens[first].low.endswith("ing")):
        return None
    for index in range(first, min(len(tokens), first + _SUBJECT)):
        token = tokens[index]
        if token.low in STOPS or token.low in CONJUNCTIONS or token.low in HYPOTHETICAL or token.text in DASHES:
            return None
        if token.quoted or index == first or token.low not in SPEECH_FORMS:
            continue
        lemma, form = SPEECH_FORMS[token.low]
        if form in ("present", "past") and (lemma in PURE_SPEECH or lemma in {"tell", "warn", "fear", "doubt", "hope"}):
            return index
    return None
