"""The words of a sentence that name somebody who could speak or act; never whether they do."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from streams.catalogue import Mention, Person
from streams.catalogue.spelling import fold
from streams.records import Capacity
from streams.statements.tokens import Token
from streams.statements.verbs import ACT_FORMS, SPEECH_FORMS
from streams.statements.words import (
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTIONS,
    TIMES,
    is_adverb,
    vocabulary,
)

_POSSESSIVE: Final = frozenset({"'s", "'"})
_LONGEST_NAME: Final = 4


class Agent(NamedTuple):
    """Tokens `first` to `last` (exclusive) that name one voice; `start` and `end` are its name in the sentence.

    `actor` is None where the words leave it open. `kind` is the catalogue's, or `pronoun`, or `stranger` for a name
    that the catalogue does not have.
    """

    first: int
    last: int
    start: int
    end: int
    speaker: str
    actor: str | None
    capacity: Capacity | None
    kind: str
    person: str | None = None
    plural: bool = False


def find_agents(
    text: str,
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    people: Mapping[str, Person],
    known: Mapping[str, Agent],
) -> list[Agent]:
    """Return the agents outside quotation marks, in order, none overlapping another.

    `mentions` are the catalogue's, with offsets in `text`; `people` are the catalogue's too; `known` holds people
    whom the article introduced itself (folded surname to agent).
    """
    starts = {token.start: index for index, token in enumerate(tokens)}
    ends = {token.end: index + 1 for index, token in enumerate(tokens)}
    taken: list[Agent] = []
    free = 0
    for mention in mentions:
        first, last = starts.get(mention.start), ends.get(mention.end)
        # A mention that is part of a token ("Trump-Putin", "Moscow-backed") only qualifies another word.
        if first is None or last is None or tokens[first].quoted or first < free:
            continue
        taken.extend(_strangers(text, tokens, free, first, known))
        taken.append(_agent(text, tokens, first, last, mention, people))
        free = last
    taken.extend(_strangers(text, tokens, free, len(tokens), known))
    return _joined(text, tokens, taken)


def _agent(
    text: str, tokens: Sequence[Token], first: int, last: int, mention: Mention, people: Mapping[str, Person]
) -> Agent:
    begin = first
    if mention.person is not None and mention.kind == "person" and mention.person in people and last - first > 1:
        begin = _name_begins(tokens, first, last, people[mention.person])
    start, end = tokens[begin].start, tokens[last - 1].end
    plural = tokens[last - 1].low.endswith("s") and mention.kind in ("title", "unnamed", "demonym")
    return Agent(
        first, last, start, end, text[start:end], mention.actor, mention.capacity, mention.kind, mention.person, plural
    )


def _name_begins(tokens: Sequence[Token], first: int, last: int, person: Person) -> int:
    """Where the name itself begins behind a title: "Italian Prime Minister Giorgia Meloni" is Giorgia Meloni."""
    parts = {fold(part) for name in (person.name, *person.also, *person.surnames) for part in name.split()}
    begin = last - 1
    while begin > first and (fold(tokens[begin - 1].text) in parts or len(tokens[begin - 1].text.rstrip(".")) == 1):
        begin -= 1
    return begin


def _strangers(text: str, tokens: Sequence[Token], first: int, last: int, known: Mapping[str, Agent]) -> list[Agent]:
    """Pronouns and names that the catalogue does not know, among tokens `first` to `last`."""
    found: list[Agent] = []
    index = first
    while index < last:
        token = tokens[index]
        if token.quoted or not token.word:
            index += 1
        elif token.low in PRONOUNS:
            found.append(
                Agent(
                    index,
                    index + 1,
                    token.start,
                    token.end,
                    token.text,
                    None,
                    None,
                    "pronoun",
                    None,
                    token.low == "they",
                )
            )
            index += 1
        elif _is_name(tokens, index):
            stop = index + 1
            while stop < last and stop - index < _LONGEST_NAME and _is_name(tokens, stop):
                stop += 1
            start, end = token.start, tokens[stop - 1].end
            same = known.get(fold(tokens[stop - 1].text))
            found.append(
                same._replace(first=index, last=stop, start=start, end=end, speaker=text[start:end])
                if same
                else Agent(index, stop, start, end, text[start:end], None, None, "stranger")
            )
            index = stop
        else:
            index += 1
    return found


def _is_name(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    if not token.word or not token.capital or token.quoted:
        return False
    low = token.low
    if low in DETERMINERS or low in TIMES or low in QUESTIONS or low in SPEECH_FORMS or low in ACT_FORMS:
        return False
    return index > 0 or not (low in _OPENING or low in PREPOSITIONS or low in CONJUNCTIONS or is_adverb(low))


_OPENING: Final = vocabulary(
    """in on at but and as while after before for from with by to of if when although though however yet so then there
    here no not nor or since until unless because according despite during under over amid both neither either
    meanwhile earlier later also even such his her their its our we you i they he she it my your"""
)


def _joined(text: str, tokens: Sequence[Token], agents: list[Agent]) -> list[Agent]:
    """Join a title to the name behind or before it: "US ambassador to NATO, Julianne Smith", "France's Macron"."""
    joined: list[Agent] = []
    for agent in agents:
        before = joined[-1] if joined else None
        if before is not None and (whole := _join(tokens, before, agent)) is not None:
            joined[-1] = whole
        else:
            joined.append(agent)
    return joined


def _join(tokens: Sequence[Token], one: Agent, two: Agent) -> Agent | None:
    between = [token.low for token in tokens[one.last : two.first]]
    if not between and one.kind == "stranger" and two.kind == "person" and (two.actor is None or one.first > 0):
        # "Oleh Vasylenko", "Ivan Putin": another given name is another man.
        return (
            None
            if _titlecase(tokens)
            else two._replace(
                first=one.first,
                start=one.start,
                speaker=f"{one.speaker} {two.speaker}",
                actor=None,
                person=None,
                kind="stranger",
            )
        )
    if one.kind == "pronoun" or two.kind == "pronoun":
        return None
    if between in ([], [","]) and two.kind == "stranger" and one.kind in ("title", "unnamed", "institution", "demonym"):
        # "Foreign Minister X": the name takes the title's actor. A plural, or a bare country, introduces nobody.
        if one.plural or one.capacity is None or one.kind != "title" or (between and not _closes(tokens, two.last)):
            return None
        return one._replace(last=two.last, start=two.start, end=two.end, speaker=two.speaker, kind="person")
    if not between and one.kind == "title" and two.kind == "person" and not one.plural:
        return two._replace(first=one.first, actor=two.actor or one.actor, capacity=two.capacity or one.capacity)
    if between and between[0] in _POSSESSIVE and len(between) == 1 and two.kind == "person" and two.actor:
        if one.actor == two.actor and one.person is None:
            return two._replace(first=one.first)
    if not between and one.actor is not None and one.actor == two.actor and two.kind == "person" and one.person is None:
        return two._replace(first=one.first)
    return None


def _titlecase(tokens: Sequence[Token]) -> bool:
    """Whether the sentence is a headline With Its Words in Capitals, where a capital says nothing."""
    words = [token for token in tokens if token.word and len(token.text) > 3]
    return len(words) > 3 and sum(token.capital for token in words) > 0.7 * len(words)


def _closes(tokens: Sequence[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].low in {",", "said", "says", "told"}
