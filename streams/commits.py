"""Faust's consumer, whose commits pass only what this project said is done; never what Faust acknowledges by itself.

Faust acknowledges every event that it skips: what was fetched before a rebalance and reaches a stream after it. Nobody
has handled such an event, and yet a later commit passes it. Its book of acknowledgements also outlives the assignment
that it is about. Both lost records in rebalances; here the first does not count and the second starts anew.
"""

from collections.abc import Iterable
from typing import Any

import faust
from faust.transport.drivers.aiokafka import Consumer


class GuardedConsumer(Consumer):  # type: ignore[misc]
    """Commits what `done` was called for, and nothing else."""

    def ack(self, message: Any) -> bool:
        """Take no notice: this is what Faust calls, for skipped events too."""
        return False

    def done(self, message: Any) -> bool:
        """Let the commit pass this message, when all before it are done."""
        return bool(super().ack(message))

    async def on_partitions_assigned(self, assigned: Iterable[Any], generation_id: int = 0) -> None:
        """Begin the books of the assigned partitions anew: reading starts again at what is committed."""
        assigned = set(assigned)
        for place in assigned:
            for book in (self._acked, self._acked_index, self._gap):
                book.pop(place, None)
        await super().on_partitions_assigned(assigned, generation_id)


def guard_commits(app: faust.App) -> None:
    """Have the application make its consumer of this class; to be called before anything asks for its consumer."""
    app.transport.Consumer = GuardedConsumer
