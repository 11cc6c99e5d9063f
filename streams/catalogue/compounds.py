"""Entries that are only part of another name or adjective are set aside; never what the remaining ones mean."""

from collections.abc import Mapping
from itertools import pairwise

from streams.catalogue.lexicon import Atom
from streams.catalogue.page import Page

_HYPHENS = frozenset({"-", "‑"})
_DASHES = frozenset({"-", "‑", "–", "/"})
_PREFIXES = frozenset({"pro", "anti", "non", "post", "un", "mid", "trans"})
_NAMES = frozenset({"actor", "institution", "metonym", "demonym", "region", "full", "surname"})
_PLACES = frozenset({"actor", "metonym", "institution"})
_SIDES = frozenset({"actor", "metonym", "demonym", "full", "surname"})


def set_compounds_aside(page: Page, atoms: list[Atom], homonyms: Mapping[str, tuple[str, ...]]) -> list[Atom]:
    """Return the atoms that stand for themselves.

    Left out are "Russian" in "pro-Russian", "US" in "US-led", "Moscow" in "Moscow Exchange", both sides of
    "Trump-Putin", and names that mean something else in this text by one of the cues of `homonyms`.
    """
    taken = {atom.first for atom in atoms}
    paired = _pairs(page, atoms)
    found = {entry.name for atom in atoms for entry in atom.entries} & homonyms.keys()
    elsewhere = {name for name in found if any(cue in page.text for cue in homonyms[name])}
    kept = []
    for atom in atoms:
        kinds = {entry.kind for entry in atom.entries}
        if kinds & _NAMES and (
            _hyphenated(page, atom, taken)
            or (kinds <= _PLACES and _begins_name(page, atom, taken))
            or atom.first in paired
            or atom.entries[0].name in elsewhere
        ):
            continue
        kept.append(atom)
    return kept


def _hyphenated(page: Page, atom: Atom, taken: set[int]) -> bool:
    """Whether a hyphen makes the words half of an adjective ("pro-Russian") or of a longer name ("Nixon-Smith")."""
    before, after = atom.first - 1, atom.last
    if atom.first and page.gap(atom.first) in _HYPHENS:
        prefix = page.words[before].lower() in _PREFIXES
        if prefix or (page.capital(before) and not page.words[before].isupper() and before not in taken):
            return True
    if after == len(page.words) or page.gap(after) not in _HYPHENS:
        return False
    return page.words[after][0].islower() or (page.capital(after) and after not in taken)


def _pairs(page: Page, atoms: list[Atom]) -> set[int]:
    """The first words of entries tied by a dash: the talks, the summit or the war of two, not their voices."""
    paired = set()
    for one, other in pairwise(atoms):
        if (
            other.first == one.last
            and page.gap(other.first) in _DASHES
            and all(any(entry.kind in _SIDES for entry in atom.entries) for atom in (one, other))
        ):
            paired |= {one.first, other.first}
    return paired


def _begins_name(page: Page, atom: Atom, taken: set[int]) -> bool:
    """Whether a capitalised word that nobody knows follows, in a line where that means something."""
    following = atom.last
    return (
        atom.last - atom.first == 1
        and page.joined(following)
        and page.capital(following)
        and following not in taken
        and not page.words[following].isupper()
        and not page.title_case(following)
    )
