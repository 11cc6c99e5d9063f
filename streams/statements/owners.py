"""Whose minister "…, minister says" is: the state whose own doings the headline reports; in doubt nobody's."""

from collections.abc import Sequence
from typing import Final

from streams.statements.agents import Agent
from streams.statements.predicates import read_predicate
from streams.statements.subjects import begins, coordinated, is_plural
from streams.statements.tokens import DASHES, MARKS, Token
from streams.statements.verb_phrases import is_auxiliary
from streams.statements.words import SPECULATIVE, vocabulary

_OWN: Final = vocabulary("its his her their")
# A person's own people: "Zelensky signs decree — presidential office".
_HOUSEHOLD: Final = vocabulary("office spokesman spokeswoman spokesperson administration aide adviser")
_TOLD: Final = vocabulary("told tells asked reminded assured")
# What a state's own officials say of it. Of another state one says that it must, should, wants, rejects or blocks.
_CLAIMS: Final = vocabulary(
    """want reject refuse dismiss spurn block insist seek demand threaten fear hope believe think know try ignore deny
    need deserve break violate oppose rebuff snub hate trust mistrust"""
)
# Each says of the other what no ministry says of its own state; in either's press a bare ministry is its own.
_AT_WAR: Final = frozenset({"russia", "ukraine"})
# Their ministry has another name: "… — Foreign Ministry" is never theirs.
_WITHOUT: Final = vocabulary("united-states united-kingdom european-union nato united-nations vatican")
# A house style: in this war only Russia's press and its like spell it so.
_SPELT: Final = "kiev"


def give_owner(
    tokens: Sequence[Token], agents: Sequence[Agent], title: Agent, *, headline: bool, home: str | None
) -> Agent:
    """Return the agent with the state that it speaks for, where the sentence or the outlet says it; else unchanged.

    Only titles and offices without a state, and pronouns, are given one.
    """
    if title.actor is not None or title.kind in ("stranger", "unnamed", "person"):
        return title
    dashed = _stands_behind_dash(tokens, title)
    if home is None and headline and dashed and any(token.low == _SPELT and not token.quoted for token in tokens):
        home = "russia"
    first = next((agent for agent in agents if agent.actor is not None and agent.kind != "demonym"), None)
    if first is not None and first.first < title.first and begins(first, tokens, 0):
        if title.kind == "pronoun":
            named = headline and first.kind in ("person", "title")
            return title._replace(actor=first.actor, capacity=first.capacity) if named else title
        owned = title.first > 0 and tokens[title.first - 1].low in _OWN
        if owned or (headline and _reports_its_own(tokens, agents, first, title, home)):
            return title._replace(actor=first.actor)
    if (audience := _parliament(tokens, agents, title)) is not None:
        return title._replace(actor=audience)
    if home is not None and headline and title.kind in ("title", "institution"):
        enemy = any({agent.actor, home} == _AT_WAR for agent in agents)
        # "Kiev ready for talks — presidential office" can be either's office.
        return title if enemy and tokens[title.last - 1].low in _HOUSEHOLD else title._replace(actor=home)
    return title


def _parliament(tokens: Sequence[Token], agents: Sequence[Agent], title: Agent) -> str | None:
    """The state whose parliament the title speaks to: "the chancellor told the Bundestag"."""
    if title.kind != "title" or title.last >= len(tokens) or tokens[title.last].low not in _TOLD:
        return None
    near = (agent for agent in agents if title.last < agent.first <= title.last + 2 and agent.kind == "institution")
    return next((agent.actor for agent in near if agent.capacity == "legislature"), None)


def _reports_its_own(
    tokens: Sequence[Token], agents: Sequence[Agent], first: Agent, title: Agent, home: str | None
) -> bool:
    """Whether the headline tells what the state itself does, as its own officials tell it."""
    heads = coordinated(tokens, agents, agents.index(first))
    near = first.kind in ("institution", "metonym") or tokens[title.last - 1].low in _HOUSEHOLD
    if title.kind not in ("title", "institution") or len(heads) > 1 or not near:
        return False
    if {first.actor, home} == _AT_WAR or (tokens[title.last - 1].low == "ministry" and first.actor in _WITHOUT):
        return False
    predicate = read_predicate(tokens, first.last, agents, headline=True, plural=is_plural(heads))
    if predicate is None:
        return _goes_on(tokens, first.last) and (home is None or first.actor == home)
    if predicate.hedged:
        return False
    # In one state's press a claim about another state is that press's own side's.
    if predicate.lemma not in _CLAIMS:
        return True
    doubtful = home is None and first.actor in _AT_WAR - {"russia"} and _stands_behind_dash(tokens, title)
    return title.kind == "institution" and home in (None, first.actor) and not doubtful


def _goes_on(tokens: Sequence[Token], index: int) -> bool:
    """Whether an auxiliary or a participle follows: "Russia waiting for guarantees", "Moscow \"cannot allow\" …"."""
    while index < len(tokens) and tokens[index].low in MARKS:
        index += 1
    low = tokens[index].low if index < len(tokens) else ""
    return low.endswith("ing") or (is_auxiliary(low) and low not in SPECULATIVE)


def _stands_behind_dash(tokens: Sequence[Token], title: Agent) -> bool:
    """Whether the name stands where an agency puts whom it quotes: "… — Foreign Ministry"."""
    return title.first > 0 and tokens[title.first - 1].text in DASHES
