"""What stands behind a subject: speech, an act, or nothing of the kind; never who the subject is."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from streams.statements.agents import Agent
from streams.statements.purposes import TRAVEL_FORMS, find_purpose
from streams.statements.tokens import MARKS, Token
from streams.statements.verb_phrases import (
    NOTHING,
    Sort,
    is_auxiliary,
    is_contracted,
    may_follow_phrase,
    read_verb,
)
from streams.statements.words import (
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    HYPOTHETICAL,
    PREPOSITIONS,
    SPECULATIVE,
    is_adverb,
    vocabulary,
)

# An apposition or a phrase between subject and verb is at most this many tokens.
_APPOSITION: Final = 32
_PHRASE: Final = 8
_APPOSED: Final = vocabulary(
    """who whose which quoted cited speaking asked pressed citing head former himself herself according addressing
    writing visiting too"""
)


class Predicate(NamedTuple):
    """The verb at token `verb`, its lemma and sort; `hedged` where a modal makes it something that may happen."""

    verb: int
    lemma: str
    sort: Sort
    hedged: bool


def read_predicate(
    tokens: Sequence[Token], index: int, agents: Sequence[Agent], *, headline: bool, plural: bool, future: bool = True
) -> Predicate | None:
    """Return what the subject that ends before token `index` says or does, or None: no subject, or no such verb.

    `plural`: the subject takes a base form. `future`: the infinitive of a headline counts ("Kyiv to resume talks"),
    as it does not for an object ("and Kyiv to resume them").
    """
    return _Scan(tokens, agents, headline, plural, future).read(index)


class _Scan:
    """Walks from a subject's end to its verb over what may stand between."""

    def __init__(
        self, tokens: Sequence[Token], agents: Sequence[Agent], headline: bool, plural: bool, future: bool
    ) -> None:
        self.tokens, self.headline, self.plural, self.future = tokens, headline, plural, future
        self.firsts = {agent.first for agent in agents}
        self.names_end = frozenset(agent.last for agent in agents)
        parted = [agent for agent in agents if not agent.first or tokens[agent.first - 1].low in {",", ";"}]
        # "Ukraine: Guterres urges truce" has a heading.
        headings = {agent.last for agent in parted if agent.kind == "institution" and agent.last + 1 in self.firsts}
        self.introduced = {agent.last for agent in parted if agent.kind != "stranger"} - headings
        self.placed = {agent.first: agent.last for agent in agents if agent.kind in ("institution", "metonym")}
        self.modal = self.passive = self.crossed = False

    def read(self, index: int) -> Predicate | None:
        begun = index
        while 0 <= index < len(self.tokens):
            low = self.tokens[index].low
            following = self._auxiliary(index)
            if following > index:
                index = following
                continue
            journey = self._journey(index)
            if journey is not None:
                return journey
            verb = read_verb(
                self.tokens,
                index,
                self.names_end,
                headline=self.headline,
                passive=self.passive,
                plural=self.plural,
            )
            if verb is not None:
                return None if verb == NOTHING else Predicate(index, *verb, self.modal)
            if low == ":" and self._introduces(index, begun):
                return Predicate(index, "say", "speech", False)
            index = self._aside(index)
        return None

    def _auxiliary(self, index: int) -> int:
        """The token behind an auxiliary, an adverb or a mark; `index` where there is none."""
        low = self.tokens[index].low
        if is_auxiliary(low):
            self.modal |= low.removesuffix("n't") in SPECULATIVE
            self.passive |= low.removesuffix("n't") in BE
            self.plural = True
        elif low == "not" and not self.plural and self.headline:
            # "Kyiv not invited" has lost its "is"; "Kyiv not ready" has too, and is caught as an adjective.
            self.passive = True
        elif low == "to" and self.headline and self.future:
            self.future, self.plural = False, True
        elif low == "'s" and self.headline and is_contracted(self.tokens, index + 1):
            self.passive = True
        elif is_adverb(low) or low.isdigit() or low in MARKS:
            # "Russia is likely to reject the plan": what may happen.
            self.modal |= low in {"likely", "unlikely"}
        else:
            return index
        return index + 1

    def _journey(self, index: int) -> Predicate | None:
        """The act for which somebody travels: "flies to Moscow to urge a truce"."""
        found = TRAVEL_FORMS.get(self.tokens[index].low)
        if found is None or self.passive or found[1] == "gerund" or (found[1] == "base" and not self.plural):
            return None
        purpose = find_purpose(self.tokens, index + 1)
        return None if purpose is None else Predicate(purpose, self.tokens[purpose].low, "act", self.modal)

    def _introduces(self, index: int, begun: int) -> bool:
        """Whether a colon right behind a name gives it the word: "…, Paris: never"."""
        last = index == len(self.tokens) - 1
        return self.headline and index == begun and not last and index in self.introduced

    def _aside(self, index: int) -> int:
        """The token behind a bracket, an apposition or a phrase; -1 where none of them begins."""
        low = self.tokens[index].low
        if low == "(":
            return self._behind(index, ")")
        if low == "," and not self.crossed:
            self.crossed = True
            return self._behind(index, ",") if self._apposed(index + 1) else -1
        if low in PREPOSITIONS and not self.passive and not self.modal:
            return self._behind_place(index) or self._behind_phrase(index)
        return -1

    def _behind(self, index: int, closer: str) -> int:
        for place in range(index + 1, min(len(self.tokens), index + _APPOSITION)):
            token = self.tokens[place]
            if token.low == closer and not token.quoted:
                return place + 1
            if token.low in {";", ":"}:
                break
        return -1

    def _apposed(self, index: int) -> bool:
        """Whether an apposition begins here: "the president of Ukraine", "who met Macron", "speaking in Paris"."""
        if index >= len(self.tokens):
            return False
        low = self.tokens[index].low
        small = low in DETERMINERS or low in PREPOSITIONS or low in _APPOSED or is_adverb(low)
        return small or index in self.firsts or low.endswith("ing") or low.isdigit()

    def _behind_place(self, index: int) -> int:
        """The infinitive behind a headline's "in Moscow", whose verb of travel is left out; 0 where none stands."""
        place = self.placed.get(index + 1, 0)
        there = self.headline and self.tokens[index].low == "in" and place < len(self.tokens)
        return place if there and place and find_purpose(self.tokens, place - 1) == place + 1 else 0

    def _behind_phrase(self, index: int) -> int:
        """The first token behind "in Kyiv on Friday", "of Georgetown University": where a verb may stand; else -1."""
        for place in range(index + 1, min(len(self.tokens), index + _PHRASE)):
            low = self.tokens[place].low
            if low == ",":
                return place
            if low in CONJUNCTIONS or low in HYPOTHETICAL or low in {";", ":", "that"}:
                return -1
            if low == "to" and place + 1 not in self.firsts:
                # An infinitive; "in a letter to Putin" goes on.
                return -1
            if place > index + 1 and may_follow_phrase(self.tokens, place, plural=self.plural):
                return place
        return -1
