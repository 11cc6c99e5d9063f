"""The archive's events up to 2025 -> how much the readings of one event agree beyond what their actor explains.

    .venv/bin/python -m ops.backtest.correlation

Two readings of one event agree more often than two of neighbouring events of the same actor, within 60 days; what is
left of 1 between the two shares is the intra-class correlation, which `rho` of streams/shift_settings.py stands for.
The interval is from events drawn again with replacement.
"""

import argparse
import random
import sys
from collections.abc import Mapping, Sequence
from itertools import chain, combinations
from pathlib import Path

from ops.backtest.archive import ARCHIVE, load_reader, read_articles
from ops.backtest.run import TUNED_UNTIL, dossiers_of
from services.replay import Replay
from streams.dossiers.emissions import is_evidence
from streams.memory import Memory
from streams.shift_settings import DAY

NEAR = 60 * DAY
# An event's time, and for each of its readings whether it is favor.
Block = tuple[float, list[bool]]


def agreement(blocks: Mapping[str, Sequence[Block]]) -> tuple[float, float, float]:
    """Return the share of agreeing pairs within events, that between them, and the number of pairs within.

    An event of m readings counts as m - 1 pairs: its pairs are not independent.
    """
    within, pairs, between, others = 0.0, 0.0, 0.0, 0
    for events in blocks.values():
        for _, stances in events:
            for stance, next_to_it in combinations(stances, 2):
                within += (stance == next_to_it) / (len(stances) - 1)
                pairs += 1 / (len(stances) - 1)
        for (time, stances), (later, follow) in combinations(events, 2):
            if abs(time - later) <= NEAR:
                one, other = sum(stances) / len(stances), sum(follow) / len(follow)
                between += one * other + (1 - one) * (1 - other)
                others += 1
    return within / max(pairs, 1e-9), between / max(others, 1), pairs


def correlation(blocks: Mapping[str, Sequence[Block]]) -> float:
    """Return the intra-class correlation."""
    within, between, _ = agreement(blocks)
    return (within - between) / max(1 - between, 1e-9)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, default=ARCHIVE)
    options = parser.parse_args()
    turns = Replay(Memory(), load_reader()).follow(read_articles(options.archive))
    readings = [r for r in chain.from_iterable(t.readings for t in turns) if is_evidence(r) and r.time < TUNED_UNTIL]
    favors = {reading.id: reading.probabilities.label == "favor" for reading in readings}
    blocks = {
        key: [(e.start, [favors[item] for report in e.leads for item in report.items]) for e in dossier.events]
        for key, dossier in dossiers_of(readings).items()
    }
    within, between, pairs = agreement(blocks)
    rng = random.Random(1)
    again = sorted(correlation({key: rng.choices(events, k=len(events)) for key, events in blocks.items()})
                   for _ in range(1000))  # fmt: skip
    sys.stdout.write(
        f"{pairs:.0f} pairs within events agree in {within:.2f}, neighbouring events in {between:.2f}:"
        f" correlation {correlation(blocks):.2f} (95 % {again[25]:.2f} to {again[974]:.2f})\n"
    )


if __name__ == "__main__":
    main()
