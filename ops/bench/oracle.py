"""A CUSUM that knows what no detector can know: both mixes, the reader's confusion and how events hang together.

Page's statistic over events, the largest log-likelihood ratio of everything from some event on (Lorden 1971:
asymptotically no detector is faster at equal false alarms). It is given the same events and held to the same rule of
two outlets as Parley.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log

from ops.bench.actors import STANCES, World
from ops.bench.moments import Moment
from streams.dossiers.events import Event
from streams.shift_settings import DAY

OUTLETS = 2


@dataclass
class Scores:
    """The statistic after each event, at one bar. Events before `start` were spent on an alarm."""

    start: float = 0.0
    values: list[float] = field(default_factory=list)


class Oracle:
    """Sums the evidence that the mix changed from `before` to `after`, and starts anew after each alarm."""

    def __init__(self, world: World, before: float, after: float, bars: Sequence[float]) -> None:
        self._likelihoods = tuple(_Likelihood(world, mix) for mix in (before, after))
        self._labels: dict[str, int] = {}
        self._ratios: dict[tuple[int, ...], float] = {}
        self._scores = {bar: Scores() for bar in bars}

    def take(self, moment: Moment) -> list[float]:
        """Return the bars that were crossed at this moment."""
        reading, events = moment.reading, moment.dossier.events
        self._labels[reading.id] = STANCES.index(reading.probabilities.label)
        # A reading changes nothing before the events that it could have joined.
        edge, first = reading.time.timestamp() - 4 * DAY, len(events)
        while first > 0 and events[first - 1].start >= edge:
            first -= 1
        ratios = [self._ratio(event) for event in events[first:]]
        return [bar for bar, scores in self._scores.items() if self._crosses(bar, scores, first, ratios, events)]

    def _crosses(
        self, bar: float, scores: Scores, first: int, ratios: Sequence[float], events: Sequence[Event]
    ) -> bool:
        del scores.values[first:]
        # Gathering anew may have left fewer events than there are scores for.
        score = scores.values[-1] if scores.values else 0.0
        for event, ratio in zip(events[first:], ratios, strict=True):
            score = max(0.0, score + ratio) if event.start > scores.start else 0.0
            scores.values.append(score)
        if score < bar or not self._confirmed(scores.values, events):
            return False
        scores.start = events[-1].start
        return True

    def _confirmed(self, values: Sequence[float], events: Sequence[Event]) -> bool:
        """Whether two outlets, named, told of something likelier afterwards since the statistic last was zero."""
        outlets: set[str] = set()
        for event, value in zip(reversed(events), reversed(values), strict=True):
            if value == 0.0:
                break
            for report in event.leads:
                for item in report.items.values():
                    if item.named and self._told(self._labels[item.reading]) > 0:
                        outlets.add(report.outlet)
        return len(outlets) >= OUTLETS

    def _told(self, label: int) -> float:
        before, after = (likelihood([label]) for likelihood in self._likelihoods)
        return after - before

    def _ratio(self, event: Event) -> float:
        labels = tuple(sorted(self._labels[reading] for report in event.leads for reading in report.items))
        if labels not in self._ratios:
            before, after = (likelihood(labels) for likelihood in self._likelihoods)
            self._ratios[labels] = log(after) - log(before)
        return self._ratios[labels]


class _Likelihood:
    """P(the labels of one occasion's readings | the mix)."""

    def __init__(self, world: World, favor: float) -> None:
        self._stances = ((1 - world.neither) * favor, (1 - world.neither) * (1 - favor), world.neither)
        stray = [sum(p * world.confusion[s][label] for s, p in enumerate(self._stances)) for label in range(3)]
        self._readings = [
            [world.cohesion * world.confusion[s][label] + (1 - world.cohesion) * stray[label] for label in range(3)]
            for s in range(3)
        ]

    def __call__(self, labels: Iterable[int]) -> float:
        labels, total = list(labels), 0.0
        for stance, chance in enumerate(self._stances):
            product = chance
            for label in labels:
                product *= self._readings[stance][label]
            total += product
        return total
