"""Words of a text to the catalogue's entries they spell, longest first; never what the entries mean together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from streams.catalogue.actors import Actor, Office, Person
from streams.catalogue.spelling import JOINTS, Word, fold, folded, words_of
from streams.records import Capacity

EntryKind = Literal["actor", "institution", "metonym", "demonym", "full", "surname", "office", "modifier", "phrase"]


@dataclass(frozen=True, slots=True)
class Usage:
    """How names are used: what is no actor though it looks like one, and what needs care.

    `phrases` are names of papers, treaties and places that contain an actor's name. `person_suffixes` follow a
    surname that is no person ("Trump Tower"), `given_names` precede one that is somebody else ("Hunter Biden").
    `common` surnames count only where their actor is named too, `rare` ones only after the full name.
    """

    phrases: tuple[str, ...] = ()
    person_suffixes: tuple[str, ...] = ()
    given_names: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    deputy: tuple[str, ...] = ()
    opposition: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()


class Entry(NamedTuple):
    """One meaning of a name: what kind it is, the id it stands for, and how it is written where case matters."""

    kind: EntryKind
    value: str
    capacity: Capacity | None
    name: str
    lower: bool
    exact: bool


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


def _is_acronym(name: str) -> bool:
    """Whether only this very case is the name: `US`, `U.N.`, `EU`; longer ones are also written `Nato`."""
    letters = [letter for letter in name if letter.isalpha()]
    return len(letters) <= 3 and all(letter.isupper() for letter in letters)


def _entries_of(
    actors: Mapping[str, Actor], offices: Mapping[str, Office], people: Mapping[str, Person], usage: Usage
) -> Iterable[Entry]:
    def name(kind: EntryKind, value: str, text: str, capacity: Capacity | None = None) -> Entry:
        return Entry(kind, value, capacity, text, False, _is_acronym(text))

    for actor in actors.values():
        yield from (name("actor", actor.id, text, "government") for text in (actor.name, *actor.also))
        yield from (name("demonym", actor.id, text) for text in actor.demonym)
        yield from (name("demonym", actor.id, text, "other") for text in actor.people)
        yield from (name("metonym", actor.id, text, "government") for text in actor.seats)
        yield from (name("institution", actor.id, text, capacity) for text, capacity in actor.voices.items())
    for person in people.values():
        yield from (name("full", person.id, text) for text in (person.name, *person.also))
        yield from (name("surname", person.id, text) for text in person.surnames)
    for office in offices.values():
        yield from (
            Entry("office", office.id, office.capacity, text, not text.isupper(), False) for text in office.words
        )
    for modifier in ("former", "deputy", "opposition", "plain"):
        yield from (Entry("modifier", modifier, None, text, True, False) for text in getattr(usage, modifier))
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

    def scan(self, text: str) -> tuple[list[Word], list[Atom]]:
        """Return the words of the text and the longest entries among them, in order and apart from each other."""
        words = words_of(text)
        atoms: list[Atom] = []
        first_of = self._root.next.get
        resume = 0
        for index, word in enumerate(words):
            if index < resume:
                continue
            node = first_of(fold(word.text))
            if node is None:
                continue
            atom = self._longest(text, words, index, node)
            if atom is not None:
                atoms.append(atom)
                resume = atom.last
        return words, atoms

    def _longest(self, text: str, words: list[Word], first: int, node: _Node) -> Atom | None:
        best: Atom | None = None
        last = first + 1
        while True:
            if node.entries:
                entries = tuple(entry for entry in node.entries if _spelled(entry, words, first, last, text))
                if entries:
                    best = Atom(first, last, entries)
            if not node.next or last == len(words) or text[words[last - 1].end : words[last].start] not in JOINTS:
                return best
            following = node.next.get(fold(words[last].text))
            if following is None:
                return best
            node, last = following, last + 1


def _spelled(entry: Entry, words: list[Word], first: int, last: int, text: str) -> bool:
    """Whether the case of the words is that of a name: "Turkey" and "TURKEY" are Turkey, "turkey" and "us" are not."""
    if entry.lower:
        return True
    if entry.exact:
        return all(words[index].text.isupper() for index in range(first, last))
    return (words[first].text[0].isupper() and words[last - 1].text[0].isupper()) or _starts_low(
        entry.name, words, first, last
    )


def _starts_low(name: str, words: list[Word], first: int, last: int) -> bool:
    """Whether the name itself has a small first word ("von der Leyen") and the text's last word has a capital."""
    return name[0].islower() and words[last - 1].text[0].isupper()
