"""The catalogue of actors and people, and the mentions of them in a text on a day; never a network or a clock."""

from collections.abc import Mapping
from datetime import date

from streams.catalogue.actors import Actor, Mention, Office, Person
from streams.catalogue.completion import complete
from streams.catalogue.compounds import set_compounds_aside
from streams.catalogue.identity import Identity
from streams.catalogue.lexicon import Lexicon, Usage
from streams.catalogue.page import Page
from streams.catalogue.phrases import PhraseReader
from streams.catalogue.spelling import WORD
from streams.catalogue.titles import ARTICLES, NUMBERS
from streams.records import Capacity


class Catalogue:
    """Who can speak, and for whom. Immutable once read; safe to share."""

    def __init__(
        self, actors: Mapping[str, Actor], offices: Mapping[str, Office], people: Mapping[str, Person], usage: Usage
    ) -> None:
        self.actors = actors
        self.offices = offices
        self.people = people
        self.usage = usage
        self.lexicon = Lexicon(actors, offices, people, usage)
        self._phrases = PhraseReader(offices)
        self._identity = Identity(actors, offices, people, usage)
        # "czech-republic" is how some write the id of Czechia.
        self._ids = {"-".join(name.lower().split()): actor.id for actor in actors.values() for name in actor.also}

    def find_mentions(self, text: str, on: date) -> list[Mention]:
        """Return who the text names, as of that day, in order; `text[m.start:m.end] == m.text`, none overlaps another.

        The longest reading wins: "Ukrainian foreign minister Dmytro Kuleba" is one mention. Takes time linear in the
        text.
        """
        page = Page(text)
        atoms = self.lexicon.scan(page)
        taken = {atom.first for atom in atoms}
        phrases = self._phrases.read(page, set_compounds_aside(page, atoms, self.usage.homonyms))
        complete(page, phrases, taken)
        return self._identity.mentions(page, phrases, taken, on)

    def resolve(self, name: str, on: date) -> Mention | None:
        """Return what a whole name means (an alias, a title or an actor's id), or None where it is unknown.

        An ambiguous surname without its context is a Mention with neither actor nor person.
        """
        name = name.strip()
        actor = name if name in self.actors else self._ids.get(name)
        if actor is not None:
            capacity: Capacity = "expert" if actor == "expert" else "other" if actor == "other" else "government"
            return Mention(0, len(name), name, actor, None, capacity, "institution")
        found = self.find_mentions(name, on)
        if not found:
            # "Source" or "analyst" is a name to a column of a table, though in a text it needs its determiner.
            shift = len("the ")
            found = [
                mention._replace(start=mention.start - shift, end=mention.end - shift)
                for mention in self.find_mentions(f"the {name}", on)
            ]
        if len(found) != 1:
            return None
        rest = WORD.findall(name[: found[0].start] + " " + name[found[0].end :])
        return found[0] if all(word.lower() in ARTICLES | NUMBERS for word in rest) else None

    def holder(self, actor: str, office: str, on: date) -> Person | None:
        """The one person known to hold that office of that actor on that day, or None."""
        return self._identity.holders.holder(actor, office, on)
