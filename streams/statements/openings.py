"""Where a clause may begin, and the subject behind a phrase that opens a sentence; never what the subject does."""

from collections.abc import Iterator, Sequence
from typing import Final

from streams.statements.agents import Agent
from streams.statements.predicates import read_predicate
from streams.statements.subjects import skip_determiners
from streams.statements.tokens import DASHES, Token
from streams.statements.verb_phrases import is_finite
from streams.statements.words import CONJUNCTIONS, DETERMINERS, PREPOSITIONS, TIMES, vocabulary

STOPS: Final = frozenset({",", ";", ":", "(", ")", "…"})
_DOCUMENTS: Final = vocabulary("statement communique communiqué readout declaration message letter note")
_FROM: Final = frozenset({"from", "by", "of"})
_ARTICLES: Final = frozenset({"the", "a", "an"})
_LEADS: Final = (
    PREPOSITIONS | TIMES | vocabulary("one two three four five six seven eight nine ten several some many back")
)


def beginnings(tokens: Sequence[Token]) -> Iterator[int]:
    """Where a clause may begin: at the start, behind a comma, a dash, a closed quotation or a conjunction."""
    if tokens:
        yield 0
    for index in range(1, len(tokens)):
        before = tokens[index - 1]
        if tokens[index].quoted:
            continue
        if before.quoted or before.low in STOPS or before.text in DASHES or before.low in CONJUNCTIONS:
            yield index


def behind_document(tokens: Sequence[Token], agents: Sequence[Agent], index: int) -> int | None:
    """The agent whose paper begins at `index` and speaks for it: "a statement from the chancellery said"."""
    if index + 2 >= len(tokens) or tokens[index].low not in _DOCUMENTS or tokens[index + 1].low not in _FROM:
        return None
    first = skip_determiners(tokens, index + 2)
    return next((place for place, agent in enumerate(agents) if agent.first == first and agent.actor), None)


def behind_opening_phrase(tokens: Sequence[Token], agents: Sequence[Agent], *, headline: bool) -> int | None:
    """The subject behind a phrase without its comma: "On the anniversary China issues a plan"."""
    if tokens[0].low not in _LEADS:
        return None
    for index, agent in enumerate(agents):
        before = tokens[agent.first - 1]
        if any(token.low in STOPS or is_finite(token.low) for token in tokens[: agent.first]):
            break
        named = agent.first
        while named and tokens[named - 1].low in DETERMINERS:
            named -= 1
        dated = all(token.low in _LEADS or token.low.isdigit() for token in tokens[:named])
        if not dated and not headline:
            # "After its session the cabinet said": the article before it parts the subject from the phrase.
            parted = before.low in _ARTICLES or agent.kind == "pronoun"
            found = read_predicate(tokens, agent.last, agents, headline=headline, plural=True, future=False)
            if parted and found is not None and found.sort == "speech":
                return index
            continue
        if dated:
            return index
        if not before.word or before.low in PREPOSITIONS | DETERMINERS | CONJUNCTIONS or before.low.endswith("s"):
            continue
        if read_predicate(tokens, agent.last, agents, headline=headline, plural=False, future=False) is not None:
            return index
    return None
