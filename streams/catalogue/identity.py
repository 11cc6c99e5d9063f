"""Phrases to mentions: which person a name means on that day, in that text; an open case stays open, never guessed."""

from collections.abc import Mapping
from datetime import date
from difflib import SequenceMatcher

from streams.catalogue.actors import NO_ACTOR, Actor, Mention, MentionKind, Office, Person
from streams.catalogue.holders import Holders
from streams.catalogue.lexicon import Usage
from streams.catalogue.page import Page
from streams.catalogue.phrases import Phrase
from streams.catalogue.spelling import fold
from streams.records import Capacity

ARTICLES = frozenset({"the", "a", "an", "this", "one", "another", "his", "her", "their", "our", "its", "unnamed"})
NUMBERS = frozenset({"two", "three", "four", "five", "six", "several", "some", "many"})
_WHERE = frozenset({"in", "at", "near", "outside", "inside", "around", "across", "into", "throughout", "over"})
_SPEAKS_FOR_STATE = frozenset({"leader", "government"})
_KINDS: dict[str, MentionKind] = {
    "actor": "institution",
    "institution": "institution",
    "metonym": "metonym",
    "demonym": "demonym",
}
# "Emmanual" is Emmanuel, "Julieanne" is Julianne; "Hunter" is not Joe.
_SAME_NAME = 0.75


class Identity:
    """What the catalogue knows of names, ready to decide who is meant."""

    def __init__(
        self, actors: Mapping[str, Actor], offices: Mapping[str, Office], people: Mapping[str, Person], usage: Usage
    ) -> None:
        self.actors = actors
        self.people = people
        self.holders = Holders(people, offices)
        self.suffixes = frozenset(map(fold, usage.person_suffixes))
        self.common = frozenset(map(fold, usage.common))
        self.rare = frozenset(map(fold, usage.rare))
        own = {fold(part) for person in people.values() for part in person.name.split()[:-1] if part[0].isupper()}
        self.givens = frozenset(map(fold, usage.given_names)) | own

    def mentions(self, page: Page, phrases: list[Phrase], on: date) -> list[Mention]:
        """Return the mentions that the phrases make, in order."""
        reading = _Reading(self, page, phrases, on)
        return [mention for phrase in phrases if (mention := reading.mention(phrase)) is not None]


