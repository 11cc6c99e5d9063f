"""One reading to how likely each hidden state makes it; never looks at time or at other readings.

A state is a mix of true stances, and the reader sees them through its confusion. With nu the share of true neither,
m(s) the share of favor among the stances of state s and C(label | truth) the reader's confusion,

    P(label | s) = nu C(label | neither) + (1 - nu) [m(s) C(label | favor) + (1 - m(s)) C(label | against)],

taken among the readings that are a stance. How often an actor is read as neither follows the news and says nothing of
where it stands, so a reading labelled `neither` is no evidence at all: its small leanings are the reader's habit with
a topic, they recur, and added up over a month they would move an actor that said nothing. For the others, the
reader's own doubt softens what the label says:

    L(s) = p(neither) + p(favor) P(favor | s) / P(favor) + p(against) P(against | s) / P(against),

where P(label) is the mean over the states, so that complete doubt has the same L in every state.
"""

from math import log
from typing import NamedTuple, Protocol

from streams.outlets import home_of
from streams.records import Reading
from streams.shift_settings import ShiftSettings

Triple = tuple[float, float, float]


class Weighing(Protocol):
    """How likely each of three hidden states makes a reading."""

    def weigh(self, reading: Reading) -> Triple:
        """Return log L(s) of the reading for each state; larger is likelier, only differences mean something."""


class Emissions(NamedTuple):
    """P(label | state) / P(label) for the states favor, mixed and against."""

    favor: Triple
    against: Triple

    def weigh(self, reading: Reading) -> Triple:
        """Return log L(s) of the reading for each state; larger is likelier, only differences mean something."""
        p = reading.probabilities
        rest = 1.0 - p.favor - p.against
        f, a = self.favor, self.against
        return (
            log(rest + p.favor * f[0] + p.against * a[0]),
            log(rest + p.favor * f[1] + p.against * a[1]),
            log(rest + p.favor * f[2] + p.against * a[2]),
        )


def make_emissions(settings: ShiftSettings) -> Emissions:
    """Return what each state says, as the reader sees it."""
    nu = settings.neither_share
    shares = []
    for mix in settings.mixes:
        seen = [
            nu * settings.reader_neither[label]
            + (1.0 - nu) * (mix * settings.reader_favor[label] + (1.0 - mix) * settings.reader_against[label])
            for label in (0, 1)
        ]
        shares.append((seen[0] / sum(seen), seen[1] / sum(seen)))
    mean = [sum(share[label] for share in shares) / len(shares) for label in (0, 1)]
    favor, against = (tuple(share[label] / mean[label] for share in shares) for label in (0, 1))
    return Emissions((favor[0], favor[1], favor[2]), (against[0], against[1], against[2]))


def is_evidence(reading: Reading) -> bool:
    """Whether the reading may move a position: a stance of the speaker's own, of today, about the war as a whole.

    An outlet that quotes an official, or tells of an act, only passes on what is the actor's own ("X was quoted by TASS
    as saying", "X rejects the plan, FT reports"). What one state's press says of another state is that press's claim.
    """
    return (
        reading.probabilities.label != "neither"
        and not reading.old
        and reading.scope != "limited"
        and not is_claim_of_another(reading)
    )


def is_claim_of_another(reading: Reading) -> bool:
    """Whether the press of another state is all that the reading rests on."""
    home = None if reading.reported_by is None else home_of(reading.reported_by)
    return home is not None and home != reading.actor


def is_first_hand(reading: Reading) -> bool:
    """Whether the reading may confirm an alert: a named voice, and not on the word of another paper.

    Two outlets that cite the same report are one source; an actor's own press speaks for it at first hand.
    """
    hearsay = reading.reported_by is not None and home_of(reading.reported_by) != reading.actor
    return reading.capacity != "unnamed" and not hearsay


def position_key(reading: Reading) -> str:
    """Whose position the reading moves: the actor's, or `actor/speaker` for a person who does not speak for it.

    Anonymous officials count towards the actor's, at less weight: as "officials" they have no position of their own.
    """
    if reading.capacity in ("leader", "government", "unnamed"):
        return reading.actor
    return f"{reading.actor}/{reading.speaker}"
