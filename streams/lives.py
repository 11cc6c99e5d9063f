"""How a key's alerts stand, as a worker keeps it; never how they come to stand so (streams/shifts.py)."""

from msgspec import Struct

from streams.records import ShiftAlert, State


class Life(Struct, frozen=True, kw_only=True):
    """How a key's alerts stand. `number` counts the lives that were put for the key.

    `established` is the position that a shift would leave, taken with the event at `since`; `left` and `left_since`
    the one before. `standing` is a confirmed alert that can still be retracted. `doubt` is when a withdrawal took away
    what an alert stands on. `held` is an alert that is kept back, and `drift` when the model came that it waits for.
    `drifted` is when the position was taken in silence because a new model reads in the same words what the one before
    did not.
    While not `armed`, only evidence that confirms at once raises an alert. Times are seconds.
    """

    number: int = 0
    established: State = "unknown"
    since: float = 0.0
    left: State = "unknown"
    left_since: float = 0.0
    pending: ShiftAlert | None = None
    standing: ShiftAlert | None = None
    held: ShiftAlert | None = None
    drift: float | None = None
    drifted: float | None = None
    doubt: float | None = None
    armed: bool = True
