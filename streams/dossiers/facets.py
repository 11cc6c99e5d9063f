"""A reading -> every body of evidence that it belongs to, each under a key of its own; never what they say.

    ACTOR, ACTOR/SPEAKER      a position (streams/dossiers/emissions.py)
    POSITION#conditions       what that actor, or speaker, asks for before it talks
    ACTOR/SPEAKER#voice       one office-holder's own words, which count towards the actor's position as well

Offices of one state are not averaged into one voice that nobody has: the state's position is inferred from all of
them, and each minister's own beside it, so that a lasting disagreement between the two can be seen.
"""

from typing import Final

from streams.dossiers.conditions import named_conditions
from streams.dossiers.emissions import position_key
from streams.records import Capacity, Reading

CONDITIONS_OF: Final = "#conditions"
VOICE_OF: Final = "#voice"
# Whose departure from the government is news. A leader's words are the government's; from an opposition nothing else
# is expected, and an expert has no office.
OFFICES: Final[frozenset[Capacity]] = frozenset({"government", "military", "legislature"})


def keys_of(reading: Reading) -> tuple[str, ...]:
    """Return the reading's keys, that of its position first."""
    keys = [position_key(reading)]
    if named_conditions(reading) is not None:
        keys.append(keys[0] + CONDITIONS_OF)
    if reading.capacity == "government" and reading.speaker != reading.actor:
        keys.append(f"{reading.actor}/{reading.speaker}{VOICE_OF}")
    return tuple(keys)


def is_position(key: str) -> bool:
    """Whether the key is a position's own, which is published."""
    return not key.endswith((CONDITIONS_OF, VOICE_OF))


def base_of(key: str) -> str:
    """Return the position's key without what was added to it."""
    return key.removesuffix(CONDITIONS_OF).removesuffix(VOICE_OF)
