"""The evidence table: one Memory for each partition this worker owns, and the changelog it is rebuilt from.

Rows are sent by our own producer and read by our own reader. A Faust table sends its writes unawaited: a refused one
would be a log line, and the source committed.

Beside the Memory's rows (streams/rows.py) there are two. `reread` says how far a version of the model has read the
log again (streams/rereading_agent.py). `followed` says up to which record of `readings.v1` all effects are
acknowledged: a commit lags behind them by up to a second, and a record that is delivered again after later evidence was
stored would be judged in the light of it: an alert would get its id from the wrong reading.
"""

import logging
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

import faust

from streams.changelog import Changelog, MadeAnew
from streams.memory import Memory
from streams.produce import Producer, Send
from streams.rows import Row
from streams.shift_settings import ShiftSettings
from streams.topics import CHANGELOG, READINGS

log = logging.getLogger("parley.stream")

FOLLOWED = "followed"
REREAD = "reread"


class Followed(NamedTuple):
    """The last record whose effects are all acknowledged. The time tells it from one of a topic made anew."""

    offset: int
    time: float

    def includes(self, message: Any) -> bool:
        return bool(message.offset <= self.offset and message.timestamp <= self.time)


class Held(NamedTuple):
    """A partition as this worker holds it. `followed` is the last offset whose effects are acknowledged, -1 for none;
    `reread` a version of the model and the offset up to which it has read the log again; `heard` when readings of each
    version last came, and `began` when the partition was taken over, both on the monotonic clock."""

    partition: int
    generation: int
    memory: Memory
    followed: int
    reread: tuple[str, int] | None
    heard: dict[str, float]
    began: float


class EvidenceTable:
    """Rows of `parley-evidence-changelog`, by partition. Keys carry their partition: `PARTITION ROW-KEY`."""

    def __init__(self, app: faust.App, producer: Producer, changelog: Changelog, settings: ShiftSettings) -> None:
        self._producer, self._changelog, self._settings = producer, changelog, settings
        self._memories: dict[int, Memory] = {}
        self._following: dict[int, int] = {}
        self._generation: dict[int, int] = {}
        self._followed: dict[int, Followed] = {}
        self._reread: dict[int, tuple[str, int]] = {}
        self._heard: dict[int, dict[str, float]] = {}
        self._began: dict[int, float] = {}
        # The last offset that this worker has followed, whether or not it had an effect.
        self._ended: dict[int, int] = {}
        app.on_partitions_assigned.connect(self._on_assigned)

    async def memory(self, partition: int, generation: int) -> Memory:
        """Return what is known of the partition, all that was logged before it became ours this time included.

        `generation` is how often it was taken from us. Another worker may have written in between, even where the
        partition seems to have stayed: this worker may have been frozen. Raises what reading the changelog raises.
        """
        if self._generation.get(partition) != generation:
            started = time.monotonic()
            # Held here over the wait, during which the partition may go and its Memory be forgotten: what is read now
            # goes with what was known when the reading began.
            memory = self._memories.get(partition)
            start = self._following[partition] if memory is not None else 0
            try:
                found = await self._changelog.read(partition, start)
            except MadeAnew as error:
                # What is in the Memory is in no log any more, and a successor would not have it either.
                log.warning("%s: the topic was made anew; its rows are forgotten and read again", error)
                memory = None
                self._followed.pop(partition, None)
                self._reread.pop(partition, None)
                found = await self._changelog.read(partition, 0)
            memory = Memory(self._settings) if memory is None else memory
            memory.put(found.rows)
            for row in found.rows:
                if row.key == FOLLOWED and row.value is not None:
                    self._followed[partition] = _read_followed(row.value)
                elif row.key == REREAD and row.value is not None:
                    self._reread[partition] = _read_reread(row.value)
            self._heard[partition], self._began[partition] = {}, time.monotonic()
            self._memories[partition], self._following[partition] = memory, found.following
            self._generation[partition] = generation
            log.info(
                "%s/%d: %d rows taken in within %.1f s",
                CHANGELOG.name, partition, len(found.rows), time.monotonic() - started,
            )  # fmt: skip
        return self._memories[partition]

    def followed(self, message: Any) -> bool:
        """Return whether all that follows from the message was acknowledged before. Its `memory` must be known."""
        place = self._followed.get(message.partition)
        return place is not None and place.includes(message)

    async def put(self, message: Any, rows: Iterable[Row]) -> None:
        """Log rows that the Memory has, and with them that the message needs no more following.

        Returns when the broker has them; raises what the producer raised.
        """
        followed = Row(FOLLOWED, f"{message.offset} {message.timestamp!r}")
        await self._producer.send_all(changes(message.partition, [*rows, followed]))

    def passed(self, message: Any, model: str | None) -> None:
        """Take in that all effects of the message are acknowledged; `model` is whose reading it was, if it was one."""
        self._ended[message.partition] = message.offset
        if model is not None:
            self._heard.setdefault(message.partition, {})[model] = time.monotonic()

    def held(self) -> list[Held]:
        """Return every partition whose rows are known."""
        return [
            Held(
                partition, self._generation[partition], memory, self._end(partition), self._reread.get(partition),
                self._heard.get(partition, {}), self._began[partition],
            )
            for partition, memory in sorted(self._memories.items())
        ]  # fmt: skip

    async def put_reread(self, held: Held, model: str, following: int) -> None:
        """Log how far `model` has read the partition again. An older place only repeats what changes nothing."""
        await self._producer.send_all(changes(held.partition, [Row(REREAD, f"{following} {model}")]))
        if self._generation.get(held.partition) == held.generation:
            self._reread[held.partition] = (model, following)

    def _end(self, partition: int) -> int:
        followed = self._followed.get(partition)
        return max(-1 if followed is None else followed.offset, self._ended.get(partition, -1))

    async def _on_assigned(self, sender: Any, assigned: set[Any], **_: Any) -> None:
        # What went to another worker is forgotten, and read again from the beginning when it comes back.
        owned = {tp.partition for tp in assigned if tp.topic == READINGS.name}
        for partition in set(self._memories) - owned:
            del self._memories[partition], self._following[partition], self._generation[partition]
            for known in (self._followed, self._reread, self._heard, self._began, self._ended):
                known.pop(partition, None)


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


def _read_reread(value: str) -> tuple[str, int]:
    offset, _, model = value.partition(" ")
    return model, int(offset)


def _read_followed(value: str) -> Followed:
    offset, _, time_ = value.partition(" ")
    return Followed(int(offset), float(time_))
