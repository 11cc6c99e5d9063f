"""Makes streams/thresholds.toml: how sure a shift must be, by reading rate and by the false alarms a desk will bear.

    python -m ops.bench.thresholds > streams/thresholds.toml      (some ten minutes on one core)

Steady actors with nine mixes of stance, read with the measured confusion and with a worse one, half of the years each;
every confirmed shift is a false alarm, since nobody moves.
"""

import math
import sys
from functools import partial

from ops.bench.actors import WORSE, World, speak
from ops.bench.detector import watch
from streams.shift_settings import ShiftSettings

GRID = (0.6, 0.65, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999)
BUDGETS = (0.1, 0.25, 0.5, 1.0, 2.0)
MIXES = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
# Readings a day, and years for each mix and confusion: rare alarms need many years, frequent readings cost time.
RATES = {0.1: 40, 0.2: 30, 0.5: 16, 1.0: 8, 2.0: 4, 5.0: 2}


def false_alarms(rate: float, years: int) -> tuple[float, dict[float, float]]:
    """Return the effective events a day, and the confirmed shifts per actor and year by threshold."""
    counts, total, rates = dict.fromkeys(GRID, 0), 0.0, []
    for confusion in (World.confusion, WORSE):
        for mix in MIXES:
            for seed in range(years // 2):
                world = World(rate=rate, confusion=confusion)
                run = watch(
                    speak(world, partial(_steady, mix), 730, seed * 1000 + int(mix * 100)), ShiftSettings(), GRID
                )
                total += 2.0
                rates.append(run.rate)
                for threshold in GRID:
                    counts[threshold] += len(run.confirmed(threshold))
    return sum(rates) / len(rates), {threshold: count / total for threshold, count in counts.items()}


def _steady(mix: float, _: float) -> float:
    return mix


def logit(p: float) -> float:
    return math.log(p / (1.0 - p))


def threshold_for(budget: float, alarms: dict[float, float]) -> float:
    """Return the lowest threshold that keeps the budget, between the grid's points on log and logit scales."""
    below, seen = None, math.inf
    for threshold in GRID:
        # Counts are noisy, and more evidence cannot alarm more often.
        seen = min(seen, max(alarms[threshold], 1e-3))
        if seen <= budget:
            if below is None:
                return threshold
            share = (math.log(below[1]) - math.log(budget)) / (math.log(below[1]) - math.log(seen))
            at = logit(below[0]) + share * (logit(threshold) - logit(below[0]))
            return 1.0 / (1.0 + math.exp(-at))
        below = (threshold, seen)
    return GRID[-1]


def main() -> None:
    out = sys.stdout
    out.write("# How sure a passage must be to be confirmed. Made by `python -m ops.bench.thresholds`; do not edit.\n")
    out.write(f"# Steady actors, {len(MIXES)} mixes, two confusions of the reader; confirmed shifts per actor-year:\n")
    rows = []
    for rate, years in RATES.items():
        effective, alarms = false_alarms(rate, years)
        shown = "  ".join(f"{threshold:g}: {count:.2f}" for threshold, count in alarms.items())
        out.write(f"#   {rate:g} readings a day ({2 * len(MIXES) * (years // 2) * 2} years): {shown}\n")
        out.flush()
        rows.append((effective, [round(threshold_for(budget, alarms), 4) for budget in BUDGETS]))
    out.write("\n# False alarms per actor and year that each column keeps to.\n")
    out.write(f"budgets = {list(BUDGETS)}\n\n")
    out.write("# Effective events a day -> the thresholds, one for each budget.\n")
    for effective, thresholds in rows:
        out.write(f"[[rates]]\nevents_per_day = {effective:.4f}\nconfirm = {thresholds}\n")


if __name__ == "__main__":
    main()
