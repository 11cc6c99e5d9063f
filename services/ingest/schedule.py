"""How often a feed changes to when it is visited next; time and chance come in as arguments.

The pace of a feed is its entries per second, estimated twice: over some days, which knows the feed's habit, and over
some hours, which notices a burst. The quicker of the two decides, so that a crisis is followed at once and a quiet
night does not make us forget the day.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR

SLOW: Final = 3 * DAY
FAST: Final = 3 * HOUR
# Visits per new entry: a conditional request that finds nothing is cheap, an hour's delay is not. With 10, a feed of
# ten entries a day is visited every quarter of an hour.
VISITS_PER_ENTRY: Final = 10.0
# A feed that loses entries between two visits may be visited this often, whatever the shortest interval says.
GAP_FLOOR: Final = 30.0
# A feed that fails comes back sooner or later; its news must not then wait for a day.
FAILURE_CAP: Final = 2 * HOUR
SPREAD: Final = 0.1


class Pace(Struct, frozen=True):
    """New entries per second, over days and over hours."""

    slow: float = 0.0
    fast: float = 0.0

    def after(self, new: int, elapsed: float) -> "Pace":
        """The pace after a visit that found `new` entries, `elapsed` seconds after the visit before.

        Exponentially weighted over time, not over visits: visiting more often does not change what is estimated.
        """
        if elapsed <= 0:
            return self
        return Pace(_decayed(self.slow, new, elapsed, SLOW), _decayed(self.fast, new, elapsed, FAST))

    @property
    def interval(self) -> float:
        """Seconds between visits that this pace asks for; infinite where nothing was ever seen to change."""
        rate = max(self.slow, self.fast)
        return 1.0 / (rate * VISITS_PER_ENTRY) if rate > 0 else math.inf


def _decayed(rate: float, new: int, elapsed: float, span: float) -> float:
    keep = math.exp(-elapsed / span)
    return rate * keep + new / elapsed * (1.0 - keep)


def pace_of_dates(dates: Sequence[datetime], now: datetime) -> Pace:
    """A first estimate from the dates of the entries that a new feed shows; none where they do not say.

    The oldest entry starts the span and so is not counted in it.
    """
    past = sorted(date for date in dates if date <= now)
    if len(past) < 2:
        return Pace()
    span = (now - past[0]).total_seconds()
    return Pace(slow=(len(past) - 1) / max(span, HOUR))


def next_delay(
    pace: Pace,
    *,
    shortest: float,
    longest: float,
    fresh_for: float,
    retry_after: float,
    gap_delay: float,
    chance: float,
) -> float:
    """Seconds until the visit after a successful one.

    `fresh_for` and `retry_after` are what the server asked for; `gap_delay` is 0, or the shorter interval that a
    feed with lost entries has come down to: it passes below `shortest` and beats the server's caching advice, never
    its plea to stay away. `chance` in [0, 1) spreads feeds that were started together.
    """
    wanted = gap_delay or min(max(pace.interval, fresh_for, shortest), longest)
    # Upwards only, so that the spread never undercuts a floor that somebody has set.
    return max(min(wanted * (1.0 + SPREAD * chance), max(longest, wanted)), retry_after)


def delay_after_gap(last_delay: float, shortest: float) -> float:
    """Half the delay that lost entries, but not below 30 seconds (or `shortest`, where that is less)."""
    return max(last_delay / 2.0, min(GAP_FLOOR, shortest))


def delay_after_recovery(gap_delay: float, shortest: float) -> float:
    """Twice the delay after a visit that lost nothing; 0 when the feed is back within the ordinary bounds."""
    longer = gap_delay * 2.0
    return longer if longer < shortest else 0.0


def delay_after_failure(failures: int, *, shortest: float, longest: float, retry_after: float, chance: float) -> float:
    """Seconds until the next try after `failures` in a row: doubling, up to two hours, half as much again by chance."""
    doubled = shortest * 2.0 ** min(failures - 1, 30)
    wanted = min(doubled, longest, max(FAILURE_CAP, shortest))
    return max(wanted * (1.0 + 0.5 * chance), retry_after)
