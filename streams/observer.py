"""What the stream tells about itself while it works; the edge turns it into metrics and logs."""

from typing import Protocol

from streams.records import Position, Reading, ShiftAlert


class Observer(Protocol):
    """Called on the event loop; a method must not block and must not raise."""

    def batch_read(self, articles: int, statements: int, seconds: float) -> None:
        """One inference batch is done."""

    def article_read(self, outcome: str) -> None:
        """An article has been handled: `read`, `silent` (no statement in it) or `dead`."""

    def text_skipped(self, reason: str, times: int) -> None:
        """Part of an article, or all of it, was passed over; `reason` is one of a bounded set."""

    def reader_hung(self) -> None:
        """A batch was not read in time; the worker is about to stop."""

    def reading_made(self, reading: Reading) -> None:
        """A statement has been read for its stance."""

    def position_moved(self, position: Position) -> None:
        """A position has been published."""

    def alert_raised(self, alert: ShiftAlert) -> None:
        """An alert's state has been acknowledged by the broker."""

    def dead_letter(self, topic: str, reason: str) -> None:
        """A record of `topic` has been put aside; `reason` is one of a bounded set."""

    def record_handled(self, topic: str, partition: int, lag: int) -> None:
        """A record is done, and this many more wait in its partition."""

    def partitions_gone(self, partitions: frozenset[tuple[str, int]]) -> None:
        """This worker no longer owns these partitions."""
