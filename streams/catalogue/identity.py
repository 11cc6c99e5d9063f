"""Phrases to mentions: which person a name means on that day, in that text; an open case stays open, never guessed."""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import SequenceMatcher

from streams.catalogue.actors import NO_ACTOR, Actor, Mention, MentionKind, Office, Person
from streams.catalogue.lexicon import Usage
from streams.catalogue.phrases import Phrase
from streams.catalogue.spelling import Word, fold
from streams.records import Capacity

_DETERMINERS = frozenset(
    {"the", "a", "an", "this", "one", "another", "two", "three", "four", "several", "some", "his", "her", "their"}
)
_IN_OFFICE = frozenset({"leader", "government"})
_KINDS: dict[str, MentionKind] = {
    "actor": "institution",
    "institution": "institution",
    "metonym": "metonym",
    "demonym": "demonym",
}


class Identity:
    """Decides who is meant, given the catalogue's people, offices and the usage of names."""

    def __init__(self, actors: Mapping[str, Actor], people: Mapping[str, Person], usage: Usage) -> None:
        self._actors = actors
        self._people = people
        self._suffixes = frozenset(map(fold, usage.person_suffixes))
        self._common = frozenset(map(fold, usage.common))
        self._rare = frozenset(map(fold, usage.rare))
        givens = {fold(part) for person in people.values() for part in person.name.split()[:-1]}
        self._givens = frozenset(map(fold, usage.given_names)) | givens
        self._holders: dict[tuple[str, str], list[Person]] = {}
        for person in people.values():
            for tenure in person.tenures:
                holders = self._holders.setdefault((tenure.actor, tenure.office), [])
                if person not in holders:
                    holders.append(person)

    def holder(self, actor: str, office: str, on: date) -> Person | None:
        """The one person the catalogue knows to hold that office on that day, or None."""
        holders = [
            person
            for person in self._holders.get((actor, office), ())
            if any(tenure.covers(on) for tenure in person.tenures if (tenure.actor, tenure.office) == (actor, office))
        ]
        return holders[0] if len(holders) == 1 else None

    def mentions(self, text: str, words: list[Word], phrases: list[Phrase], on: date) -> list[Mention]:
        """Return the mentions the phrases make, in order."""
        reading = _Reading(self, text, words, phrases, on)
        return [mention for phrase in phrases if (mention := reading.mention(phrase)) is not None]


