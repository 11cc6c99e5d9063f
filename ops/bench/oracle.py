"""A CUSUM that knows what no detector can know: both mixes, the reader's confusion, and which occasion is which.

Page's statistic over occasions, max over k of the log-likelihood ratio of everything from occasion k on (Lorden 1971:
asymptotically no detector is faster at equal false alarms). It gets the same readings; copies are dropped by name.
"""

from collections.abc import Iterable, Sequence
from math import log

from ops.bench.actors import STANCES, World
from streams.records import Reading


class Oracle:
    """Takes readings one by one; `score` is the evidence that the mix changed from `before` to `after`."""

    def __init__(self, world: World, before: float, after: float) -> None:
        self._world = world
        self._mixes = (before, after)
        self._occasions: dict[str, dict[str, int]] = {}
        self._times: list[tuple[float, str]] = []
        self._ratios: dict[str, float] = {}

    def take(self, reading: Reading) -> float:
        """Return the score after the reading."""
        name, number, _ = reading.article.rsplit("-", 2)
        told = self._occasions.setdefault(name, {})
        if number in told:
            return self._score()
        if not told:
            self._times.append((reading.time.timestamp(), name))
            self._times.sort()
        told[number] = STANCES.index(reading.probabilities.label)
        before, after = (self._likelihood(told.values(), mix) for mix in self._mixes)
        self._ratios[name] = log(after) - log(before)
        return self._score()

    def _likelihood(self, labels: Iterable[int], mix: float) -> float:
        world = self._world
        stances = ((1 - world.neither) * mix, (1 - world.neither) * (1 - mix), world.neither)
        labels = list(labels)
        stray = [sum(p * world.confusion[s][label] for s, p in enumerate(stances)) for label in range(3)]
        total = 0.0
        for stance, chance in enumerate(stances):
            product = chance
            for label in labels:
                kept = world.confusion[stance][label]
                product *= world.cohesion * kept + (1 - world.cohesion) * stray[label]
            total += product
        return total

    def _score(self) -> float:
        score = best = 0.0
        # Late readings change old occasions, but what is a year back no longer matters to the maximum.
        for _, name in self._times[-400:]:
            score = max(0.0, score + self._ratios[name])
        return max(best, score)


def first_crossings(
    readings: Sequence[Reading], world: World, before: float, after: float, bars: Sequence[float], start: float
) -> tuple[dict[float, int], dict[float, float]]:
    """Return false alarms before `start`, the statistic beginning anew after each, and days to the first one after."""
    oracles = {bar: Oracle(world, before, after) for bar in bars}
    false, delay = dict.fromkeys(bars, 0), dict[float, float]()
    for reading in readings:
        seen = reading.fetched.timestamp()
        for bar in bars:
            if bar in delay or oracles[bar].take(reading) < bar:
                continue
            if seen < start:
                false[bar] += 1
                oracles[bar] = Oracle(world, before, after)
            else:
                delay[bar] = (seen - start) / 86400.0
    return false, delay
