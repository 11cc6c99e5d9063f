"""Which versions of the stance model have been at work, and since when; a function of the rows alone, in any order."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

# Two take-overs are never of one moment: the later one must be told from the earlier.
APART: Final = timedelta(seconds=1)


class Reader(NamedTuple):
    """A version of the model, and when it took over."""

    version: str
    at: datetime


class ModelsSeen:
    """By version, when it took over last. `put` is the only way in."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}

    def __contains__(self, version: str) -> bool:
        return version in self._last

    def put(self, version: str, at: datetime) -> None:
        """Take in that the version took over at that time; an earlier time changes nothing."""
        self._last[version] = max(self._last.get(version, at), at)

    def current(self) -> Reader | None:
        """Return the version that took over last; None where nothing was read yet."""
        if not self._last:
            return None
        version = max(self._last, key=lambda one: (self._last[one], one))
        return Reader(version, self._last[version])

    def newest(self) -> Reader | None:
        """Return the version that took over last; None where there has been no other before it."""
        return self.current() if len(self._last) > 1 else None

    def next_at(self, now: datetime) -> datetime:
        """Return the time of a take-over at `now`: later than any before it."""
        return max([now, *(at + APART for at in self._last.values())])
