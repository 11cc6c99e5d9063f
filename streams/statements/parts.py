"""A sentence of several voices to the part that is each one's own: "X refuses as Y agrees"; never who they are.

What the other one says or does would be read as this one's stance. A part is cut off only where a comma, a dash or a
conjunction divides two clauses with subjects of their own that speak for different actors.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from streams.statements.clauses import Frame
from streams.statements.tokens import DASHES, Token
from streams.statements.words import CONJUNCTIONS, PREPOSITIONS, TIMES

_DIVIDES: Final = CONJUNCTIONS | {",", ";"}


class Part(NamedTuple):
    """Tokens `first` to `last` (exclusive) of the sentence."""

    first: int
    last: int


class _Clause(NamedTuple):
    begin: int
    verb: int
    actors: frozenset[str | None]
    hedged: bool


def cut_parts(tokens: Sequence[Token], frames: Sequence[Frame]) -> list[Part]:
    """Return the parts in order; one alone where the sentence is one voice's, or cannot be cut without doubt."""
    clauses = _clauses(frames)
    cuts: list[tuple[int, int]] = []
    for index, (one, two) in enumerate(pairwise(clauses)):
        stop = begin = two.begin
        while tokens[begin].low in CONJUNCTIONS:
            begin += 1
        while stop > one.verb and (tokens[stop - 1].low in _DIVIDES or tokens[stop - 1].text in DASHES):
            stop -= 1
        behind = clauses[index + 2].begin if index + 2 < len(clauses) else len(tokens)
        told = _says_something(tokens[one.verb + 1 : stop]) and _says_something(tokens[two.verb + 1 : behind])
        if told and stop < begin and _differ(one, two):
            cuts.append((stop, begin))
    starts = [0, *(begin for _, begin in cuts)]
    stops = [*(stop for stop, _ in cuts), len(tokens)]
    return [Part(*bounds) for bounds in zip(starts, stops, strict=True)]


def _clauses(frames: Sequence[Frame]) -> list[_Clause]:
    """The clauses of the frames: those who share a verb share a clause."""
    by_verb: dict[int, _Clause] = {}
    for frame in frames:
        verb = frame.predicate.verb
        known = by_verb.get(verb, _Clause(frame.begin, verb, frozenset(), frame.predicate.hedged))
        # A pronoun without an actor can be anybody, the other one too.
        actor = None if frame.agent.kind == "pronoun" else frame.agent.speaker
        by_verb[verb] = known._replace(actors=known.actors | {frame.agent.actor or actor})
    return sorted(by_verb.values())


def _differ(one: _Clause, two: _Clause) -> bool:
    """Whether they speak for different actors; "…, but Kyiv must go first" goes on the words before it."""
    return not two.hedged and None not in one.actors | two.actors and one.actors.isdisjoint(two.actors)


def _says_something(tokens: Sequence[Token]) -> bool:
    """Whether words stand there: "…, as Lavrov admitted on Friday" only comments on the clause before it."""
    return any(token.word and token.low not in TIMES | PREPOSITIONS for token in tokens)
