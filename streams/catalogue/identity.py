"""Phrases to mentions: which person a name means on that day, in that text; an open case stays open, never guessed."""

from collections.abc import Mapping
from datetime import date

from streams.catalogue.actors import Actor, Mention, MentionKind, Office, Person
from streams.catalogue.holders import Holders
from streams.catalogue.lexicon import Usage
from streams.catalogue.names import Names
from streams.catalogue.page import Page
from streams.catalogue.phrases import Phrase
from streams.catalogue.spelling import fold
from streams.catalogue.titles import Titles
from streams.records import Capacity

_SPEAKS_FOR_STATE = frozenset({"leader", "government"})
_KINDS: dict[str, MentionKind] = {
    "actor": "institution",
    "institution": "institution",
    "metonym": "metonym",
    "demonym": "demonym",
}
_WHERE = frozenset({"in", "at", "near", "outside", "inside", "around", "across", "into", "throughout", "over"})


class Identity:
    """What the catalogue knows of names, ready to decide who is meant."""

    def __init__(
        self, actors: Mapping[str, Actor], offices: Mapping[str, Office], people: Mapping[str, Person], usage: Usage
    ) -> None:
        self.people = people
        self.names = Names(people, offices, usage)
        self.holders = Holders(people, offices)
        self.titles = Titles(actors, self.holders)

    def mentions(self, page: Page, phrases: list[Phrase], taken: set[int], on: date) -> list[Mention]:
        """Return the mentions that the phrases make, in order; `taken` holds the first word of every known entry."""
        reading = _Reading(self, page, phrases, taken, on)
        return [mention for phrase in phrases if (mention := reading.mention(phrase)) is not None]


class _Reading:
    """One text on one day: the people named in full and the actors named help to decide the short names."""

    def __init__(self, known: Identity, page: Page, phrases: list[Phrase], taken: set[int], on: date) -> None:
        self.known, self.page, self.taken, self.on = known, page, taken, on
        self.full: set[str] = set()
        self.named = {phrase.state.value for phrase in phrases if phrase.state is not None}
        self.strangers: set[str] = set()
        # Who bore a surname last, so far in the text: a person's id, or None for a stranger.
        self.bearer: dict[str, str | None] = {}
        for phrase in phrases:
            self._note(phrase)
        self.bearer.clear()

    def _note(self, phrase: Phrase) -> None:
        """Remember who is named beyond doubt: in full, by title, or as a stranger."""
        names = phrase.names or phrase.owner
        if not names:
            return
        ids = {entry.value for entry in names}
        if names[0].kind == "full" or (len(ids) == 1 and self._confirmed(phrase, [self.known.people[min(ids)]])):
            self.full |= ids
            for one in ids:
                self.bearer.update((fold(name), one) for name in self.known.people[one].surnames)
        elif self.known.names.of_stranger(self.page, phrase, self.taken):
            self.strangers.add(fold(names[0].name))
            self.bearer[fold(names[0].name)] = None

    def mention(self, phrase: Phrase) -> Mention | None:
        """The mention a phrase makes; None where the words name nobody. To be asked in the order of the text."""
        self._note(phrase)
        if phrase.names:
            return self._named(phrase)
        if phrase.office is not None:
            return self._title(phrase, phrase.office)
        if phrase.state is not None:
            return self._state(phrase)
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

    def _state(self, phrase: Phrase) -> Mention | None:
        state = phrase.state
        if state is None or state.kind == "region":
            return None
        if phrase.opposition:
            return self._make(phrase, state.value, None, "opposition", "institution")
        phrase.first, phrase.last = phrase.core
        before = self.page.words[phrase.first - 1].lower() if phrase.first else ""
        # "In Moscow" is where something happens, not who says it.
        where = state.kind in {"actor", "metonym"} and before in _WHERE
        kind = "unnamed" if state.capacity == "unnamed" else _KINDS[state.kind]
        return self._make(phrase, state.value, None, None if where else state.capacity, kind)

    def _title(self, phrase: Phrase, office: Office) -> Mention | None:
        owners = {self._actor(self.known.people[entry.value]) for entry in phrase.owner}
        owner = next(iter(owners)) if len(owners) == 1 else None
        title = self.known.titles.read(self.page, phrase, office, owner, self.on)
        return None if title is None else self._make(phrase, *title)

    def _named(self, phrase: Phrase) -> Mention | None:
        if self.known.names.of_thing(self.page, phrase, self.taken):
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
        candidates = list({entry.value: self.known.people[entry.value] for entry in phrase.names}.values())
        if phrase.state is not None:
            candidates = [one for one in candidates if self._actor(one) == phrase.state.value] or candidates
        if phrase.names[0].kind == "surname":
            candidates = self._by_surname(phrase, candidates)
        if len(candidates) > 1:
            candidates = [one for one in candidates if one.standing(self.on)[1] in _SPEAKS_FOR_STATE]
        return candidates[0] if len(candidates) == 1 else None

    def _by_surname(self, phrase: Phrase, candidates: list[Person]) -> list[Person]:
        names, surname = self.known.names, fold(phrase.names[0].name)
        confirmed = self._confirmed(phrase, candidates)
        stranger = names.of_stranger(self.page, phrase, self.taken)
        if stranger and not (confirmed and not phrase.unknown_name):
            return []
        if confirmed:
            return confirmed
        if surname in names.common | names.rare:
            return self._by_careful_surname(surname, candidates)
        in_full = [one for one in candidates if one.id in self.full]
        return in_full if len(in_full) == 1 else [] if surname in self.strangers else candidates

    def _by_careful_surname(self, surname: str, candidates: list[Person]) -> list[Person]:
        """Those of the candidates whom a surname can mean that many people bear."""
        if surname in self.bearer:
            return [one for one in candidates if one.id == self.bearer[surname]]
        if surname in self.strangers:
            return []
        in_full = [one for one in candidates if one.id in self.full]
        if len(in_full) == 1 or surname in self.known.names.rare:
            return in_full
        return [one for one in candidates if one.held(self.on) and self._actor(one) in self.named]

    def _actor(self, person: Person) -> str:
        return person.standing(self.on)[0]

    def _confirmed(self, phrase: Phrase, candidates: list[Person]) -> list[Person]:
        """Those for whom the words before the name say whose voice it is, and the catalogue agrees."""
        if phrase.state is not None:
            state = phrase.state.value
            candidates = [person for person in candidates if self._actor(person) == state]
        if phrase.office is None:
            return candidates if phrase.state is not None else []
        holding = [person for person in candidates if self._holds(person, phrase.office.id, phrase.former)]
        return holding or (candidates if phrase.state is not None else [])

    def _holds(self, person: Person, office: str, ever: bool) -> bool:
        return any(tenure.office == office and (ever or tenure.covers(self.on)) for tenure in person.tenures)
