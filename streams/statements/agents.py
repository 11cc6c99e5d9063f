"""The words of a sentence that name somebody who could speak or act; never whether they do."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from streams.catalogue import Mention, Person
from streams.catalogue.spelling import fold
from streams.records import Capacity
from streams.statements.names import find_names, in_title_case
from streams.statements.roles import ROLES
from streams.statements.tokens import Token
from streams.statements.verb_phrases import is_auxiliary, is_finite
from streams.statements.words import PRONOUNS, vocabulary

_OFFICES: Final = vocabulary(
    "president premier chancellor pope king queen prince emir pm taoiseach leader secretary chief"
)
_TITLES: Final = _OFFICES | ROLES.keys()
_POSSESSIVE: Final = frozenset({"'s", "'"})
_SAYS: Final = frozenset({",", "said", "says", "told"})


class Agent(NamedTuple):
    """Tokens `first` to `last` (exclusive) that name one voice; `start` and `end` are its name in the sentence.

    `speaker` is that name, or whom a pronoun stands for. `actor` is None where the words leave it open. `kind` is the
    catalogue's, or `pronoun`, or `stranger` for a name that the catalogue does not have.
    """

    first: int
    last: int
    start: int
    end: int
    speaker: str
    actor: str | None = None
    capacity: Capacity | None = None
    kind: str = "stranger"
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
    found: list[Agent] = []
    free = 0
    for mention in mentions:
        first, last = starts.get(mention.start), ends.get(mention.end)
        # A mention that is part of a token ("Trump-Putin", "Moscow-backed") only qualifies another word.
        if first is None or last is None or tokens[first].quoted or first < free:
            continue
        found.extend(_others(text, tokens, free, first, known))
        found.append(_agent(text, tokens, first, last, mention, people))
        free = last
    found.extend(_others(text, tokens, free, len(tokens), known))
    joined: list[Agent] = []
    for agent in found:
        whole = _join(tokens, joined[-1], agent) if joined else None
        if whole is None:
            joined.append(agent)
        else:
            joined[-1] = whole
    return joined


def _agent(
    text: str, tokens: Sequence[Token], first: int, last: int, mention: Mention, people: Mapping[str, Person]
) -> Agent:
    begin = first
    person = people.get(mention.person) if mention.person and mention.kind == "person" else None
    if person is not None:
        begin = _name_begins(tokens, first, last, person)
    kind: str = mention.kind
    if kind == "title" and (name := _name_behind_role(tokens, first, last)) is not None:
        begin, kind = name, "person"
    start, end = tokens[begin].start, tokens[last - 1].end
    plural = tokens[last - 1].low.endswith("s") and mention.kind in ("title", "unnamed", "demonym")
    return Agent(
        first, last, start, end, text[start:end], mention.actor, mention.capacity, kind, mention.person, plural
    )


def _name_behind_role(tokens: Sequence[Token], first: int, last: int) -> int | None:
    """Where a name begins in a title that goes on with one ("Professor Carl Beispiel"), or None where none does."""
    begin = last
    while begin > first and tokens[begin - 1].capital and tokens[begin - 1].low not in _TITLES:
        begin -= 1
    named = begin < last and begin > first and tokens[begin - 1].low in _TITLES
    return begin if named else None


def _name_begins(tokens: Sequence[Token], first: int, last: int, person: Person) -> int:
    """Where the name itself begins behind a title: "Italian Prime Minister Giorgia Meloni" is Giorgia Meloni."""
    parts = {fold(part) for name in (person.name, *person.also, *person.surnames) for part in name.split()}
    begin = last - 1
    while begin > first and (fold(tokens[begin - 1].text) in parts or len(tokens[begin - 1].text.rstrip(".")) == 1):
        begin -= 1
    return begin


def _others(text: str, tokens: Sequence[Token], first: int, last: int, known: Mapping[str, Agent]) -> Iterator[Agent]:
    """The pronouns and the strangers' names among tokens `first` to `last`, in order."""
    found = [
        Agent(index, index + 1, token.start, token.end, token.text, kind="pronoun", plural=token.low == "they")
        for index, token in enumerate(tokens[first:last], first)
        if token.low in PRONOUNS and not token.quoted
    ]
    for begin, stop in find_names(tokens, first, last):
        start, end = tokens[begin].start, tokens[stop - 1].end
        same = known.get(fold(tokens[stop - 1].text)) or Agent(begin, stop, start, end, text[start:end])
        found.append(same._replace(first=begin, last=stop, start=start, end=end, speaker=text[start:end]))
    yield from sorted(found)


def _join(tokens: Sequence[Token], one: Agent, two: Agent) -> Agent | None:
    """One agent of two neighbours, or None: "US ambassador to NATO, Julianne Smith", "France's Macron"."""
    between = [token.low for token in tokens[one.last : two.first]]
    if one.kind == "pronoun" or two.kind == "pronoun":
        return None
    if one.kind == "stranger":
        return _join_names(tokens, one, two) if not between else None
    if two.kind == "stranger" or between == [","]:
        return _appose(tokens, one, two, between)
    if two.kind != "person" or one.person is not None or one.plural:
        return None
    if not between and one.kind == "title":
        return two._replace(first=one.first, actor=two.actor or one.actor, capacity=two.capacity or one.capacity)
    same = one.actor is not None and one.actor == two.actor
    possessed = len(between) == 1 and between[0] in _POSSESSIVE
    return two._replace(first=one.first) if same and (possessed or not between) else None


def _appose(tokens: Sequence[Token], one: Agent, two: Agent, between: Sequence[str]) -> Agent | None:
    """The name behind a title: "Foreign Minister X", and "Ukraine's foreign minister, X," before a verb."""
    if two.kind == "stranger":
        whole = _introduce(tokens, one, two, between)
        return _with_comma(tokens, whole) if whole is not None and between else whole
    same = one.actor is not None and one.actor == two.actor and one.person in (None, two.person)
    if not same or one.kind != "title" or two.kind != "person" or one.plural:
        return None
    whole = _with_comma(tokens, two._replace(first=one.first))
    return whole if whole.last > two.last else None


def _with_comma(tokens: Sequence[Token], agent: Agent) -> Agent:
    """The agent with the comma that closes its apposition, where its verb follows: "…, Andrii Sybiha, said"."""
    if agent.last + 1 >= len(tokens) or tokens[agent.last].low != ",":
        return agent
    following = tokens[agent.last + 1].low
    return agent._replace(last=agent.last + 1) if is_auxiliary(following) or is_finite(following) else agent


def _join_names(tokens: Sequence[Token], one: Agent, two: Agent) -> Agent | None:
    """ "Oleh Vasylenko", "Ivan Putin": another given name is another man, whom the catalogue does not have."""
    if not tokens[two.first].capital:
        # "Oxford historian X": the place belongs to the role.
        return two._replace(first=one.first)
    if two.kind != "person" or (two.actor is not None and not one.first) or in_title_case(tokens):
        return None
    return Agent(one.first, two.last, one.start, two.end, f"{one.speaker} {two.speaker}")


def _introduce(tokens: Sequence[Token], one: Agent, two: Agent, between: Sequence[str]) -> Agent | None:
    """ "Foreign Minister X": the name takes the title's actor. A plural, or a bare country, introduces nobody."""
    if one.kind != "title" or one.plural or one.capacity is None or list(between) not in ([], [","]):
        return None
    if between and (two.last >= len(tokens) or tokens[two.last].low not in _SAYS):
        return None
    return one._replace(last=two.last, start=two.start, end=two.end, speaker=two.speaker, kind="person")