class _Reading:
    """One text on one day: the people named in full and the actors named help to decide the short names."""

    def __init__(self, house: Identity, text: str, words: list[Word], phrases: list[Phrase], on: date) -> None:
        self.house, self.text, self.words, self.on = house, text, words, on
        self.full: set[str] = set()
        self.named: set[str] = set()
        self.strangers: set[str] = set()
        for phrase in phrases:
            if phrase.state is not None:
                self.named.add(phrase.state.value)
            entries = phrase.names or phrase.owner
            if not entries:
                continue
            if entries[0].kind == "full":
                self.full.update(entry.value for entry in entries)
            elif phrase.names and self._stranger(phrase):
                self.strangers.add(fold(entries[0].name))

    def mention(self, phrase: Phrase) -> Mention | None:
        if phrase.names:
            return self._person(phrase)
        if phrase.office is not None:
            return self._title(phrase, phrase.office)
        if phrase.state is not None:
            state = phrase.state
            return self._make(phrase, state.value, None, state.capacity, _KINDS[state.kind])
        if phrase.owner:
            phrase.names = phrase.owner
            return self._person(phrase)
        return None

    def _make(
        self, phrase: Phrase, actor: str | None, person: str | None, capacity: Capacity | None, kind: MentionKind
    ) -> Mention:
        start, end = self.words[phrase.first].start, self.words[phrase.last - 1].end
        if self.text[end : end + 1] == "." and self.text[end - 2 : end - 1] == ".":
            end += 1
        return Mention(start, end, self.text[start:end], actor, person, capacity, kind)

    def _person(self, phrase: Phrase) -> Mention | None:
        following = self.words[phrase.last].text if phrase.last < len(self.words) else ""
        if fold(following) in self.house._suffixes and following[0].isupper():
            return None
        person = self._who(phrase)
        if person is None:
            return self._make(phrase, None, None, None, "person")
        actor, capacity = person.standing(self.on)
        return self._make(phrase, actor, person.id, capacity, "person")

    def _who(self, phrase: Phrase) -> Person | None:
        """The person a name means, or None where text and date leave it open."""
        candidates = [self.house._people[entry.value] for entry in phrase.names]
        if phrase.state is not None:
            candidates = [
                person for person in candidates if person.standing(self.on)[0] == phrase.state.value
            ] or candidates
        full = phrase.names[0].kind == "full"
        if not full:
            in_full = [person for person in candidates if person.id in self.full]
            if len(in_full) == 1 and not self._stranger(phrase):
                return in_full[0]
            if self._stranger(phrase) and not self._confirmed(phrase, candidates):
                return None
            surname = fold(phrase.names[0].name)
            if surname in self.strangers and not phrase.office:
                return None
            candidates = self._careful(surname, phrase, candidates)
        if len(candidates) > 1:
            candidates = [person for person in candidates if person.standing(self.on)[1] in _IN_OFFICE]
        return candidates[0] if len(candidates) == 1 else None

    def _careful(self, surname: str, phrase: Phrase, candidates: list[Person]) -> list[Person]:
        if self._confirmed(phrase, candidates):
            return candidates
        if surname in self.house._rare:
            return []
        if surname in self.house._common:
            return [person for person in candidates if person.standing(self.on)[0] in self.named]
        return candidates

    def _confirmed(self, phrase: Phrase, candidates: Iterable[Person]) -> bool:
        """Whether the words before the name say whose voice it is, and the catalogue agrees."""
        if phrase.state is not None:
            return any(person.standing(self.on)[0] == phrase.state.value for person in candidates)
        if phrase.office is None:
            return False
        return any(tenure.office == phrase.office.id for person in candidates for tenure in person.held(self.on))

    def _stranger(self, phrase: Phrase) -> bool:
        """Whether the surname follows a given name that is not the person's: "Hunter Biden"."""
        if phrase.name_first <= 0 or phrase.names[0].kind == "full":
            return False
        before, word = self.words[phrase.name_first - 1], self.words[phrase.name_first]
        if phrase.name_first > phrase.first or self.text[before.end : word.start] not in {" ", ". "}:
            return False
        given = fold(before.text)
        if not before.text[0].isupper() or given not in self.house._givens:
            return False
        own = (fold(part) for entry in phrase.names for part in self.house._people[entry.value].name.split()[:-1])
        return not any(SequenceMatcher(None, given, part).ratio() >= 0.75 for part in own)

    def _title(self, phrase: Phrase, office: Office) -> Mention | None:
        owner = self._owner(phrase)
        actor = phrase.state.value if phrase.state else owner or office.actor
        if actor is None and not office.bare and not self._determined(phrase):
            return None
        capacity = self._capacity(phrase, office)
        if actor is None and capacity == "expert":
            actor = NO_ACTOR
        kind: MentionKind = "unnamed" if capacity == "unnamed" else "institution" if office.institution else "title"
        person = None
        if actor and owner is None and not (phrase.former or phrase.deputy or phrase.opposition):
            office_id = (self.house._actors[actor].head or "") if office.id == "leader" else office.id
            person = self.house.holder(actor, office_id, self.on)
        return self._make(phrase, actor, person.id if person else None, capacity, kind)

    def _owner(self, phrase: Phrase) -> str | None:
        standings = {self.house._people[entry.value].standing(self.on) for entry in phrase.owner}
        return next(iter(standings))[0] if len(standings) == 1 else None

    def _determined(self, phrase: Phrase) -> bool:
        return phrase.first > 0 and self.words[phrase.first - 1].text.lower() in _DETERMINERS

    def _capacity(self, phrase: Phrase, office: Office) -> Capacity:
        capacity = office.capacity
        state = phrase.state
        if office.transparent and state is not None and state.kind == "institution" and state.capacity is not None:
            capacity = state.capacity
        if phrase.former:
            return "expert" if office.envoy or capacity in {"military", "expert"} else "other"
        if phrase.opposition:
            return "opposition"
        return "government" if phrase.deputy and capacity == "leader" else capacity
