"""The actor file, read and checked: YAML text into a catalogue, or a ValueError that names the entry; never a guess."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, get_args

import yaml

from streams.catalogue.actors import Actor, Office, Person, Tenure
from streams.catalogue.directory import Catalogue
from streams.catalogue.lexicon import Usage
from streams.records import Capacity

_CAPACITIES = frozenset(get_args(Capacity))
_SECTIONS = {"actors", "offices", "people", "usage"}
_ACTOR_KEYS = {"name", "also", "demonym", "people", "seats", "regions", "voices", "head", "wikidata"}
_PERSON_KEYS = {"name", "also", "surnames", "offices", "wikidata"}
_OFFICE_KEYS = {
    "capacity",
    "words",
    "envoy",
    "transparent",
    "institution",
    "unique",
    "like",
    "joins",
    "actor",
    "bare",
    "dependent",
}
_USAGE_KEYS = set(Usage.__dataclass_fields__)

# libyaml is some ten times faster; the pure loader reads the same.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _entries(section: object, where: str, known: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(section, dict):
        raise ValueError(f"{where}: expected a mapping")
    for key, entry in section.items():
        if not isinstance(key, str) or not isinstance(entry, dict):
            raise ValueError(f"{where}: {key}: expected a mapping of {', '.join(sorted(known))}")
        unknown = set(entry) - known
        if unknown:
            raise ValueError(f"{where}: {key}: unknown key {', '.join(sorted(map(str, unknown)))}")
        yield key, entry


def _names(entry: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = entry.get(key) or []
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise ValueError(f"{where}: {key}: expected a list of names (quote words such as `no` and numbers)")
    return tuple(value)


def _capacity(value: object, where: str) -> Capacity:
    if value not in _CAPACITIES:
        raise ValueError(f"{where}: {value} is not a capacity; use one of {', '.join(sorted(_CAPACITIES))}")
    return value  # type: ignore[return-value]


def _day(text: str, where: str) -> date | None:
    if text == "?":
        return None
    try:
        return date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError:
        raise ValueError(f"{where}: {text} is not a date (2022-02-24, 2022-02 or ?)") from None


def _tenure(line: object, offices: Mapping[str, Office], actors: Mapping[str, Actor], where: str) -> Tenure:
    parts = str(line).split()
    if len(parts) not in (2, 3, 4):
        raise ValueError(f"{where}: {line}: expected `actor office since until`, the last two optional")
    actor, office = parts[:2]
    if actor not in actors:
        raise ValueError(f"{where}: {line}: no actor {actor}")
    if office not in offices:
        raise ValueError(f"{where}: {line}: no office {office}")
    since, until = ([_day(part, where) for part in parts[2:]] + [None, None])[:2]
    if since and until and since >= until:
        raise ValueError(f"{where}: {line}: ends before it begins")
    return Tenure(actor, office, offices[office].capacity, since, until)


def _read_actors(section: object) -> dict[str, Actor]:
    actors = {}
    for key, entry in _entries(section, "actors", _ACTOR_KEYS):
        where = f"actors: {key}"
        voices = entry.get("voices") or {}
        if not isinstance(voices, dict):
            raise ValueError(f"{where}: voices: expected a mapping of name to capacity")
        actors[key] = Actor(
            id=key,
            name=_text(entry, "name", where),
            also=_names(entry, "also", where),
            demonym=_names(entry, "demonym", where),
            people=_names(entry, "people", where),
            seats=_names(entry, "seats", where),
            regions=_names(entry, "regions", where),
            voices={str(name): _capacity(value, f"{where}: voices: {name}") for name, value in voices.items()},
            head=entry.get("head"),
            wikidata=entry.get("wikidata"),
        )
    return actors


def _text(entry: dict[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{where}: {key} is missing")
    return value


def _read_offices(section: object) -> dict[str, Office]:
    return {
        key: Office(
            id=key,
            capacity=_capacity(entry.get("capacity"), f"offices: {key}"),
            words=_names(entry, "words", f"offices: {key}"),
            envoy=bool(entry.get("envoy", False)),
            transparent=bool(entry.get("transparent", False)),
            institution=bool(entry.get("institution", False)),
            unique=bool(entry.get("unique", False)),
            like=entry.get("like"),
            joins=_names(entry, "joins", f"offices: {key}"),
            actor=entry.get("actor"),
            bare=bool(entry.get("bare", True)),
            dependent=bool(entry.get("dependent", False)),
        )
        for key, entry in _entries(section, "offices", _OFFICE_KEYS)
    }


def _read_people(section: object, offices: Mapping[str, Office], actors: Mapping[str, Actor]) -> dict[str, Person]:
    people = {}
    for key, entry in _entries(section, "people", _PERSON_KEYS):
        where = f"people: {key}"
        name = _text(entry, "name", where)
        lines = entry.get("offices")
        if not isinstance(lines, list) or not lines:
            raise ValueError(f"{where}: offices: expected a list with at least one `actor office since until`")
        people[key] = Person(
            id=key,
            name=name,
            also=_names(entry, "also", where),
            surnames=_names(entry, "surnames", where) if "surnames" in entry else (name.split()[-1],),
            tenures=tuple(_tenure(line, offices, actors, where) for line in lines),
            wikidata=entry.get("wikidata"),
        )
    return people


def _read_usage(section: object) -> Usage:
    if not isinstance(section, dict):
        raise ValueError("usage: expected a mapping")
    unknown = set(section) - _USAGE_KEYS
    if unknown:
        raise ValueError(f"usage: unknown key {', '.join(sorted(map(str, unknown)))}")
    homonyms = section.get("homonyms") or {}
    if not isinstance(homonyms, dict):
        raise ValueError("usage: homonyms: expected a mapping of name to the words that tell")
    return Usage(
        homonyms={name: _names(homonyms, name, "usage: homonyms") for name in homonyms},
        **{key: _names(section, key, "usage") for key in section if key != "homonyms"},
    )


def parse_catalogue(text: str) -> Catalogue:
    """Read the actor file's YAML. Raises ValueError with the section, the entry and what is wrong with it."""
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - both loaders are the safe ones
    except yaml.YAMLError as error:
        raise ValueError(f"the actor file is not YAML: {error}") from None
    if not isinstance(content, dict) or not set(content) <= _SECTIONS:
        raise ValueError(f"the actor file: expected the sections {', '.join(sorted(_SECTIONS))} and no other")
    actors = _read_actors(content.get("actors"))
    offices = _read_offices(content.get("offices"))
    people = _read_people(content.get("people"), offices, actors)
    for actor in actors.values():
        if actor.head is not None and actor.head not in offices:
            raise ValueError(f"actors: {actor.id}: head: no office {actor.head}")
    for office in offices.values():
        if office.actor is not None and office.actor not in actors:
            raise ValueError(f"offices: {office.id}: no actor {office.actor}")
        if office.like is not None and office.like not in offices:
            raise ValueError(f"offices: {office.id}: like: no office {office.like}")
    return Catalogue(actors, offices, people, _read_usage(content.get("usage") or {}))


@cache
def read_catalogue() -> Catalogue:
    """The catalogue that is shipped, read once."""
    return parse_catalogue(files("streams").joinpath("actors.yaml").read_text(encoding="utf-8"))
