"""The narrator's own clauses: who says or does something in each; never what is inside somebody's words."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from streams.statements.agents import Agent
from streams.statements.predicates import Predicate, read_predicate
from streams.statements.subjects import coordinated, is_plural, joined_before, skip_opening
from streams.statements.tokens import DASHES, Token
from streams.statements.verbs import ACT_FORMS, SPEECH_FORMS
from streams.statements.words import CONJUNCTIONS, HYPOTHETICAL, PREPOSITIONS, vocabulary

_OPEN_CONDITIONS: Final = vocabulary("until unless if whether lest")
_STOPS: Final = frozenset({",", ";", ":", "(", ")", "…"})


class Frame(NamedTuple):
    """One voice and what it says or does, the verb at token `verb`."""

    agent: Agent
    predicate: Predicate


class Clauses(NamedTuple):
    """The frames in order, and the ranges of tokens that are somebody's words and no longer the narrator's."""

    frames: list[Frame]
    spoken: list[range]


def read_clauses(tokens: Sequence[Token], agents: Sequence[Agent], *, headline: bool) -> Clauses:
    """Return the frames of the narrator's clauses.

    A subject is only who stands where a clause begins, so that an object ("urges Putin to accept") is none; and what
    follows a verb of speech is that speaker's, so that nobody in it is one either.
    """
    frames: list[Frame] = []
    spoken: list[range] = []
    covered = 0
    for begin in _beginnings(tokens):
        if begin < covered:
            continue
        if _condition(tokens, begin):
            continue
        if _hypothetical(tokens, begin):
            covered = _next_stop(tokens, begin)
            continue
        first = skip_opening(tokens, begin)
        heads = [index for index, agent in enumerate(agents) if agent.first == first]
        if heads and begin and joined_before(tokens, agents, heads[0]):
            continue
        voices = coordinated(tokens, agents, heads[0]) if heads else ()
        predicate = (
            read_predicate(tokens, voices[-1].last, agents, headline=headline, plural=is_plural(voices))
            if voices
            else None
        )
        if predicate is None and headline and voices and not begin:
            predicate = _later_verb(tokens, voices[-1].last)
        if predicate is None:
            verb = _speech_of_a_stranger(tokens, first)
            if verb is not None:
                covered = _end_of_speech(tokens, verb, agents, headline=headline)
                spoken.append(range(begin, covered))
            continue
        frames.extend(Frame(agent, predicate) for agent in voices)
        if predicate.sort == "speech":
            covered = _end_of_speech(tokens, predicate.verb, agents, headline=headline)
            spoken.append(range(predicate.verb, covered))
        else:
            covered = _behind_colon(tokens, predicate.verb) if headline else predicate.verb + 1
    return Clauses(frames, spoken)


def _beginnings(tokens: Sequence[Token]) -> Iterator[int]:
    """Where a clause may begin: at the start, behind a comma, a dash, a closed quotation or a conjunction."""
    if tokens:
        yield 0
    for index in range(1, len(tokens)):
        before = tokens[index - 1]
        if tokens[index].quoted:
            continue
        if before.quoted or before.low in _STOPS or before.text in DASHES or before.low in CONJUNCTIONS:
            yield index


def _later_verb(tokens: Sequence[Token], index: int) -> Predicate | None:
    """What the headline's first subject does in a second verb: "Stubb plays golf with Trump, proposes a deadline"."""
    for place in range(index + 1, len(tokens)):
        token, before = tokens[place], tokens[place - 1].low
        if token.quoted or token.text in DASHES or token.low in {";", ":", "?", "as", "while", "after"}:
            return None
        found = ACT_FORMS.get(token.low) or SPEECH_FORMS.get(token.low)
        if before in {",", "and", "but"} and found is not None and found[1] == "present":
            return Predicate(place, found[0], "speech" if token.low in SPEECH_FORMS else "act", False)
    return None


def _behind_colon(tokens: Sequence[Token], verb: int) -> int:
    """Where the narrator goes on behind an act; what follows a colon is the actor's: "rules out more: Kyiv must go"."""
    for index in range(verb + 1, len(tokens)):
        if tokens[index].low == ":" and not tokens[index].quoted:
            return len(tokens)
        if tokens[index].low in {"as", "while", ";"}:
            break
    return verb + 1


def _condition(tokens: Sequence[Token], begin: int) -> bool:
    """Whether the clause goes on a condition begun before it ("until Kyiv votes and …", "only after …")."""
    if tokens[begin - 1].low == "after" and begin > 1 and tokens[begin - 2].low in {"only", "until"}:
        return True
    for index in range(begin - 1, -1, -1):
        low = tokens[index].low
        if tokens[index].quoted or low in {",", ";", "as", "while", ":"}:
            return False
        if low in _OPEN_CONDITIONS:
            return True
    return False


def _hypothetical(tokens: Sequence[Token], begin: int) -> bool:
    return tokens[begin].low in HYPOTHETICAL


def _next_stop(tokens: Sequence[Token], begin: int) -> int:
    for index in range(begin + 1, len(tokens)):
        if tokens[index].low in {",", ";"}:
            return index + 1
    return len(tokens)


def _speech_of_a_stranger(tokens: Sequence[Token], first: int) -> int | None:
    """The verb of speech of a subject that is no known voice: "A Putin ally says Kyiv will refuse"."""
    if first < len(tokens) and tokens[first].low in PREPOSITIONS:
        return None
    for index in range(first, min(len(tokens), first + 14)):
        token = tokens[index]
        if token.low in _STOPS or token.low in CONJUNCTIONS or token.low in HYPOTHETICAL or token.text in DASHES:
            return None
        if token.quoted:
            continue
        if token.low in SPEECH_FORMS and index > first and SPEECH_FORMS[token.low][1] in ("present", "past"):
            return index
    return None


def _end_of_speech(tokens: Sequence[Token], verb: int, agents: Sequence[Agent], *, headline: bool) -> int:
    """Where the narrator takes over again behind a verb of speech."""
    firsts = {agent.first for agent in agents}
    for index in range(verb + 1, len(tokens)):
        token = tokens[index]
        if token.quoted:
            continue
        if token.low == ";":
            return index + 1
        parted = tokens[index - 1].low == "," or tokens[index - 1].text in DASHES or tokens[index - 1].quoted
        turns = token.low in {"while", "whereas", "but", "as", "after", "and"} and parted
        if turns or (headline and token.low == "as"):
            first = skip_opening(tokens, index + 1)
            if first in firsts and _turns(tokens, first, agents, headline=headline):
                return index + 1
    return len(tokens)


def _turns(tokens: Sequence[Token], first: int, agents: Sequence[Agent], *, headline: bool) -> bool:
    index = next(i for i, agent in enumerate(agents) if agent.first == first)
    voices = coordinated(tokens, agents, index)
    predicate = read_predicate(tokens, voices[-1].last, agents, headline=headline, plural=is_plural(voices))
    return predicate is not None and (headline or predicate.sort == "speech")
