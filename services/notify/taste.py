"""What a sink wants to hear, and what nobody is to hear for a while: pure conditions; never where a sink is."""

from typing import Final, NamedTuple

from streams.canary import KIND as CANARY
from streams.records import ShiftAlert

FIRST: Final = "first-position"


class Rule(NamedTuple):
    """Conditions on an alert's state that must all hold; an empty set asks for nothing.

    `actors` are whom the alert is about, a person's own alerts and an ally that is parted from included; `people` whose
    own position it is.
    """

    actors: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    but_kinds: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    probability: float = 0.0

    def takes(self, state: ShiftAlert) -> bool:
        return (
            (not self.actors or not self.actors.isdisjoint((state.actor, state.other or "")))
            and (not self.people or state.speaker in self.people)
            and (not self.kinds or state.kind in self.kinds)
            and state.kind not in self.but_kinds
            and (not self.statuses or state.status in self.statuses)
            and state.probability >= self.probability
        )


# A first position is no shift: nobody moved. People are told of everything else, new kinds included.
NEWS: Final = Rule(but_kinds=frozenset({FIRST}))
EVERYTHING: Final = Rule()


class Grouping(NamedTuple):
    """At most so many messages in any `window` seconds; what else comes waits, and is told together."""

    window: float
    messages: int


class Taste(NamedTuple):
    """What a channel wants to hear: what any of `rules` takes.

    `every_state`: each state on its own, in order (a machine), instead of the newest with its history (a person).
    `canaries`: canaries and nothing else; no other sink ever hears of one.
    """

    every_state: bool
    digests: bool
    rules: tuple[Rule, ...]
    grouping: Grouping | None = None
    canaries: bool = False

    def wants(self, state: ShiftAlert) -> bool:
        return (state.kind == CANARY) == self.canaries and any(rule.takes(state) for rule in self.rules)


class Silence(NamedTuple):
    """Alerts that are not told until then; empty strings mean any. Times are seconds since the epoch."""

    number: int
    actor: str
    kind: str
    sink: str
    until: float
    why: str
    made: float

    def covers(self, state: ShiftAlert, sink: str) -> bool:
        """Return whether it names this state of an alert; whether it is still in force is the reader's to know."""
        return (
            self.actor in ("", state.actor)
            and self.kind in ("", state.kind)
            and self.sink in ("", sink)
            and state.kind != CANARY
        )
