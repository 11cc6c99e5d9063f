"""Neighbouring entries of a text to phrases such as "Italy's former foreign minister X"; never who X is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from streams.catalogue.actors import Office
from streams.catalogue.lexicon import Atom, Entry
from streams.catalogue.spelling import APOSTROPHES, Word

Link = Literal["", "next", "owner", "of", "post"]
_NEXT = frozenset({" ", "-", "‑", "\u00a0"})
_POSTS = frozenset({"to", "in", "at", "for"})
_ABBREVIATIONS = frozenset({"gen", "sen", "rep", "gov", "lt", "dr", "col", "adm"})
_STATE = frozenset({"actor", "institution", "metonym", "demonym"})
_COMPOUND = frozenset({"pro", "anti", "non", "post", "un", "mid"})


@dataclass(slots=True)
class Phrase:
    """A phrase in the making: words `first` to `last` (exclusive), whose state, which office, what name."""

    first: int
    last: int
    state: Entry | None = None
    owner: tuple[Entry, ...] = ()
    office: Office | None = None
    names: tuple[Entry, ...] = ()
    name_first: int = -1
    former: bool = False
    deputy: bool = False
    opposition: bool = False
    modified: bool = False

    @property
    def empty(self) -> bool:
        """Whether there are modifiers alone, or nothing."""
        return self.state is None and self.office is None and not self.names and not self.owner


def _entries(atom: Atom, *kinds: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in atom.entries if entry.kind in kinds)


class PhraseReader:
    """Joins atoms to phrases, given the table of offices."""

    def __init__(self, offices: Mapping[str, Office]) -> None:
        self._offices = offices

    def read(self, text: str, words: list[Word], atoms: list[Atom]) -> list[Phrase]:
        """Return the phrases in order; no two share a word."""
        phrases: list[Phrase] = []
        kept = [atom for atom in atoms if not _in_compound(text, words, atom)]
        index = 0
        while index < len(kept):
            chain, links = [kept[index]], []
            while index + 1 < len(kept):
                link = self._link(text, words, kept[index], kept[index + 1])
                if not link:
                    break
                index += 1
                chain.append(kept[index])
                links.append(link)
            index += 1
            phrases.extend(self._read_chain(chain, [*links, ""]))
        self._share_offices(text, words, phrases)
        return [phrase for phrase in phrases if not phrase.empty]

    def _link(self, text: str, words: list[Word], one: Atom, other: Atom) -> Link:
        """How the second atom hangs on the first, or "" where the text between them parts them."""
        between = text[words[one.last - 1].end : words[other.first].start]
        owner = between[:1] in APOSTROPHES
        rest = between[1:] if owner else between
        if other.first == one.last:
            if owner or not _is_next(between, words[one.last - 1].text):
                return "owner" if owner and rest == " " else ""
            return "next"
        if len(between) > 12:
            return ""
        if owner and rest in {"s ", "S "}:
            return "owner"
        return self._preposition(rest.lower().split(), one, other)

    def _preposition(self, link: list[str], one: Atom, other: Atom) -> Link:
        offices = _entries(one, "office")
        if not link or not offices or not _entries(other, *_STATE) or link[1:] not in ([], ["the"]):
            return ""
        if link[0] == "of":
            return "of"
        return "post" if link[0] in _POSTS and self._offices[offices[0].value].envoy else ""

    def _read_chain(self, chain: list[Atom], links: list[Link]) -> Iterator[Phrase]:
        phrase = Phrase(chain[0].first, chain[0].first)
        for index, atom in enumerate(chain):
            link_before: Link = links[index - 1] if index else ""
            ended = self._extend(phrase, atom, link_before, chain[index + 1 :])
            if not ended:
                yield phrase
                phrase = Phrase(atom.first, atom.first)
                self._extend(phrase, atom, "", chain[index + 1 :])
        yield phrase

    def _extend(self, phrase: Phrase, atom: Atom, link: Link, rest: list[Atom]) -> bool:
        """Add the atom to the phrase; False when it cannot belong to it."""
        if _entries(atom, "phrase"):
            return phrase.first == phrase.last and _skip(phrase, atom)
        if phrase.names:
            return False
        if people := _entries(atom, "full", "surname"):
            taken = self._add_person(phrase, atom, people, rest)
        elif offices := _entries(atom, "office"):
            states = _entries(atom, *_STATE)
            alone = states and phrase.state is None and not phrase.owner
            taken = self._add_state(phrase, states[0], link, rest) if alone else self._add_office(phrase, offices[0])
        elif states := _entries(atom, *_STATE):
            taken = self._add_state(phrase, states[0], link, rest)
        else:
            taken = _add_modifier(phrase, _entries(atom, "modifier"))
        if taken:
            phrase.last = atom.last
        return taken

    def _add_person(self, phrase: Phrase, atom: Atom, people: tuple[Entry, ...], rest: list[Atom]) -> bool:
        owns = phrase.office is None and self._owned(rest)
        if owns and phrase.owner:
            return False
        if owns:
            phrase.owner = people
        elif phrase.owner and phrase.office is None:
            return False
        else:
            phrase.names, phrase.name_first = people, atom.first
        return True

    def _owned(self, rest: list[Atom]) -> bool:
        """Whether what follows a name belongs to that person: "Putin aide", "Trump's Ukraine envoy"."""
        for atom in rest[:2]:
            if _entries(atom, "office"):
                return True
            if not _entries(atom, *_STATE, "modifier"):
                return False
        return False

    def _add_office(self, phrase: Phrase, entry: Entry) -> bool:
        office = self._offices[entry.value]
        if phrase.office is not None and office.transparent and not phrase.office.transparent:
            phrase.office = replace(office, capacity=phrase.office.capacity, transparent=False, bare=True)
        else:
            phrase.office = office
        return True

    def _add_state(self, phrase: Phrase, entry: Entry, link: Link, rest: list[Atom]) -> bool:
        if phrase.office is not None:
            if link == "post":
                return True
            if link != "of" or phrase.state is not None or phrase.owner:
                return False
        elif phrase.owner or (phrase.state is not None and phrase.state.value != entry.value):
            offices = _entries(rest[0], "office") if rest else ()
            return bool(offices) and self._offices[offices[0].value].envoy
        if phrase.state is None or entry.kind == "institution":
            phrase.state = entry
        return True

    def _share_offices(self, text: str, words: list[Word], phrases: list[Phrase]) -> None:
        """Give "American" its office in "American and British officials"."""
        for one, other in zip(reversed(phrases[:-1]), reversed(phrases[1:]), strict=True):
            between = text[words[one.last - 1].end : words[other.first].start] if one.last else ""
            adjective = one.state is not None and one.office is None and not one.names
            if adjective and other.state and other.office and not other.names and between in {" and ", ", ", " & "}:
                one.office = other.office


def _is_next(between: str, word: str) -> bool:
    """Whether the gap is one within a phrase; a full stop counts after an abbreviation alone ("Gen.", "U.S.")."""
    return between in _NEXT or (between == ". " and (len(word) == 1 or word.lower() in _ABBREVIATIONS))


def _add_modifier(phrase: Phrase, entries: tuple[Entry, ...]) -> bool:
    if phrase.office is not None:
        return False
    for entry in entries:
        phrase.former |= entry.value == "former"
        phrase.deputy |= entry.value == "deputy"
        phrase.opposition |= entry.value == "opposition"
    phrase.modified = True
    return True


def _skip(phrase: Phrase, atom: Atom) -> bool:
    phrase.first = phrase.last = atom.last
    return True


def _in_compound(text: str, words: list[Word], atom: Atom) -> bool:
    """Whether the words only qualify another: "pro-Russian", "US-led", "Moscow-installed"."""
    if not _entries(atom, *_STATE, "full", "surname"):
        return False
    start, end = words[atom.first].start, words[atom.last - 1].end
    if start and text[start - 1] in "-‑" and atom.first and words[atom.first - 1].text.lower() in _COMPOUND:
        return True
    if text[end : end + 1] not in {"-", "‑"} or atom.last == len(words):
        return False
    following = words[atom.last]
    return following.start == end + 1 and following.text[0].islower()
