"""Which versions of the stance model have been at work, and since when; a function of the rows alone, in any order."""

from datetime import datetime


class ModelsSeen:
    """By version, when a reading of it was first seen. `put` is the only way in."""

    def __init__(self) -> None:
        self._first: dict[str, datetime] = {}

    def __contains__(self, version: str) -> bool:
        return version in self._first

    def put(self, version: str, at: datetime) -> None:
        """Take in that the version was there at that time; a later time changes nothing."""
        self._first[version] = min(self._first.get(version, at), at)

    def newest(self) -> tuple[str, datetime] | None:
        """Return the version that came last and when; None where there has been no other before it."""
        if len(self._first) < 2:
            return None
        version = max(self._first, key=lambda one: (self._first[one], one))
        return version, self._first[version]
