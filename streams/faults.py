"""Whose fault a failure is: a record's, which is put aside, or the worker's, which stops before it commits."""

from collections.abc import Callable
from typing import Any

from aiokafka.errors import MessageSizeTooLargeError

from streams.in_hand import InHand

DEAD_IN_A_ROW = 20


class Fault(Exception):
    """Something other than a record is broken: the worker must stop before it commits."""


class Hung(Fault):
    """A batch was not read in time although the reader reads: one of its records is to blame, and is alone next."""


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


class Stop:
    """Ends the worker. `end` must not return to its caller's work; it is given the reason."""

    def __init__(self, end: Callable[[str], None], hand: InHand) -> None:
        self._end, self._hand = end, hand

    def __call__(self, where: str, error: Exception) -> Any:
        """Stop because of `error`. What is in hand is not to blame, but for two cases.

        Where reading it does not end, or what came of it is too large to be sent, every worker would stop at it for
        ever, and so the third stop is the last.
        """
        try:
            if not isinstance(error, MessageSizeTooLargeError | Hung):
                self._hand.let_go()
        finally:
            # Where the notes cannot be written, the disk is what failed, and the end is still the end.
            self._end(f"{where}: {type(error).__name__}: {error}")
