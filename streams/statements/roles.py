"""The words for what somebody is, with the capacity they speak in, where the catalogue's offices leave a gap."""

from collections.abc import Mapping
from typing import Final

from streams.records import Capacity
from streams.statements.words import vocabulary

_WORDS: Final[dict[Capacity, frozenset[str]]] = {
    "government": vocabulary(
        """envoy ambassador minister ministers negotiator negotiators spokesman spokeswoman spokesperson aide adviser
        advisor delegate delegation team ministry office government commissioner presidency secretary diplomat side
        cabinet nuncio emissary mission embassy counterpart representative mediator administration capitals
        coordinator directorate bureau"""
    ),
    "military": vocabulary(
        """general generals commander commanders colonel admiral army brigade navy marshal officer officers command
        guard marines staff"""
    ),
    "legislature": vocabulary(
        """senator senators lawmaker lawmakers mp mps deputy deputies speaker chamber parliament committee panel
        congressman congresswoman congressmen backbencher backbenchers hawk hawks socialist socialists republican
        republicans democrat democrats faction legislator legislators mep meps senate parliamentarians assembly chair"""
    ),
    "opposition": vocabulary("opposition"),
    "expert": vocabulary(
        """analyst analysts expert experts historian historians scholar scholars professor economist economists
        researcher researchers scientist scientists columnist commentator pundit author jurist lawyer theologian fellow
        strategist watcher think-tank lecturer"""
    ),
    "unnamed": vocabulary("official officials source sources insider insiders"),
    "other": vocabulary(
        """mayor governor host coach union unions fans cardinal bishop archbishop patriarch rapporteur editor blogger
        party activist activists oligarch students veterans court bank chief head boss leader leaders figure council
        lobby federation drivers farmers police prosecutors pollster director banker businessman singer actor pianist
        footballer striker champion priest monk prelate teacher nurse doctor doctors writer poet broadcaster citizens
        voters residents refugees mothers wives workers grandmaster blogger ex-mp ex-pm ex-minister ex-general"""
    ),
}
ROLES: Final[Mapping[str, Capacity]] = {word: capacity for capacity, words in _WORDS.items() for word in words}
# Descriptions that fit whoever has the floor, as "the minister" fits no general.
FITTING: Final[Mapping[str, frozenset[str]]] = {
    "leader": frozenset({"leader"}),
    "official": frozenset({"government", "unnamed", "leader"}),
    "diplomat": frozenset({"government", "unnamed", "expert"}),
    "politician": frozenset({"leader", "government", "legislature", "opposition", "other"}),
    "spokesman": frozenset({"government", "military"}),
    "spokeswoman": frozenset({"government", "military"}),
    "spokesperson": frozenset({"government", "military"}),
    "envoy": frozenset({"government", "expert"}),
    "ambassador": frozenset({"government"}),
    "adviser": frozenset({"government"}),
    "aide": frozenset({"government"}),
    "minister": frozenset({"government"}),
    "general": frozenset({"military"}),
    "lawmaker": frozenset({"legislature", "opposition"}),
    "senator": frozenset({"legislature", "opposition"}),
    "mp": frozenset({"legislature", "opposition"}),
    "expert": frozenset({"expert"}),
    "analyst": frozenset({"expert"}),
    "professor": frozenset({"expert"}),
    "historian": frozenset({"expert"}),
    "scholar": frozenset({"expert"}),
    "researcher": frozenset({"expert"}),
    "economist": frozenset({"expert"}),
}
# What makes an office a past one: its holder speaks for nobody, and an old hand of diplomacy or arms as an expert.
FORMER: Final = vocabulary("former ex retired onetime one-time erstwhile ousted late ex-president")
AGAINST_POWER: Final = vocabulary("opposition far-right far-left dissident exiled anti-war nationalist")


def capacity_of(role: str, between: frozenset[str], owner: Capacity | None) -> Capacity:
    """Return the capacity of a role whose words `between` the country and the role qualify it.

    `owner` is the capacity of the institution named before it: a committee chief of a parliament is a legislator.
    """
    capacity = ROLES[role]
    if between & FORMER or role.startswith("ex-"):
        return (
            "expert" if capacity in ("military", "expert") or role in {"ambassador", "envoy", "diplomat"} else "other"
        )
    if between & AGAINST_POWER:
        return "opposition"
    if capacity in ("other", "government") and owner in ("legislature", "military"):
        return owner
    if owner == "legislature" and between & {"committee", "faction"}:
        return "legislature"
    return capacity
