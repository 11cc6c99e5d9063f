"""Which actors are allies and which sites are an actor's own: the file beside this one, read and checked."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

import yaml
from msgspec import Struct

from streams.records import Reading


class Relations(Struct, frozen=True):
    """`allies` are pairs in the alphabet's order; `first_party` is, by actor, the host that an outlet must have."""

    allies: tuple[tuple[str, str], ...] = ()
    first_party: dict[str, dict[str, str]] = {}

    def is_first_party(self, reading: Reading) -> bool:
        """Whether the actor's own site says it: the outlet is known for that, and the address is the site's."""
        host = self.first_party.get(reading.actor, {}).get(reading.outlet)
        if host is None:
            return False
        try:
            found = urlsplit(reading.url).hostname or ""
        except ValueError:
            return False
        return found == host or found.endswith(f".{host}")

    def judged_at(self, actor: str) -> tuple[str, ...]:
        """Return the allies whose pair with the actor is judged where the actor's own evidence is."""
        return tuple(second for first, second in self.allies if first == actor)

    def told_to(self, actor: str) -> tuple[str, ...]:
        """Return the allies that must be told where the actor stands: their pair is judged with their evidence."""
        return tuple(first for first, second in self.allies if second == actor)


@cache
def read_relations() -> Relations:
    """Return the relations in this repository; raises ValueError, which names the line."""
    return parse_relations(files("streams").joinpath("relations.yaml").read_text(encoding="utf-8"))


def parse_relations(text: str) -> Relations:
    """Return the relations of a file; raises ValueError for anything that is not as the file's comments say."""
    found = yaml.safe_load(text)
    if not isinstance(found, Mapping) or set(found) - {"allies", "first_party"}:
        raise ValueError("relations: expected `allies` and `first_party`, and nothing else")
    pairs: set[tuple[str, str]] = set()
    for pair in found.get("allies") or ():
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(one, str) and one for one in pair):
            raise ValueError(f"relations: allies: {pair}: expected two actors")
        one, other = sorted(pair)
        if one == other or (one, other) in pairs:
            raise ValueError(f"relations: allies: {pair}: an actor is no ally of its own, and a pair stands here once")
        pairs.add((one, other))
    sites: dict[str, dict[str, str]] = {}
    for actor, outlets in (found.get("first_party") or {}).items():
        if not isinstance(outlets, dict) or not all(isinstance(h, str) and "." in h for h in outlets.values()):
            raise ValueError(f"relations: first_party: {actor}: expected a host for each outlet")
        sites[actor] = dict(outlets)
    return Relations(tuple(sorted(pairs)), sites)
