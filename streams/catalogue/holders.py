"""An office and a day to the one person who held it; never a guess where the catalogue knows of several, or of none."""

from collections.abc import Mapping
from datetime import date

from streams.catalogue.actors import Office, Person


class Holders:
    """Who has held the unique offices of each actor."""

    def __init__(self, people: Mapping[str, Person], offices: Mapping[str, Office]) -> None:
        self._offices = offices
        self._held: dict[str, dict[str, list[Person]]] = {}
        for person in people.values():
            for tenure in person.tenures:
                if not offices[tenure.office].unique:
                    continue
                holders = self._held.setdefault(tenure.actor, {}).setdefault(tenure.office, [])
                if person not in holders:
                    holders.append(person)

    def holder(self, actor: str, office: str, on: date) -> Person | None:
        """The one person known to hold that office, or the one that stands for it in that state, on that day."""
        held = self._held.get(actor, {})
        wanted = {office} if office in held else {other for other in held if self._root(other) == self._root(office)}
        people = {
            person.id: person
            for name in wanted
            for person in held[name]
            if any(tenure.covers(on) for tenure in person.tenures if (tenure.actor, tenure.office) == (actor, name))
        }
        return next(iter(people.values())) if len(people) == 1 else None

    def _root(self, office: str) -> str:
        return (self._offices[office].like or office) if office in self._offices else office
