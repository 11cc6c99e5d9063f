"""Words of a text to the catalogue's entries they spell, longest first; never what the entries mean together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from streams.catalogue.actors import Actor, Office, Person
from streams.catalogue.page import Page
from streams.catalogue.spelling import JOINTS, WORD, fold, folded
from streams.records import Capacity

EntryKind = Literal[
    "actor", "institution", "metonym", "demonym", "region", "full", "surname", "office", "modifier", "phrase"
]


@dataclass(frozen=True, slots=True)
class Usage:
    """How names are used: what is no actor though it looks like one, and what needs care.

    `phrases` are names of papers, treaties and places that contain an actor's name. `person_suffixes` follow a
    surname that is no person ("Trump Tower"), `given_names` precede one that is somebody else ("Hunter Biden").
    `common` surnames count only where their actor is named too, `rare` ones only after the full name, and of `shared`
    ones the office of the day decides. `homonyms`
    are names of two places, with the words by which the other one is known, `openers` begin sentences and are no
    given names.
    """

    phrases: tuple[str, ...] = ()
    person_suffixes: tuple[str, ...] = ()
    given_names: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    deputy: tuple[str, ...] = ()
    opposition: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    honorific: tuple[str, ...] = ()
    openers: tuple[str, ...] = ()
    homonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Entry(NamedTuple):
    """One meaning of a name: what kind it is, the id it stands for, and how it is written where case matters."""

    kind: EntryKind
    value: str
    capacity: Capacity | None
    name: str
    lower: bool
    exact: bool
    spelling: list[str]


class Atom(NamedTuple):
    """Words `first` to `last` (exclusive) of the text, and the entries they can be."""

    first: int
    last: int
    entries: tuple[Entry, ...]


class _Node:
    __slots__ = ("entries", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.entries: list[Entry] = []


def _is_exact(name: str) -> bool:
    """Whether only this very case is the name: `US`, `U.N.`, `EU`, `Xi`; longer acronyms are also written `Nato`."""
    letters = [letter for letter in name if letter.isalpha()]
    return len(letters) <= 2 or (len(letters) == 3 and name.isupper())


def _entries_of(
    actors: Mapping[str, Actor], offices: Mapping[str, Office], people: Mapping[str, Person], usage: Usage
) -> Iterable[Entry]:
    def name(kind: EntryKind, value: str, text: str, capacity: Capacity | None = None) -> Entry:
        return Entry(kind, value, capacity, text, False, _is_exact(text), WORD.findall(text))

    for actor in actors.values():
        yield from (name("actor", actor.id, text, "government") for text in (actor.name, *actor.also))
        yield from (name("demonym", actor.id, text) for text in actor.demonym)
        yield from (name("demonym", actor.id, text, "other") for text in actor.people)
        yield from (name("metonym", actor.id, text, "government") for text in actor.seats)
        yield from (name("region", actor.id, text) for text in actor.regions)
        yield from (name("institution", actor.id, text, capacity) for text, capacity in actor.voices.items())
    for person in people.values():
        yield from (name("full", person.id, text) for text in (person.name, *person.also))
        yield from (name("surname", person.id, text) for text in person.surnames)
    for office in offices.values():
        yield from (
            Entry("office", office.id, office.capacity, text, not text.isupper(), False, WORD.findall(text))
            for text in office.words
        )
    for modifier in ("former", "deputy", "opposition", "plain", "honorific"):
        yield from (
            Entry("modifier", modifier, None, text, True, False, WORD.findall(text))
            for text in getattr(usage, modifier)
        )
    yield from (name("phrase", "", text) for text in usage.phrases)


class Lexicon:
    """All names and words of the catalogue, ready to be found in one pass over a text."""

    def __init__(
        self, actors: Mapping[str, Actor], offices: Mapping[str, Office], people: Mapping[str, Person], usage: Usage
    ) -> None:
        self._root = _Node()
        self.entries: dict[tuple[str, ...], list[Entry]] = {}
        for entry in _entries_of(actors, offices, people, usage):
            key = folded(entry.name)
            if not key:
                raise ValueError(f"{entry.value}: {entry.name!r} has no letters")
            node = self._root
            for word in key:
                node = node.next.setdefault(word, _Node())
            if entry not in node.entries:
                node.entries.append(entry)
                self.entries[key] = node.entries

    def scan(self, page: Page) -> list[Atom]:
        """Return the longest entries among the words of the text, in order and apart from each other."""
        words, atoms = page.words, []
        first_of = self._root.next.get
        resume = 0
        for index, word in enumerate(words):
            if index < resume:
                continue
            node = first_of(fold(word))
            if node is None:
                continue
            atom = self._longest(page, index, node)
            if atom is not None:
                atoms.append(atom)
                resume = atom.last
        return atoms

    def _longest(self, page: Page, first: int, node: _Node) -> Atom | None:
        best: Atom | None = None
        words = page.words
        last = first + 1
        while True:
            if node.entries:
                entries = tuple(entry for entry in node.entries if _spelled(entry, words, first, last))
                if entries:
                    best = Atom(first, last, entries)
            if not node.next or last == len(words) or page.gap(last) not in JOINTS:
                return best
            following = node.next.get(fold(words[last]))
            if following is None:
                return best
            node, last = following, last + 1


def _spelled(entry: Entry, words: list[str], first: int, last: int) -> bool:
    """Whether the case of the words is that of the name: "TURKEY" is Turkey; "turkey", "us" and "XI" are nobody."""
    if entry.lower:
        return True
    if entry.exact:
        return words[first:last] == entry.spelling
    return all(
        words[place][0].isupper() for place, own in ((first, 0), (last - 1, -1)) if entry.spelling[own][0].isupper()
    )
