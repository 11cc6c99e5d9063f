"""When dead letters stop being the records' fault."""

DEAD_IN_A_ROW = 20


class Fault(Exception):
    """Something other than a record is broken: the worker must stop before it commits."""


class DeadLetterRun:
    """Counts dead letters without a good record between them; so many in a row are no coincidence."""

    def __init__(self) -> None:
        self._length = 0

    def add(self, reason: str) -> None:
        """Count one; raises Fault when the run is too long to be the records' fault."""
        self._length += 1
        if self._length >= DEAD_IN_A_ROW:
            raise Fault(f"{self._length} dead letters in a row, the last: {reason}")

    def ended(self) -> None:
        """A record was handled."""
        self._length = 0
