"""The readings of one article about one actor -> one report; never how reports hang together."""

import re
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from streams.dossiers.emissions import Triple
from streams.records import Reading

Signature = NDArray[np.uint32]
# When, which article, which revision: the order that everything is summed in, so that sums are equal to the last bit.
Order = tuple[float, str, int]

# Words that every other report of this war holds; what is left tells occasions apart.
_COMMON_WORDS = """
about after again against agree agreed agreement ahead amid army back before been being calls ceasefire could
deal diplomacy diplomatic does during ending ends fire foreign force forces from have into kremlin kyiv kiev
leader leaders meeting minister moscow must negotiate negotiated negotiating negotiation negotiations offer
official officials over peace plan president press proposal putin ready reject rejects russia russian russians
said says secretary settlement should spokesman state talk talks tells than that their them then there they this
told truce trump ukraine ukrainian ukrainians under urges until wants warns washington were what when where which
while white house will with would zelensky zelenskiy zelenskyy
"""
COMMON: Final = frozenset(_COMMON_WORDS.split())
_WORD = re.compile(r"[^\W\d_]{4,}")

# Rounding keeps the frozen rows short; 1e-9 of log-likelihood is far below what any comparison can see. It is done
# before anything is frozen, so that what is frozen counts the same to the last bit.
DIGITS: Final = 9


@dataclass(slots=True)
class Item:
    """One reading as evidence: what it counts at most, how likely each state makes it, and whether it has a name."""

    reading: str
    weight: float
    evidence: Triple
    named: bool


@dataclass(slots=True, eq=False)
class Report:
    """What one revision of an article says of one actor. `time` is event time in seconds since 1970, UTC."""

    order: Order
    outlet: str
    signature: Signature | None
    words: frozenset[str]
    fetched: float
    items: dict[str, Item] = field(default_factory=dict)

    @property
    def time(self) -> float:
        return self.order[0]

    def sum_up(self) -> tuple[float, Triple]:
        """Return what the statements count together, and their mean log-likelihood by state; a fixed point."""
        weight, sums = 0.0, [0.0, 0.0, 0.0]
        for _, item in sorted(self.items.items()):
            weight += item.weight
            for state in range(3):
                sums[state] += item.weight * item.evidence[state]
        means = [round(total / weight, DIGITS) for total in sums]
        return weight, (means[0], means[1], means[2])


def make_report(reading: Reading) -> Report:
    """Return the report of the reading's article revision, without items yet."""
    return Report(
        order=(reading.time.timestamp(), reading.article, reading.revision),
        outlet=reading.outlet,
        signature=_pack(reading.signature),
        words=telling_words(reading.title),
        fetched=reading.fetched.timestamp(),
    )


def _pack(signature: tuple[int, ...]) -> Signature | None:
    """Return the low halves of the numbers: two that differ agree there once in four thousand million."""
    return np.array(signature, dtype=np.uint64).astype(np.uint32) if signature else None


def telling_words(text: str) -> frozenset[str]:
    """Return the stems (six letters) of the words of four letters or more that tell one occasion from another."""
    return frozenset(word[:6] for word in _WORD.findall(text.lower()) if word not in COMMON)


def retells(words: frozenset[str], others: frozenset[str], overlap: float) -> bool:
    """Whether the smaller of two sets of at least three words lies in the other by the share `overlap`."""
    smaller = min(len(words), len(others))
    return smaller >= 3 and len(words & others) >= overlap * smaller
