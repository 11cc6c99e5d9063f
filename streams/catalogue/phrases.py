"""Neighbouring entries of a text to phrases such as "Italy's former foreign minister X"; never who X is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from streams.catalogue.actors import Office
from streams.catalogue.lexicon import Atom, Entry
from streams.catalogue.links import STATE, Link, Links, entries_of
from streams.catalogue.page import Page


@dataclass(slots=True)
class Phrase:
    """A phrase in the making: words `first` to `last` (exclusive), whose state, which office, what name.

    `core` is the span of the state or the name alone, `first` to `last` leave out modifiers that modify nothing here.
    """

    first: int
    last: int
    core: tuple[int, int] = (-1, -1)
    state: Entry | None = None
    owner: tuple[Entry, ...] = ()
    office: Office | None = None
    names: tuple[Entry, ...] = ()
    name_first: int = -1
    unknown_name: bool = False
    complement: bool = False
    former: bool = False
    deputy: bool = False
    opposition: bool = False

    @property
    def empty(self) -> bool:
        """Whether there are modifiers alone, or nothing."""
        return self.state is None and self.office is None and not self.names and not self.owner


class PhraseReader:
    """Joins atoms to phrases, given the table of offices."""

    def __init__(self, offices: Mapping[str, Office]) -> None:
        self._offices = offices
        self._links = Links(offices)

    def read(self, page: Page, atoms: list[Atom]) -> list[Phrase]:
        """Return the phrases in order; no two share a word."""
        phrases: list[Phrase] = []
        index = 0
        while index < len(atoms):
            chain: list[Atom] = [atoms[index]]
            links: list[Link] = []
            while index + 1 < len(atoms) and (link := self._links.between(page, atoms[index], atoms[index + 1])):
                index += 1
                chain.append(atoms[index])
                links.append(link)
            index += 1
            phrases.extend(self._read_chain(chain, links))
        return [phrase for phrase in phrases if not phrase.empty]

    def _read_chain(self, chain: list[Atom], links: list[Link]) -> Iterator[Phrase]:
        phrase = Phrase(chain[0].first, chain[0].first)
        for index, atom in enumerate(chain):
            rest = chain[index + 1 : index + 3]
            if not self._extend(phrase, atom, links[index - 1] if index else "", rest):
                yield phrase
                phrase = Phrase(atom.first, atom.first)
                self._extend(phrase, atom, "", rest)
        yield phrase

    def _extend(self, phrase: Phrase, atom: Atom, link: Link, rest: list[Atom]) -> bool:
        """Add the atom to the phrase; False when it cannot belong to it."""
        states, offices = entries_of(atom, *STATE), entries_of(atom, "office")
        if entries_of(atom, "phrase"):
            return phrase.first == phrase.last and _skip(phrase, atom)
        if phrase.names:
            return False
        if link == "of":
            phrase.complement = True
        if people := entries_of(atom, "full", "surname"):
            taken = self._add_person(phrase, atom, people, link, rest)
            phrase.unknown_name = taken and link == "given"
        elif offices and not (states and phrase.state is None and not phrase.owner):
            taken = self._add_office(phrase, offices[0])
        elif states:
            taken = self._add_state(phrase, states[0], link, rest)
        else:
            taken = _add_modifier(phrase, entries_of(atom, "modifier"))
        if taken and not (people or offices or states):
            if phrase.state is not None and any(entry.value == "opposition" for entry in atom.entries):
                phrase.last = atom.last
            return True
        if taken:
            phrase.last = atom.last
            if people or (states and phrase.core[0] < 0):
                phrase.core = (atom.first, atom.last)
        return taken

    def _add_person(self, phrase: Phrase, atom: Atom, people: tuple[Entry, ...], link: Link, rest: list[Atom]) -> bool:
        if link == "of":
            if phrase.state is None and not phrase.owner:
                phrase.owner = people
                return True
            return False
        if phrase.owner and phrase.office is None:
            return False
        if phrase.office is None and self._owned(rest):
            phrase.owner = people
        else:
            phrase.names, phrase.name_first = people, atom.first
        return True

    def _owned(self, rest: list[Atom]) -> bool:
        """Whether what follows a name belongs to that person: "Putin aide", "Trump's Ukraine envoy"."""
        for atom in rest:
            if entries_of(atom, "office"):
                return True
            if not entries_of(atom, *STATE, "modifier"):
                return False
        return False

    def _add_office(self, phrase: Phrase, entry: Entry) -> bool:
        office = self._offices[entry.value]
        if phrase.office is None:
            phrase.office = office
        elif phrase.complement:
            # "A spokesman for the Ukrainian army" is the army's voice, "an adviser to the French president" is not his.
            if phrase.office.transparent:
                phrase.office = replace(phrase.office, id="", capacity=office.capacity, transparent=False, bare=True)
        elif office.transparent and not phrase.office.transparent:
            phrase.office = replace(office, id="", capacity=phrase.office.capacity, transparent=False, bare=True)
        else:
            phrase.office = office
        return True

    def _add_state(self, phrase: Phrase, entry: Entry, link: Link, rest: list[Atom]) -> bool:
        if phrase.office is not None:
            if link == "post":
                return True
            if (
                not phrase.complement
                or phrase.owner
                or (phrase.state is not None and phrase.state.value != entry.value)
            ):
                return False
        elif phrase.owner or (phrase.state is not None and phrase.state.value != entry.value):
            # "Russia's UN ambassador" and "Trump's Ukraine envoy" speak for the first of the two.
            offices = entries_of(rest[0], "office") if rest else ()
            return bool(offices) and self._offices[offices[0].value].envoy
        if phrase.state is None or entry.kind == "institution":
            phrase.state = entry
        return True


def _add_modifier(phrase: Phrase, entries: tuple[Entry, ...]) -> bool:
    if phrase.office is not None and not phrase.complement:
        return all(entry.value == "honorific" for entry in entries)
    for entry in entries:
        phrase.former |= entry.value == "former" and not phrase.complement
        phrase.deputy |= entry.value == "deputy" and not phrase.complement
        phrase.opposition |= entry.value == "opposition"
    return True


def _skip(phrase: Phrase, atom: Atom) -> bool:
    phrase.first = phrase.last = atom.last
    return True
