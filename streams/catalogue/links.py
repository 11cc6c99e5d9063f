"""How one entry of a text hangs on the one before it, by the characters between them; never what they mean together."""

from collections.abc import Mapping
from typing import Literal

from streams.catalogue.actors import Office
from streams.catalogue.lexicon import Atom, Entry
from streams.catalogue.page import ABBREVIATIONS, Page
from streams.catalogue.spelling import APOSTROPHES

# How an atom hangs on the one before: beside it, owned by it, as whom it speaks for, as where it is posted, or as a
# surname after a given name.
Link = Literal["", "next", "owner", "of", "post", "given"]

STATE = frozenset({"actor", "institution", "metonym", "demonym", "region"})
_NEXT = frozenset({" ", "-", "‑", "\u00a0"})
_POSTS = frozenset({"to", "in", "at", "for"})
_MOST_GIVEN = 2


def entries_of(atom: Atom, *kinds: str) -> tuple[Entry, ...]:
    """The atom's entries of these kinds."""
    return tuple(entry for entry in atom.entries if entry.kind in kinds)


class Links:
    """Finds the links between entries, given the table of offices."""

    def __init__(self, offices: Mapping[str, Office]) -> None:
        self._offices = offices

    def between(self, page: Page, one: Atom, other: Atom) -> Link:
        """How the second atom hangs on the first, or "" where the text between them parts them."""
        if other.first > one.last + _MOST_GIVEN:
            return ""
        between = page.between(one.last - 1, other.first)
        owner = between[:1] in APOSTROPHES and between != ""
        rest = between[1:] if owner else between
        if other.first == one.last:
            if owner:
                return "owner" if rest == " " else ""
            return "next" if _is_next(between, page.words[one.last - 1]) else ""
        if owner and rest in {"s ", "S "}:
            return "owner"
        return self._preposition(rest.lower().split(), one, other) or self._given(page, one, other)

    def _preposition(self, link: list[str], one: Atom, other: Atom) -> Link:
        offices = entries_of(one, "office")
        if not link or not offices or link[1:] not in ([], ["the"], ["a"]):
            return ""
        if not entries_of(other, *STATE, "full", "surname", "modifier"):
            return ""
        office = self._offices[offices[0].value]
        if link[0] == "of" or link[0] in office.joins:
            return "of"
        return "post" if link[0] in _POSTS and office.envoy and entries_of(other, *STATE) else ""

    def _given(self, page: Page, one: Atom, other: Atom) -> Link:
        """Whether only an unknown given name stands between a title and a surname."""
        if not entries_of(one, "office") or not entries_of(other, "surname"):
            return ""
        between = range(one.last, other.first)
        known = all(page.joined(index) and page.capital(index) for index in between) and page.joined(other.first)
        return "given" if known and not page.title_case(one.last) else ""


def _is_next(between: str, word: str) -> bool:
    """Whether the gap is one within a phrase; a full stop counts after an abbreviation alone ("Gen.", "U.S.")."""
    return between in _NEXT or (between == ". " and (len(word) == 1 or word.lower() in ABBREVIATIONS))
