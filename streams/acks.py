"""Which events may be acknowledged: only what is done, in order, and still this worker's; never on an exception.

Faust acknowledges an event when its loop body ends, also by an exception or a cancelled task. Here nothing is
acknowledged but by `done`, so that whatever interrupts the work, the record is delivered again.
"""

from typing import Any

import faust
from faust.types import TP

from streams.commits import guard_commits
from streams.observer import Observer


class Acks:
    """Acknowledges events of streams that were opened with `noack()`; `count` is of those done in this process."""

    def __init__(self, app: faust.App, observer: Observer) -> None:
        self._app = app
        self._observer = observer
        self._generation: dict[tuple[str, int], int] = {}
        # The offset after the last one done, of the partitions that are ours.
        self._following: dict[tuple[str, int], int] = {}
        self.count = 0
        guard_commits(app)
        app.on_partitions_revoked.connect(self._on_revoked)

    async def _on_revoked(self, sender: Any, revoked: set[Any], **_: Any) -> None:
        gone = frozenset((tp.topic, tp.partition) for tp in revoked)
        for place in gone:
            self._generation[place] = self._generation.get(place, 0) + 1
            self._following.pop(place, None)
        self._observer.partitions_gone(gone)

    def generation(self, event: Any) -> int:
        """Return how often the event's partition has been taken away from this worker; to be kept with the event."""
        return self._generation.get((event.message.topic, event.message.partition), 0)

    def is_current(self, topic: str, partition: int, generation: int) -> bool:
        """Whether the partition has been this worker's without a break since that generation."""
        return self._generation.get((topic, partition), 0) == generation

    async def done(self, stream: Any, event: Any, generation: int) -> None:
        """Let the commit pass this event, unless its partition has been away: then its new owner decides.

        An old acknowledgement must not reach the new assignment, whose commit could pass records not yet handled.
        """
        message = event.message
        self.count += 1
        if self.generation(event) == generation:
            self._app.consumer.done(message)
            self._following[message.topic, message.partition] = message.offset + 1
            self._observer.record_handled(message.topic, message.partition, self._lag(message.tp))
        # This one is for Faust's own statistics; what may be committed was said above.
        await stream.ack(event)

    def show_lags(self) -> None:
        """Tell how much waits in every partition where something was done, also when nothing is done just now.

        A worker that hangs on one record would otherwise show for ever how little waited when it still worked.
        """
        for topic, partition in self._following:
            self._observer.record_handled(topic, partition, self._lag(TP(topic, partition)))

    def _lag(self, tp: TP) -> int:
        try:
            end = self._app.consumer.highwater(tp)
        except AssertionError:
            # The client asserts that the partition is ours. It may have gone this moment, in the consumer's thread,
            # which is no reason to stop a worker.
            return 0
        return max(0, end - self._following[tp.topic, tp.partition]) if end is not None else 0
