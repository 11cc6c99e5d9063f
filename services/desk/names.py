"""Ids -> what people call them, and a capacity or stance in words; knows the catalogue and nothing else."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from services.notify.render.wording import clean, name
from streams.catalogue import read_catalogue

# Shape as well as colour: a stance must be told without seeing either.
MARKS: Final[Mapping[str, str]] = {"favor": "▲", "mixed": "◆", "against": "▼", "unknown": "○", "neither": "○"}
STANCES: Final[Mapping[str, str]] = {
    "favor": "in favor",
    "mixed": "mixed",
    "against": "against",
    "unknown": "not known yet",
    "neither": "no stance",
}
VERDICTS: Final[Mapping[str, str]] = {
    "correct": "Correct",
    "wrong-speaker": "Wrong speaker",
    "wrong-stance": "Wrong stance",
    "duplicate": "Duplicate",
    "not-news": "Not news",
}


@cache
def catalogue_names() -> dict[str, str]:
    """The catalogue's names of actors and people by their ids."""
    catalogue = read_catalogue()
    actors = {actor.id: actor.name for actor in catalogue.actors.values()}
    return actors | {person.id: person.name for person in catalogue.people.values()}


def name_of(id: str) -> str:
    """The name of an actor or person."""
    return name(id, catalogue_names())


def name_of_key(actor: str, speaker: str | None) -> str:
    """The name of whose position it is."""
    return name_of(actor) if speaker is None else f"{name_of(speaker)} ({name_of(actor)})"


__all__ = ["MARKS", "STANCES", "VERDICTS", "clean", "name_of", "name_of_key"]
