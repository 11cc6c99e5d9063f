"""What the stream tells about itself while it works; the edge turns it into metrics and logs."""

from collections.abc import Mapping
from typing import Protocol

from streams.drift import Changes
from streams.records import Article, Position, Reading, ShiftAlert


class Observer(Protocol):
    """Called on the event loop; a method must not block and must not raise."""

    def batch_read(self, articles: int, statements: int, seconds: float) -> None:
        """One inference batch is done."""

    def article_read(self, outcome: str, article: Article | None, readings: int) -> None:
        """An article has been handled: `read`, `silent` (no statement in it), `canary` or `dead` (None: unreadable)."""

    def text_skipped(self, reason: str, times: int) -> None:
        """Part of an article, or all of it, was passed over; `reason` is one of a bounded set."""

    def reader_hung(self) -> None:
        """A batch was not read in time; the worker is about to stop."""

    def reading_made(self, reading: Reading) -> None:
        """A statement has been read for its stance."""

    def reading_ignored(self, reason: str) -> None:
        """A reading that is a stance moved nothing; `reason` is one of streams.admission.IGNORED."""

    def reading_reread(self, actor: str, changed: bool) -> None:
        """A reading of another version of the model has been read again, with another label or the same."""

    def reread_failed(self) -> None:
        """A statement could not be read again; it stays as it was read."""

    def reread_left(self, partition: int, records: int) -> None:
        """So many records of the partition are still to be looked through for what is to be read again."""

    def reread_done(self, partition: int, model: str, total: Changes, unusual: Mapping[str, Changes]) -> None:
        """The partition was read again; `unusual` are the actors whose labels changed oftener than chance allows."""

    def reread_stopped(self, partition: int) -> None:
        """Reading again was interrupted, and will be tried again."""

    def position_drifted(self, key: str) -> None:
        """A position was taken in silence, because only the change of the model moved it."""

    def article_aged(self, seconds: float) -> None:
        """A live article has been read so long after its publication."""

    def position_moved(self, position: Position, partition: int) -> None:
        """A position has been published, or taken over with this partition of the readings."""

    def alert_raised(self, alert: ShiftAlert) -> None:
        """An alert's state has been acknowledged by the broker."""

    def record_kept(self, kind: str, source: str) -> None:
        """A record of a kind that only a newer version knows waits for one that does."""

    def dead_letter(self, topic: str, reason: str, source: str) -> None:
        """A record of `topic`, at `source` (topic/partition/offset), is put aside; `reason` is of a bounded set."""

    def record_handled(self, topic: str, partition: int, lag: int) -> None:
        """A record is done, and this many more wait in its partition."""

    def partitions_gone(self, partitions: frozenset[tuple[str, int]]) -> None:
        """This worker no longer owns these partitions."""
