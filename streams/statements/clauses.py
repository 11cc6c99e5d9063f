"""The narrator's own clauses: who says or does something in each; never what is inside somebody's words."""

from collections.abc import Sequence
from typing import NamedTuple

from streams.statements.agents import Agent
from streams.statements.openings import STOPS, beginnings, behind_document, behind_opening_phrase
from streams.statements.participles import later_participle, opening_participle
from streams.statements.predicates import Predicate, read_predicate
from streams.statements.subjects import companions, coordinated, in_list, is_plural, joined_before, skip_opening
from streams.statements.subordinate import in_condition, skip_condition
from streams.statements.tokens import DASHES, Token
from streams.statements.turns import act_ends, speech_ends, speech_of_a_stranger
from streams.statements.verbs import ACT_FORMS, SPEECH_FORMS
from streams.statements.words import CONJUNCTIONS


class Frame(NamedTuple):
    """One voice, what it says or does, and the token with which its clause begins."""

    agent: Agent
    predicate: Predicate
    begin: int


class Clauses(NamedTuple):
    """The frames in order, and the ranges of tokens that are somebody's words and no longer the narrator's."""

    frames: list[Frame]
    spoken: list[range]


def read_clauses(tokens: Sequence[Token], agents: Sequence[Agent], *, headline: bool) -> Clauses:
    """Return the frames of the narrator's clauses.

    A subject is only who stands where a clause begins, so that an object ("urges Putin to accept") is none; and what
    follows a verb of speech is that speaker's, so that nobody in it is one either.
    """
    reader = _Reader(tokens, agents, headline)
    frames: list[Frame] = []
    spoken: list[range] = []
    covered = 0
    for begin in beginnings(tokens):
        if begin < covered or in_condition(tokens, begin):
            continue
        covered = skip_condition(tokens, begin)
        if covered > begin:
            continue
        voices = reader.voices(begin)
        predicate = reader.predicate(voices, begin) if voices else None
        if predicate is None:
            verb = speech_of_a_stranger(tokens, skip_opening(tokens, begin))
            if verb is not None:
                covered = speech_ends(tokens, agents, verb, headline=headline)
                spoken.append(range(begin, covered))
            continue
        frames.extend(Frame(agent, predicate, begin) for agent in (*companions(tokens, agents, voices[0]), *voices))
        if predicate.sort == "speech":
            covered = speech_ends(tokens, agents, predicate.verb, headline=headline)
            spoken.append(range(predicate.verb, covered))
        else:
            covered = act_ends(tokens, predicate.verb) if headline else predicate.verb + 1
    opening = reader.opening_act()
    if opening is not None and not any(frame.agent == opening.agent for frame in frames):
        frames.insert(0, opening)
    return Clauses(frames, spoken)


class _Reader:
    """One sentence, and the questions that its clauses raise."""

    def __init__(self, tokens: Sequence[Token], agents: Sequence[Agent], headline: bool) -> None:
        self.tokens, self.agents, self.headline = tokens, agents, headline
        self._at = {agent.first: index for index, agent in enumerate(agents)}

    def voices(self, begin: int) -> tuple[Agent, ...]:
        """The subject of the clause at `begin`; empty where it is no name, or one that only goes on a list."""
        opening = skip_opening(self.tokens, begin)
        index = self._at.get(opening)
        if index is None:
            index = behind_document(self.tokens, self.agents, opening)
        if index is None and not begin:
            index = behind_opening_phrase(self.tokens, self.agents, headline=self.headline)
        if index is None:
            return ()
        if begin and (joined_before(self.tokens, self.agents, index) or in_list(self.tokens, self.agents, index)):
            return ()
        return coordinated(self.tokens, self.agents, index)

    def predicate(self, voices: Sequence[Agent], begin: int) -> Predicate | None:
        """What the clause's subject says or does."""
        future = not begin or self.tokens[begin - 1].low not in {",", "and", "but", "or"}
        found = self._read(voices[-1].last, plural=is_plural(voices), future=future)
        if found is None and not begin:
            found = (self.headline and self._later_verb(voices[-1].last)) or self._later_act(voices[-1].last)
        # "It remains to be seen" is nobody's doing.
        nobody = found is not None and found.lemma == "remain" and self.tokens[voices[0].first].low == "it"
        return None if nobody else found

    def opening_act(self) -> Frame | None:
        """What the subject does in a phrase before it: "Rejecting Putin's demand, Zelensky …"."""
        found = opening_participle(self.tokens)
        subject = None if found is None else self._at.get(skip_opening(self.tokens, found[1] + 1))
        if found is None or subject is None or in_list(self.tokens, self.agents, subject):
            return None
        return Frame(self.agents[subject], Predicate(0, found[0], "act", False), 0)

    def _later_act(self, index: int) -> Predicate | None:
        """What the subject does beside something else: "Zelensky met envoys in Paris, rejecting every truce"."""
        found = later_participle(self.tokens, index, self._begins_clause)
        return None if found is None else Predicate(found[1], found[0], "act", False)

    def _begins_clause(self, index: int) -> bool:
        """Whether somebody else becomes the subject at `index`."""
        named = self._at.get(index)
        if named is None or self.tokens[index - 1].low not in STOPS | CONJUNCTIONS:
            return False
        return self._read(self.agents[named].last, plural=True, future=False) is not None

    def _read(self, index: int, *, plural: bool, future: bool) -> Predicate | None:
        return read_predicate(self.tokens, index, self.agents, headline=self.headline, plural=plural, future=future)

    def _later_verb(self, index: int) -> Predicate | None:
        """What a headline's first subject does in a second verb: "Stubb plays golf with Trump, proposes a date"."""
        for place in range(index + 1, len(self.tokens)):
            token, before = self.tokens[place], self.tokens[place - 1].low
            if token.quoted or token.text in DASHES or token.low in {";", ":", "?", "as", "while", "after"}:
                return None
            found = ACT_FORMS.get(token.low) or SPEECH_FORMS.get(token.low)
            if before in {",", "and", "but"} and found is not None and found[1] == "present":
                return Predicate(place, found[0], "speech" if token.low in SPEECH_FORMS else "act", False)
        return None
