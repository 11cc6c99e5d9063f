"""The evidence table: one Memory for each partition this worker owns, and the changelog it is rebuilt from.

Faust replays the changelog into the table when partitions are assigned; from there the rows go into the Memory and the
table lets go of them, so that each is held once. Rows are written here and not through the table, because a table's
own write is sent unawaited: a refused one would be a log line, and the source committed.
"""

from collections.abc import Iterable
from typing import Any

import faust

from streams.memory import Memory, Row
from streams.produce import Producer, Send
from streams.shift_settings import ShiftSettings
from streams.topics import CHANGELOG, READINGS, TABLE


class EvidenceTable:
    """Rows of `parley-evidence-changelog`, by partition. Keys carry their partition: `PARTITION ROW-KEY`."""

    def __init__(self, app: faust.App, producer: Producer, settings: ShiftSettings) -> None:
        self._producer, self._settings = producer, settings
        self._memories: dict[int, Memory] = {}
        self._table = app.Table(TABLE, partitions=CHANGELOG.partitions, key_type=bytes, value_type=bytes)
        self._table.on_recover(self._take_in)
        app.on_partitions_assigned.connect(self._on_assigned)

    def memory(self, partition: int) -> Memory:
        """Return what is known of the partition."""
        if partition not in self._memories:
            self._memories[partition] = Memory(self._settings)
        return self._memories[partition]

    async def put(self, partition: int, rows: Iterable[Row]) -> None:
        """Log rows that the Memory has. Returns when the broker has them; raises what the producer raised."""
        await self._producer.send_all(changes(partition, rows))

    async def _on_assigned(self, sender: Any, assigned: set[Any], **_: Any) -> None:
        # A partition that went to another worker is forgotten: when it comes back, its whole log is read again. One
        # that stayed keeps its Memory, and Faust reads only what was logged since.
        owned = {tp.partition for tp in assigned if tp.topic == READINGS.name}
        for partition in set(self._memories) - owned:
            del self._memories[partition]

    async def _take_in(self, *_: Any) -> None:
        recovered: dict[int, list[Row]] = {}
        for key, value in self._table.data.data.items():
            partition, _space, row = key.decode().partition(" ")
            recovered.setdefault(int(partition), []).append(Row(row, value.decode()))
        self._table.data.data.clear()
        for partition, rows in recovered.items():
            self.memory(partition).put(rows)


def changes(partition: int, rows: Iterable[Row]) -> list[Send]:
    """Return the changelog records of `rows`; a deletion is a record without a value."""
    return [
        Send(
            CHANGELOG.name,
            f"{partition} {row.key}".encode(),
            None if row.value is None else row.value.encode(),
            partition,
        )
        for row in rows
    ]
