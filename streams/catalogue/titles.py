"""A title to the actor it speaks for, its capacity, and its holder on that day; never a name."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from streams.catalogue.actors import NO_ACTOR, Actor, MentionKind, Office
from streams.catalogue.holders import Holders
from streams.catalogue.page import Page
from streams.catalogue.phrases import Phrase
from streams.records import Capacity

ARTICLES = frozenset({"the", "a", "an", "this", "one", "another", "his", "her", "their", "our", "its", "unnamed"})
NUMBERS = frozenset({"two", "three", "four", "five", "six", "several", "some", "many"})
_SEATS = frozenset({"institution", "metonym"})
_SPEAKS_FOR_STATE = frozenset({"leader", "government"})


class Title(NamedTuple):
    """What a title says of whoever bears it, in the order of a Mention's fields."""

    actor: str | None
    person: str | None
    capacity: Capacity
    kind: MentionKind


class Titles:
    """Reads titles, knowing the actors and who held their offices."""

    def __init__(self, actors: Mapping[str, Actor], holders: Holders) -> None:
        self._actors = actors
        self._holders = holders

    def read(self, page: Page, phrase: Phrase, office: Office, owner: str | None, on: date) -> Title | None:
        """The title a phrase without a known name bears; `owner` is whose aide it is. None where nobody is meant."""
        actor = phrase.state.value if phrase.state else owner or office.actor
        if phrase.state is None and _is_surname(page, phrase):
            return None
        if actor is None and not _stands_alone(page, phrase, office):
            return None
        capacity = _capacity(phrase, office)
        if actor is None and office.id == "expert":
            actor = NO_ACTOR
        kind: MentionKind = "unnamed" if capacity == "unnamed" else "institution" if office.institution else "title"
        person = None
        if actor and not (owner or phrase.former or phrase.deputy or phrase.opposition or phrase.unknown_name):
            person = self._holders.holder(actor, self._office_of(phrase, office, actor, capacity), on)
        return Title(actor, person.id if person else None, capacity, kind)

    def _office_of(self, phrase: Phrase, office: Office, actor: str, capacity: Capacity) -> str:
        """The office a title means: "the French leader" holds the one that leads France, "the Duma chief" does not."""
        inside = phrase.state is not None and phrase.state.kind in {"institution", "region"}
        if inside and (office.id == "leader" or capacity != office.capacity):
            return ""
        return (self._actors[actor].head or "") if office.id == "leader" else office.id


def _is_surname(page: Page, phrase: Phrase) -> bool:
    """Whether "Pope" or "King" is what somebody is called: "Ollie Pope"."""
    first = phrase.first
    name = page.capital(first) and page.joined(first) and page.capital(first - 1) and phrase.last - first == 1
    return name and len(page.words[first]) <= 4 and not page.opens(first - 1) and not page.title_case(first)


def _stands_alone(page: Page, phrase: Phrase, office: Office) -> bool:
    """Whether the title names somebody though nobody's state is said: "the general", "Senator X", "MPs"."""
    if office.dependent:
        return False
    return phrase.unknown_name or office.bare or phrase.opposition or _determined(page, phrase)


def _determined(page: Page, phrase: Phrase) -> bool:
    before = page.words[phrase.first - 1].lower() if phrase.first else ""
    return before in ARTICLES or (before in NUMBERS and page.words[phrase.last - 1].endswith("s"))


def _capacity(phrase: Phrase, office: Office) -> Capacity:
    capacity, state = office.capacity, phrase.state
    if office.id == "chief-of-defence" and (phrase.owner or (state is not None and state.kind in _SEATS)):
        # Zelensky's chief of staff and the White House's run an office; France's chief of staff runs an army.
        capacity = "government"
    if state is not None and capacity in _SPEAKS_FOR_STATE:
        if state.kind == "institution":
            capacity = state.capacity or capacity
        elif state.kind == "region":
            capacity = "other"
    if phrase.former:
        return "expert" if office.envoy or capacity in {"military", "expert"} else "other"
    if phrase.opposition:
        return "opposition"
    return "government" if phrase.deputy and capacity == "leader" else capacity
