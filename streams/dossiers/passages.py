"""Events in their order -> the hidden state behind them, and when it was entered; never the words for it.

A Markov chain in continuous time over favor, mixed and against, in which every passage is equally likely: with q
passages out of a state per year and c = 3 q / 2,

    P(same state after t) = (1 + 2 exp(-c t)) / 3,    P(a given other one) = (1 - exp(-c t)) / 3.

The filter is Bayes' rule event by event. Beside it runs S(x), the log-probability of having stayed in x and said all
that since the first event, from which follows how probable it is that the present stay in x began with event k:

    w(k) = enter(k, x) exp(S(n, x) - S(k, x)) / ..., whose sum over k is the filtered probability of x.

The likeliest k needs no second pass: the running maximum of log enter(k) - S(k-1) is carried along. Nor does the
probability of a passage since some event: the running sum of those weights is, and the difference of two is enough.
"""

from bisect import bisect_right
from collections.abc import Sequence
from math import exp, log, log1p
from typing import NamedTuple

from streams.dossiers.emissions import Triple
from streams.dossiers.events import Event
from streams.shift_settings import DAY, ShiftSettings

YEAR_SECONDS = 365.25 * DAY
UNIFORM: Triple = (1 / 3, 1 / 3, 1 / 3)


class Node(NamedTuple):
    """The filter after one event. `entered` holds, by state, the log-weight of beginning the stay with this event;
    `best` the largest such weight so far and `since` the index of its event, `summed` the logarithm of their sum."""

    time: float
    filtered: Triple
    stayed: Triple
    entered: Triple
    best: Triple
    since: tuple[int, int, int]
    summed: Triple


def passage_rate(settings: ShiftSettings) -> float:
    """Return c, per second."""
    return 1.5 * settings.passages_per_year / YEAR_SECONDS


def age(filtered: Triple, seconds: float, rate: float) -> Triple:
    """Return the state's probabilities after `seconds` without evidence."""
    kept = exp(-rate * max(0.0, seconds))
    other = (1.0 - kept) / 3.0
    return (kept * filtered[0] + other, kept * filtered[1] + other, kept * filtered[2] + other)


def step(before: Node | None, event: Event, index: int, rate: float) -> Node:
    """Return the filter after `event`, the `index`-th."""
    e0, e1, e2 = event.evidence
    if before is None:
        p0, p1, p2 = UNIFORM
        change, log_same, stayed = 1.0, 0.0, (0.0, 0.0, 0.0)
        left: Triple = UNIFORM
        best, since, summed = (-1e300, -1e300, -1e300), (0, 0, 0), (-1e300, -1e300, -1e300)
    else:
        kept = exp(-rate * (event.start - before.time))
        # Two events of one instant may hold different states; the tiny chance keeps the logarithm finite.
        change = max((1.0 - kept) / 3.0, 1e-12)
        log_same = log(kept + change)
        f0, f1, f2 = before.filtered
        p0, p1, p2 = kept * f0 + change, kept * f1 + change, kept * f2 + change
        left = (max(1.0 - f0, 1e-300), max(1.0 - f1, 1e-300), max(1.0 - f2, 1e-300))
        stayed, best, since, summed = before.stayed, before.best, before.since, before.summed
    top = max(e0, e1, e2)
    q0, q1, q2 = p0 * exp(e0 - top), p1 * exp(e1 - top), p2 * exp(e2 - top)
    total = q0 + q1 + q2
    scale = log(total) + top
    log_change = log(change)
    entered = (
        log_change + log(left[0]) - stayed[0] - log_same,
        log_change + log(left[1]) - stayed[1] - log_same,
        log_change + log(left[2]) - stayed[2] - log_same,
    )
    return Node(
        event.start,
        (q0 / total, q1 / total, q2 / total),
        (stayed[0] + log_same + e0 - scale, stayed[1] + log_same + e1 - scale, stayed[2] + log_same + e2 - scale),
        entered,
        (max(best[0], entered[0]), max(best[1], entered[1]), max(best[2], entered[2])),
        (
            index if entered[0] > best[0] else since[0],
            index if entered[1] > best[1] else since[1],
            index if entered[2] > best[2] else since[2],
        ),
        (_add(summed[0], entered[0]), _add(summed[1], entered[1]), _add(summed[2], entered[2])),
    )


def _add(a: float, b: float) -> float:
    """Return log(exp(a) + exp(b))."""
    return a + log1p(exp(b - a)) if a > b else b + log1p(exp(a - b))


def passed(nodes: Sequence[Node], state: int, after: float) -> float:
    """Return P(in `state` now, and the stay began with an event later than `after`); seconds since 1970."""
    if not nodes:
        return 0.0
    last = nodes[-1]
    first = bisect_right(nodes, after, key=_time_of)
    mass = exp(min(0.0, last.summed[state] + last.stayed[state]))
    if first > 0:
        # Rounding leaves 1e-15 of a probability where nothing was entered since.
        mass = max(0.0, mass - exp(min(0.0, nodes[first - 1].summed[state] + last.stayed[state])))
    return 0.0 if first == len(nodes) else min(mass, last.filtered[state])


def _time_of(node: Node) -> float:
    return node.time


def began(nodes: Sequence[Node], state: int, share: float = 0.8) -> tuple[float, float]:
    """Return the shortest-tailed interval in which the present stay in `state` began with probability `share`.

    Both ends are times of events: the first evidence of the new stay.
    """
    last = nodes[-1].stayed[state]
    weights = [exp(min(0.0, node.entered[state] + last)) for node in nodes]
    total, tail, cut = sum(weights), 0.0, (1.0 - share) / 2.0
    low, high = nodes[0].time, nodes[-1].time
    for node, weight in zip(nodes, weights, strict=True):
        if tail <= cut * total:
            low = node.time
        tail += weight
        if tail >= (1.0 - cut) * total:
            high = node.time
            break
    return low, high
