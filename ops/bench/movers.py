"""How long a true change of another kind takes to be told: a condition, an ally, a minister or a deputy that turns.

    .venv/bin/python -m ops.bench.movers

Two allies in favor; the second one's voices, or what it asks for, turn at once and for good after a year. Days are
counted to the confirmed alert of the kind that tells of it.
"""

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from ops.bench.actors import EPOCH, Course, World
from ops.bench.voices import DEPUTY, MINISTERS, PAIR, VOICES, Cast, Demand, steady, tell
from streams.shift_settings import ShiftSettings

CHANGE, WATCHED = 365.0, 365.0
FAVOR, AGAINST = 0.9, 0.1
NONE, SOME, HARD = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


def turn(before: float, after: float, at: float = CHANGE) -> Course:
    return lambda day: before if day < at else after


@dataclass(frozen=True)
class Move:
    """Who turns at the change, or from which demand to which; and the alert that tells of it."""

    name: str
    told_as: str
    movers: tuple[str, ...] = ()
    demands: tuple[tuple[float, float, float], tuple[float, float, float]] = (SOME, SOME)

    def casts(self, rate: float) -> tuple[Cast, Cast]:
        """Return the two allies, the second of which moves."""
        calm = dict.fromkeys([voice.speaker for voice in VOICES], steady(FAVOR))
        moved = calm | {speaker: turn(FAVOR, AGAINST) for speaker in self.movers}
        before, after = self.demands
        demand: Demand = lambda day: before if day < CHANGE else after  # noqa: E731
        world = World(rate=rate)
        return Cast(PAIR[0], world, calm, lambda _: SOME, 0.3), Cast(PAIR[1], world, moved, demand, 0.3)


MOVES = (
    Move("condition dropped (some -> none)", "condition-change", demands=(SOME, NONE)),
    Move("condition hardened (some -> hard)", "condition-change", demands=(SOME, HARD)),
    Move("an ally turns", "ally-split", tuple(voice.speaker for voice in VOICES)),
    Move("a minister turns", "departure", (MINISTERS[0].speaker,)),
    Move("a deputy turns", "departure", (DEPUTY.speaker,)),
)


def time_moves(
    moves: Sequence[Move], rates: Sequence[float], seeds: Sequence[int], settings: ShiftSettings
) -> Iterator[str]:
    """Yield a line for each move and rate of news."""
    for move in moves:
        for rate in rates:
            waits = []
            for seed in seeds:
                story = tell(move.casts(rate), CHANGE + WATCHED, seed, settings)
                days = [(alert.at - EPOCH) / timedelta(days=1) - CHANGE for alert in story.confirmed
                        if alert.kind == move.told_as]  # fmt: skip
                waits.append(min((wait for wait in days if wait >= 0), default=math.inf))
            found = sum(wait < math.inf for wait in waits)
            yield f"{move.name:34} {rate:g} readings a day: {found} of {len(waits)} within {WATCHED:.0f} days," \
                f" median {median(waits):.0f} days"  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=0, help="number of the first pair")
    parser.add_argument("--pairs", type=int, default=5, help="how many")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.pairs)
    for line in time_moves(MOVES, (1.0, 5.0), seeds, ShiftSettings()):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
