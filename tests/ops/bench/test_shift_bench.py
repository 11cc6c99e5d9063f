"""The benchmark measures what it claims: its oracle, the detectors beside it, the regression of the thresholds."""

import math
import random
import re
import subprocess
import sys
from functools import partial

import numpy as np
import pytest

from ops.bench.actors import World, speak
from ops.bench.detector import Parley
from ops.bench.moments import follow
from ops.bench.oracle import Oracle
from ops.bench.scenes import watch
from ops.bench.thresholds import GRID, LOWEST, Followed, features, logit, regress, threshold_for
from streams.records import Reading
from streams.shift_settings import ShiftSettings

WORLD = World(rate=1.0)


def steady(mix: float, _: float) -> float:
    return mix


def flip(day: float) -> float:
    return 0.9 if day < 365 else 0.1


def test_an_actor_says_the_same_again_for_the_same_seed() -> None:
    one, again, other = (speak(WORLD, flip, 100, seed) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_copies_are_told_from_reports_and_reports_from_events() -> None:
    moments = list(follow(speak(WORLD, flip, 200, 3), ShiftSettings()))
    copies = [moment for moment in moments if moment.copy]
    assert copies
    assert not any(moment.opens for moment in copies)
    # An event is opened once, but for those that a late report joined or parted.
    opened = sum(moment.opens for moment in moments)
    assert abs(opened - len(moments[-1].dossier.events)) <= 0.1 * opened


def test_the_oracle_notices_a_flip_and_a_higher_bar_later_than_a_lower_one() -> None:
    bars = (2.0, 4.0, 6.0)
    alarms = watch(WORLD, flip, 500, range(4), lambda _: {"oracle": Oracle(WORLD, 0.9, 0.1, bars)})
    first = {
        bar: [min((day for day in alarms.of("oracle", bar, seed) if day >= 365), default=math.inf) for seed in range(4)]
        for bar in bars
    }
    assert all(math.isfinite(day) for day in first[6.0])
    for low, high in ((2.0, 4.0), (4.0, 6.0)):
        assert sum(first[low]) <= sum(first[high])


def test_the_oracle_alarms_less_at_a_higher_bar_on_an_actor_that_stands_still() -> None:
    bars = (1.0, 3.0, 5.0)
    alarms = watch(WORLD, partial(steady, 0.9), 730, range(4), lambda _: {"oracle": Oracle(WORLD, 0.9, 0.1, bars)})
    counts = [sum(len(alarms.of("oracle", bar, seed)) for seed in range(4)) for bar in bars]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


class Apart(Parley):
    """Advances every threshold on its own."""

    def take(self, moment: object) -> list[float | None]:
        alarms: list[float | None] = []
        for bar in self.thresholds:
            self._advance([bar], moment, alarms)  # type: ignore[arg-type]
        return alarms


def test_thresholds_that_share_their_work_decide_as_each_would_alone() -> None:
    bars = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
    for seed in range(3):
        readings: list[Reading] = speak(WORLD, flip, 500, seed)
        shared, apart = Parley(bars), Apart(bars)
        for moment in follow(readings, ShiftSettings()):
            assert sorted(shared.take(moment), key=str) == sorted(apart.take(moment), key=str)
        assert shared.alerts == apart.alerts


def test_the_regression_finds_the_thresholds_that_keep_a_budget() -> None:
    """Alarms drawn from a known law: the threshold for half an alarm a year lies where the law puts it."""
    rng, draw = random.Random(1), np.random.default_rng(1)
    truth = np.array([0.5, -1.0, 0.3, 0.0, 0.0])
    actors = []
    for _ in range(300):
        rate = math.exp(rng.uniform(math.log(0.05), 0.0))
        law = [10.0 * math.exp(float(np.array(features(bar, rate)) @ truth)) for bar in GRID]
        actors.append(Followed(WORLD, 10.0, (rate, 1.5, 5.0), tuple(int(n) for n in draw.poisson(law))))
    found, _ = regress(actors, beside=False)
    for rate in (0.1, 0.3, 0.8):
        for budget in (0.1, 0.5, 1.0):
            wanted = (0.5 + 0.3 * math.log(rate) - math.log(budget)) / 1.0
            at = max(1.0 / (1.0 + math.exp(-wanted)), LOWEST)
            assert logit(threshold_for(budget, rate, found)) == pytest.approx(logit(at), abs=0.15)


def test_the_table_is_printed_from_a_few_actors() -> None:
    pytest.importorskip("river", reason="river is installed by `make test-extras` or `make bench-shifts`")
    command = [sys.executable, "-W", "ignore", "-m", "ops.bench.shifts", "--quick", "--seed", "5"]
    result = subprocess.run(command, capture_output=True, timeout=280, check=False, text=True)
    assert result.returncode == 0, result.stderr
    row = next(line for line in result.stdout.splitlines() if "full flip" in line)
    assert len(re.findall(r"[\d.]+d|infd", row)) == 6
    assert "ms of processor time a reading" in result.stdout
