"""Entries that are only part of another name or adjective are set aside; never what the remaining ones mean."""

from collections.abc import Mapping

from streams.catalogue.lexicon import Atom
from streams.catalogue.page import Page

_HYPHENS = frozenset({"-", "‑"})
_PREFIXES = frozenset({"pro", "anti", "non", "post", "un", "mid", "trans"})
_NAMES = frozenset({"actor", "institution", "metonym", "demonym", "region", "full", "surname"})
_PLACES = frozenset({"actor", "metonym"})


def set_compounds_aside(page: Page, atoms: list[Atom], homonyms: Mapping[str, tuple[str, ...]]) -> list[Atom]:
    """Return the atoms that stand for themselves.

    Left out are "Russian" in "pro-Russian", "US" in "US-led", "Moscow" in "Moscow Exchange", and names that mean
    something else in this text by one of the cues of `homonyms`.
    """
    taken = {atom.first for atom in atoms}
    found = {entry.name for atom in atoms for entry in atom.entries} & homonyms.keys()
    elsewhere = {name for name in found if any(cue in page.text for cue in homonyms[name])}
    kept = []
    for atom in atoms:
        kinds = {entry.kind for entry in atom.entries}
        if kinds & _NAMES and (
            _hyphenated(page, atom)
            or (kinds <= _PLACES and _begins_name(page, atom, taken))
            or atom.entries[0].name in elsewhere
        ):
            continue
        kept.append(atom)
    return kept


def _hyphenated(page: Page, atom: Atom) -> bool:
    if atom.first and page.gap(atom.first) in _HYPHENS and page.words[atom.first - 1].lower() in _PREFIXES:
        return True
    following = atom.last
    return following < len(page.words) and page.gap(following) in _HYPHENS and page.words[following][0].islower()


def _begins_name(page: Page, atom: Atom, taken: set[int]) -> bool:
    """Whether a capitalised word that nobody knows follows, in a line where that means something."""
    following = atom.last
    return (
        page.joined(following)
        and page.capital(following)
        and following not in taken
        and not page.words[following].isupper()
        and not page.title_case(following)
    )
