"""What a new version of the model changed by itself: the evidence as the one before it read it, and whose labels moved
more often than chance allows; never decides whether an alert is told.
"""

from collections import Counter
from collections.abc import Mapping
from math import exp, lgamma, log
from typing import Final, NamedTuple

from msgspec.structs import replace

from streams.dossiers.dossier import Dossier
from streams.memory import Memory

# An actor whose labels changed oftener than this chance allows is named.
UNUSUAL: Final = 0.001


def as_formerly_read(key: str, memory: Memory, version: str) -> Dossier | None:
    """Return the key's evidence with what `version` read again as it was read before; None where it is the same."""
    readings = list(memory.evidence.counted(key))
    if not any(one.model == version and one.former is not None for one in readings):
        return None
    dossier = memory.evidence.dossier(key)
    former = Dossier(dossier.settings, dossier.emissions)
    for day, row in dossier.archive.rows.items():
        former.put_day(day, row)
    if dossier.past is not None:
        former.put_past(dossier.past)
    for one in readings:
        again = one.former if one.model == version else None
        former.add(one if again is None else replace(one, probabilities=again.probabilities))
    former.refresh()
    return former


class Changes(NamedTuple):
    """How many readings were read again, and how many of them got another label."""

    read: int = 0
    changed: int = 0

    @property
    def share(self) -> float:
        return self.changed / self.read if self.read else 0.0


class Drift:
    """Counts by actor."""

    def __init__(self) -> None:
        self._read: Counter[str] = Counter()
        self._changed: Counter[str] = Counter()

    def add(self, actor: str, changed: bool) -> None:
        """Count one reading."""
        self._read[actor] += 1
        self._changed[actor] += changed

    @property
    def total(self) -> Changes:
        return Changes(self._read.total(), self._changed.total())

    def unusual(self) -> Mapping[str, Changes]:
        """Return the actors whose labels changed oftener than all others' do, and than chance allows."""
        total, found = self.total, {}
        for actor, read in sorted(self._read.items()):
            own = Changes(read, self._changed[actor])
            # One more of each, so that a share of nothing or of all is never taken for certain.
            others = (total.changed - own.changed + 1) / (total.read - own.read + 2)
            if own.share > others and tail(own.changed, read, others) < UNUSUAL:
                found[actor] = own
        return found


def tail(changed: int, read: int, share: float) -> float:
    """Return P(at least `changed` of `read`) where each changes with probability `share`: the binomial upper tail."""
    if changed <= 0:
        return 1.0
    logs = (
        lgamma(read + 1) - lgamma(k + 1) - lgamma(read - k + 1) + k * log(share) + (read - k) * log(1.0 - share)
        for k in range(changed, read + 1)
    )
    return min(1.0, sum(map(exp, logs)))
