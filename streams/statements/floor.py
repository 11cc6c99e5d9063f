"""Who has the floor: carries speakers across sentences by pronoun, title and surname; in doubt it names nobody."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from streams.catalogue import Catalogue
from streams.catalogue.spelling import fold
from streams.statements.agents import Agent
from streams.statements.roles import FITTING
from streams.statements.subjects import coordinated
from streams.statements.tokens import Token
from streams.statements.voices import Voice
from streams.statements.women import WOMEN
from streams.statements.words import DETERMINERS, PERSONAL

# A pronoun reaches back over this many sentences at most, a title over a few more.
_PRONOUN_REACH: Final = 2
_TITLE_REACH: Final = 6
_PERSONS: Final = frozenset({"person", "title", "stranger", "unnamed"})


class Floor:
    """What one article has said so far about who speaks. Sentences are counted by the caller, from 0."""

    def __init__(self, catalogue: Catalogue, on: date) -> None:
        self._catalogue = catalogue
        self._on = on
        self._speaker: Agent | None = None
        self._speaker_at = -99
        self._subject: Agent | None = None
        self._subject_at = -99
        self._titled: list[tuple[int, str, Agent]] = []
        self.known: dict[str, Agent] = {}

    @property
    def speaker(self) -> Agent | None:
        """Who spoke last."""
        return self._speaker

    def resolve(self, tokens: Sequence[Token], agents: Sequence[Agent], at: int) -> list[Agent]:
        """Return the agents with pronouns and bare titles given the actor they stand for, where that is plain."""
        subject = self._first_subject(tokens, agents)
        either = subject is not None and self._are_several(tokens, agents, subject)
        return [
            agent
            if either and agent.kind == "pronoun" and not agent.plural
            else self._resolve(tokens, agent, subject, at)
            for agent in agents
        ]

    def _resolve(self, tokens: Sequence[Token], agent: Agent, subject: Agent | None, at: int) -> Agent:
        if agent.actor is not None or agent.kind in ("stranger", "person"):
            return agent
        if agent.kind != "pronoun":
            antecedent = self._of_title(tokens, agent, at)
        elif subject is not None and subject.first < agent.first and subject.kind in ("person", "stranger", "title"):
            # "Trump was brief, even as he backed away": the sentence's own subject comes first.
            antecedent = subject if self._fits(agent, subject) else None
        else:
            antecedent = self._of_pronoun(agent, at)
        if antecedent is None or antecedent.actor is None:
            return agent
        capacity = antecedent.capacity
        speaker = antecedent.speaker if agent.kind == "pronoun" or antecedent.kind == "person" else agent.speaker
        return agent._replace(actor=antecedent.actor, capacity=capacity, person=antecedent.person, speaker=speaker)

    def _of_pronoun(self, agent: Agent, at: int) -> Agent | None:
        """The subject of the sentence before, else whoever spoke last; never one whose sex or number does not fit."""
        for candidate, since in ((self._subject, self._subject_at), (self._speaker, self._speaker_at)):
            if candidate is None or at - since > _PRONOUN_REACH:
                continue
            return candidate if self._fits(agent, candidate) else None
        return None

    def _fits(self, pronoun: Agent, candidate: Agent) -> bool:
        low = pronoun.speaker.lower()
        if low in PERSONAL:
            return candidate.kind in _PERSONS and not candidate.plural and not self._other_sex(low, candidate)
        return candidate.plural if low == "they" else candidate.kind in ("institution", "metonym")

    @staticmethod
    def _other_sex(low: str, candidate: Agent) -> bool:
        # An office's holder is inferred, and the catalogue may be behind the news; a name is certain.
        named = candidate.kind == "person" and candidate.person is not None
        return named and (candidate.person in WOMEN) != (low == "she")

    def _of_title(self, tokens: Sequence[Token], agent: Agent, at: int) -> Agent | None:
        """Whom "the president" names: the one so titled before, or whoever has the floor where the word fits."""
        word = tokens[agent.last - 1].low
        matching = [
            (since, other)
            for since, title, other in self._titled
            if at - since <= _TITLE_REACH * 3
            and (agent.speaker.lower() in title or (word in title.split() and agent.last - agent.first == 1))
        ]
        if matching:
            actors = {(other.actor, other.person) for _, other in matching}
            if len(actors) == 1:
                return matching[-1][1]
            floor = self._speaker if at - self._speaker_at <= _PRONOUN_REACH else None
            held = [
                other for _, other in matching if floor and other.person == floor.person and other.actor == floor.actor
            ]
            return held[-1] if held else None
        if agent.speaker.lower().startswith("former ") and at - self._subject_at <= _PRONOUN_REACH:
            return self._subject if self._subject is not None and self._subject.kind == "person" else None
        if agent.first == 0 or tokens[agent.first - 1].low not in DETERMINERS:
            return None
        near = self._speaker if at - self._speaker_at <= _PRONOUN_REACH else None
        if near is None or near.kind not in _PERSONS or near.capacity not in FITTING.get(word, ()):
            return None
        return near

    def hear(self, tokens: Sequence[Token], agents: Sequence[Agent], voices: Sequence[Voice], at: int) -> None:
        """Take note of a sentence's agents, its voices among them, and of the people whom it introduces."""
        for agent in agents:
            self._introduce(tokens, agent, at)
        speakers = [voice.agent for voice in voices if voice.sort == "speech"]
        if not speakers and len({voice.agent.actor for voice in voices}) > 1:
            # "Putin refused and Zelensky agreed. He …": either can be meant.
            self._speaker, self._subject = None, None
            return
        first = speakers[0] if speakers else self._first_subject(tokens, agents)
        if len(speakers) == 1:
            self._speaker, self._speaker_at = self._named(speakers[0]), at
        elif speakers:
            self._speaker, self._speaker_at = None, -99
        if first is not None and not speakers and self._are_several(tokens, agents, first):
            # "Putin and Trump spoke for an hour. He …": either can be meant.
            self._speaker, self._subject = None, None
        elif first is not None and self._is_somebody_else(first):
            # "She received Zelensky. He thanked her. She …": whoever "he" is, "she" is still the one before.
            pass
        elif first is not None:
            self._subject, self._subject_at = self._named(first), at
        elif not speakers and any(token.word and not token.quoted for token in tokens):
            self._subject = self._subject if at - self._subject_at <= 1 else None

    @staticmethod
    def _are_several(tokens: Sequence[Token], agents: Sequence[Agent], subject: Agent) -> bool:
        """Whether a singular pronoun could mean any of several: "Putin and Trump"."""
        heads = coordinated(tokens, agents, agents.index(subject))
        return len({(head.actor, head.person) for head in heads if head.kind in _PERSONS}) > 1

    def _is_somebody_else(self, agent: Agent) -> bool:
        """Whether a pronoun without an antecedent is of the other sex than the subject so far."""
        unknown = agent.kind == "pronoun" and agent.actor is None and agent.speaker.lower() in PERSONAL
        return unknown and self._subject is not None and self._other_sex(agent.speaker.lower(), self._subject)

    @staticmethod
    def _first_subject(tokens: Sequence[Token], agents: Sequence[Agent]) -> Agent | None:
        for agent in agents:
            if agent.first <= 1 or all(tokens[i].low in DETERMINERS or not tokens[i].word for i in range(agent.first)):
                return agent
            before = tokens[agent.first - 1].low
            if tokens[agent.first - 1].quoted:
                # "“…,” Trump wrote. “…,” he added."
                return agent
            if before == "," or (before in DETERMINERS and agent.first > 1 and tokens[agent.first - 2].low == ","):
                return agent
        return None

    def _named(self, agent: Agent) -> Agent:
        """A pronoun that was resolved keeps the name it stands for."""
        if agent.kind != "pronoun" or agent.actor is None:
            return agent
        for _, _, other in reversed(self._titled):
            if other.actor == agent.actor and other.person == agent.person:
                return other
        return agent._replace(kind="person")

    def _introduce(self, tokens: Sequence[Token], agent: Agent, at: int) -> None:
        if agent.kind == "pronoun" or agent.actor is None:
            return
        words = [token.low for token in tokens[agent.first : agent.last]]
        if agent.kind == "person" and agent.person is not None:
            words.extend(self._offices(agent.person))
        self._titled.append((at, " ".join(words), agent))
        if agent.kind == "person" and agent.person is None:
            surname = fold(agent.speaker.split()[-1])
            self.known[surname] = agent

    def _offices(self, person: str) -> list[str]:
        found = self._catalogue.people.get(person)
        if found is None:
            return []
        offices = self._catalogue.offices
        held = [offices[tenure.office] for tenure in found.held(self._on) if tenure.office in offices]
        return [word.lower() for office in held for word in office.words]
