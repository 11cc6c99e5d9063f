"""How sure a shift must be to be confirmed, for the desk's budget of false alerts and an actor's rate of news.

The table beside this file is made by simulation; this module only reads it, and interpolates: the threshold's log-odds
between logarithms of rates and of budgets. Beyond the table's ends it is flat, but for budgets below the smallest: a
kind of alert with a tenth of the desk's budget must keep to that tenth, so the line through the last two goes on.
"""

import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import exp, log
from typing import Final

from msgspec import Struct, convert

from streams.shift_settings import ShiftSettings

# Nothing surer is asked for: the filter's own prior of passages keeps a position from being surer for long.
SUREST: Final = 0.995


class RateRow(Struct, frozen=True):
    """Thresholds, one for each budget, at a rate of effective events."""

    events_per_day: float
    confirm: tuple[float, ...]


class Table(Struct, frozen=True):
    """Budgets are false alerts per actor and year; both they and the rates ascend."""

    budgets: tuple[float, ...]
    rates: tuple[RateRow, ...]


@cache
def read_table() -> Table:
    """Return the table in this repository."""
    return convert(tomllib.loads(files("streams").joinpath("thresholds.toml").read_text()), Table)


def confirm_at(rate: float, settings: ShiftSettings) -> float:
    """Return the probability of a passage at which it is confirmed; `rate` is effective events per day."""
    if settings.confirm is not None:
        return settings.confirm
    rates, odds = _odds_by_rate(settings.false_alerts_per_actor_year)
    return 1.0 / (1.0 + exp(-_between(log(max(rate, 1e-6)), rates, odds)))


@cache
def _odds_by_rate(budget: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    table = read_table()
    budgets = [log(b) for b in table.budgets]
    odds = [_at_budget(log(budget), budgets, [_logit(p) for p in row.confirm]) for row in table.rates]
    return tuple(log(row.events_per_day) for row in table.rates), tuple(odds)


def _at_budget(budget: float, budgets: Sequence[float], odds: Sequence[float]) -> float:
    if budget >= budgets[0]:
        return _between(budget, budgets, odds)
    slope = (odds[1] - odds[0]) / (budgets[1] - budgets[0])
    return min(_logit(SUREST), odds[0] + slope * (budget - budgets[0]))


def _between(x: float, xs: Sequence[float], ys: Sequence[float]) -> float:
    right = bisect_right(xs, x)
    if right == 0:
        return ys[0]
    if right == len(xs):
        return ys[-1]
    share = (x - xs[right - 1]) / (xs[right] - xs[right - 1])
    return ys[right - 1] + share * (ys[right] - ys[right - 1])


def _logit(p: float) -> float:
    return log(p / (1.0 - p))