class _Reading:
    """One text on one day: the people named in full and the actors named help to decide the short names."""

    def __init__(self, known: Identity, page: Page, phrases: list[Phrase], on: date) -> None:
        self.known, self.page, self.on = known, page, on
        self.full: set[str] = set()
        self.named: set[str] = set()
        self.strangers: set[str] = set()
        for phrase in phrases:
            if phrase.state is not None:
                self.named.add(phrase.state.value)
            names = phrase.names or phrase.owner
            if names and names[0].kind == "full":
                self.full.update(entry.value for entry in names)
            elif names and self._stranger(phrase):
                self.strangers.add(fold(names[0].name))

    def mention(self, phrase: Phrase) -> Mention | None:
        """The mention a phrase makes; None where the words name nobody."""
        if phrase.names:
            return self._named(phrase)
        if phrase.office is not None:
            return self._title(phrase, phrase.office)
        if phrase.state is not None:
            state = phrase.state
            if state.kind == "region":
                return None
            if phrase.opposition:
                return self._make(phrase, state.value, None, "opposition", "institution")
            phrase.first, phrase.last = phrase.core
            kind = "unnamed" if state.capacity == "unnamed" else _KINDS[state.kind]
            capacity = None if self._is_place(phrase, state.kind) else state.capacity
            return self._make(phrase, state.value, None, capacity, kind)
        phrase.names, phrase.name_first = phrase.owner, phrase.core[0]
        return self._named(phrase)

    def _make(
        self, phrase: Phrase, actor: str | None, person: str | None, capacity: Capacity | None, kind: MentionKind
    ) -> Mention:
        text = self.page.text
        start, end = self.page.starts[phrase.first], self.page.end(phrase.last - 1)
        if text[end : end + 1] == "." and text[end - 2 : end - 1] == ".":
            end += 1
        return Mention(start, end, text[start:end], actor, person, capacity, kind)

    def _named(self, phrase: Phrase) -> Mention | None:
        following = phrase.last
        if self.page.joined(following) and self.page.capital(following):
            word = fold(self.page.words[following])
            given_after = fold(phrase.names[0].name) in self.known.common | self.known.rare
            if phrase.names[0].kind == "surname" and word in self.known.suffixes:
                return None
            if given_after and phrase.names[0].kind == "surname" and not self.page.title_case(following):
                # "Pavel Durov", "Michel Houellebecq": the surname is a stranger's given name.
                return None
        if phrase.office is None and phrase.state is None:
            phrase.first, phrase.last = phrase.core
        person = self._who(phrase)
        if person is not None:
            actor, capacity = person.standing(self.on)
            return self._make(phrase, actor, person.id, capacity, "person")
        if phrase.office is not None:
            phrase.unknown_name = True
            return self._title(phrase, phrase.office)
        return self._make(phrase, None, None, None, "person")

    def _who(self, phrase: Phrase) -> Person | None:
        """The person a name means, or None where text and date leave it open."""
        candidates = [self.known.people[entry.value] for entry in phrase.names]
        if phrase.state is not None:
            candidates = [one for one in candidates if self._actor(one) == phrase.state.value] or candidates
        if phrase.names[0].kind == "surname":
            candidates = self._by_surname(phrase, candidates)
        candidates = list({one.id: one for one in candidates}.values())
        if len(candidates) > 1:
            candidates = [one for one in candidates if one.standing(self.on)[1] in _SPEAKS_FOR_STATE]
        return candidates[0] if len(candidates) == 1 else None

    def _by_surname(self, phrase: Phrase, candidates: list[Person]) -> list[Person]:
        surname = fold(phrase.names[0].name)
        confirmed = self._confirmed(phrase, candidates)
        other_given = phrase.unknown_name and not (confirmed and self._alike(phrase, phrase.name_first - 1))
        if other_given or (not confirmed and self._stranger(phrase)):
            return []
        in_full = [one for one in candidates if one.id in self.full]
        if len({one.id for one in in_full}) == 1:
            return in_full
        if confirmed:
            return candidates
        if surname in self.strangers or surname in self.known.rare:
            return []
        if surname in self.known.common:
            return [one for one in candidates if self._actor(one) in self.named]
        return candidates

    def _actor(self, person: Person) -> str:
        return person.standing(self.on)[0]

    def _confirmed(self, phrase: Phrase, candidates: list[Person]) -> bool:
        """Whether the words before the name say whose voice it is, and the catalogue agrees."""
        if phrase.state is not None:
            return any(self._actor(person) == phrase.state.value for person in candidates)
        if phrase.office is None:
            return False
        office = phrase.office.id
        return any(tenure.office == office for person in candidates for tenure in person.held(self.on))

    def _stranger(self, phrase: Phrase) -> bool:
        """Whether the surname follows a given name that is not the person's: "Hunter Biden"."""
        before = phrase.name_first - 1
        if before < phrase.first - 1 or before >= phrase.first or not self.page.beside(phrase.name_first):
            return False
        if not self.page.capital(before) or self._alike(phrase, before):
            return False
        if fold(self.page.words[before]) in self.known.givens:
            return True
        careful = fold(phrase.names[0].name) in self.known.common | self.known.rare
        return careful and not self.page.opens(before) and not self.page.title_case(before)

    def _alike(self, phrase: Phrase, index: int) -> bool:
        """Whether word `index` could be a spelling of the given name of one whom the phrase may mean."""
        given = fold(self.page.words[index])
        own = (fold(part) for entry in phrase.names for part in self.known.people[entry.value].name.split()[:-1])
        return any(SequenceMatcher(None, given, part).ratio() >= _SAME_NAME for part in own)

    def _title(self, phrase: Phrase, office: Office) -> Mention | None:
        owner = self._owner(phrase)
        actor = phrase.state.value if phrase.state else owner or office.actor
        if actor is None and not phrase.unknown_name:
            alone = office.bare or phrase.opposition or self._determined(phrase)
            if office.dependent or not alone:
                return None
        capacity = self._capacity(phrase, office)
        if actor is None and office.id == "expert":
            actor = NO_ACTOR
        kind: MentionKind = "unnamed" if capacity == "unnamed" else "institution" if office.institution else "title"
        person = None
        if actor and not (owner or phrase.former or phrase.deputy or phrase.opposition or phrase.unknown_name):
            person = self.known.holders.holder(actor, self._office_of(phrase, office, actor), self.on)
        return self._make(phrase, actor, person.id if person else None, capacity, kind)

    def _office_of(self, phrase: Phrase, office: Office, actor: str) -> str:
        """The office a title means: "the French leader" holds the one that leads France."""
        if phrase.state is not None and phrase.state.kind == "institution":
            return ""
        return (self.known.actors[actor].head or "") if office.id == "leader" else office.id

    def _owner(self, phrase: Phrase) -> str | None:
        actors = {self._actor(self.known.people[entry.value]) for entry in phrase.owner}
        return next(iter(actors)) if len(actors) == 1 else None

    def _determined(self, phrase: Phrase) -> bool:
        before = self.page.words[phrase.first - 1].lower() if phrase.first else ""
        return before in ARTICLES or (before in NUMBERS and self.page.words[phrase.last - 1].endswith("s"))

    def _is_place(self, phrase: Phrase, kind: str) -> bool:
        """Whether "in" or "near" makes it where something happens, not who says it."""
        before = self.page.words[phrase.first - 1].lower() if phrase.first else ""
        return kind in {"actor", "metonym"} and before in _WHERE

    def _capacity(self, phrase: Phrase, office: Office) -> Capacity:
        capacity = office.capacity
        state = phrase.state
        if state is not None and state.kind == "institution" and capacity in _SPEAKS_FOR_STATE:
            capacity = state.capacity or capacity
        if phrase.former:
            return "expert" if office.envoy or capacity in {"military", "expert"} else "other"
        if phrase.opposition:
            return "opposition"
        return "government" if phrase.deputy and capacity == "leader" else capacity
