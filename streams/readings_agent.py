"""`readings.v1` -> evidence rows, `positions.v1` and `alerts.v1`, event by event; the only writer of the table.

The order of effects is the promise: evidence and alerts are acknowledged before "told" is stored, and that before the
source may be committed. A crash anywhere repeats a record; it never swallows an alert.
"""

import logging
from collections.abc import Sequence
from typing import Any

import faust

from streams.acks import Acks
from streams.evidence import Outcome, follow, positions_of
from streams.faults import DeadLetterRun, Stop
from streams.in_hand import InHand, place_of
from streams.memory import Memory
from streams.observer import Observer
from streams.produce import Producer, Send, dead_letter, source_of
from streams.records import Position, Reading, ShiftAlert
from streams.rows import kept_row
from streams.tables import EvidenceTable, changes
from streams.topics import ALERTS, POSITIONS, READINGS, Malformed, NewerKind, decode_evidence, encode

log = logging.getLogger("parley.stream")


class ReadingsAgent:
    """Follows the evidence log in partition order."""

    def __init__(
        self,
        app: faust.App,
        table: EvidenceTable,
        producer: Producer,
        acks: Acks,
        observer: Observer,
        hand: InHand,
        stop: Stop,
    ) -> None:
        self._table, self._producer, self._acks = table, producer, acks
        self._observer, self._hand, self._stop = observer, hand, stop
        self._dead = DeadLetterRun()
        # By partition, the generation whose positions have been told to the observer.
        self._shown: dict[int, int] = {}
        topic = app.topic(READINGS.name, key_serializer="raw", value_serializer="raw", key_type=bytes, value_type=bytes)
        app.agent(topic, name="readings", concurrency=1)(self._follow_all)

    async def _follow_all(self, stream: Any) -> None:
        async for event in stream.noack().events():
            generation = self._acks.generation(event)
            place = place_of(event.message)
            try:
                # Before the record is in hand: a worker that dies while it rebuilds its rows did not die of a record.
                await self._table.memory(event.message.partition, generation)
                self._hand.take([place])
                await self._handle(event.message, generation)
                self._hand.put_down([place])
            except Exception as error:
                # Whatever it is, committing past it would lose the record.
                self._stop("readings", error)
            await self._acks.done(stream, event, generation)

    async def _handle(self, message: Any, generation: int) -> None:
        if self._hand.spent(place := place_of(message)):
            deaths = self._hand.deaths(place)
            await self._put_aside(message, "killed-the-worker", f"in hand when a worker died, {deaths} times")
            return
        try:
            record = decode_evidence(message.value)
        except NewerKind as error:
            await self._keep(message, error.kind, generation)
            return
        except Malformed as error:
            await self._put_aside(message, "malformed", str(error))
            return
        memory = await self._table.memory(message.partition, generation)
        if self._shown.get(message.partition) != generation:
            await self._follow_kept(message.partition, generation, memory)
            self._shown[message.partition] = generation
            self._observe(message.partition, generation, positions_of(memory))
        model = record.model if isinstance(record, Reading) else None
        if self._table.followed(message):
            self._table.passed(message, model)
            return
        try:
            outcome = follow(record, memory)
        except Exception as error:
            # Rows already put are true on their own, so the next record can be followed.
            await self._put_aside(message, "follow-failed", f"{type(error).__name__}: {error}")
            return
        self._dead.ended()
        await self._producer.send_all([*changes(message.partition, outcome.rows), *_tellings(outcome)])
        memory.put(outcome.states)
        if outcome.changes:
            await self._table.put(message, outcome.states)
        self._table.passed(message, model)
        self._tell(message.partition, generation, outcome)

    async def _keep(self, message: Any, kind: str, generation: int) -> None:
        """Leave a record to the version that knows its kind: in an upgrade, the next owner of the partition is one."""
        memory = await self._table.memory(message.partition, generation)
        if not self._table.followed(message):
            row = kept_row(message.offset, kind, message.value.decode())
            memory.put([row])
            await self._table.put(message, [row])
            self._observer.record_kept(kind, source_of(message))
        self._table.passed(message, None)

    async def _follow_kept(self, partition: int, generation: int, memory: Memory) -> None:
        """Follow what an older version left, as if it came now. What cannot be followed stays where it is."""
        for offset, (kind, text) in sorted(memory.kept.items()):
            try:
                outcome = follow(decode_evidence(text.encode()), memory)
            except NewerKind:
                continue
            except Exception as error:
                log.warning("%s kept from offset %d cannot be followed: %s", kind, offset, repr(error))
                continue
            done = kept_row(offset, kind, None)
            await self._producer.send_all([*changes(partition, outcome.rows), *_tellings(outcome)])
            memory.put([*outcome.states, done])
            await self._producer.send_all(changes(partition, [*outcome.states, done]))
            self._tell(partition, generation, outcome)

    def _tell(self, partition: int, generation: int, outcome: Outcome) -> None:
        self._observe(partition, generation, outcome.positions)
        for alert in outcome.alerts:
            self._observer.alert_raised(alert)
        if outcome.ignored:
            self._observer.reading_ignored(outcome.ignored)
        for key in outcome.drifted:
            self._observer.position_drifted(key)

    def _observe(self, partition: int, generation: int, positions: Sequence[Position]) -> None:
        """Tell positions, unless their partition went while they were worked out: its new owner tells them."""
        if self._acks.is_current(READINGS.name, partition, generation):
            for position in positions:
                self._observer.position_moved(position, partition)

    async def _put_aside(self, message: Any, reason: str, detail: str) -> None:
        self._dead.add(f"{reason}: {detail}")
        await self._producer.send_all([dead_letter(READINGS, message, reason, detail)])
        self._observer.dead_letter(READINGS.name, reason, source_of(message))


def _tellings(outcome: Outcome) -> list[Send]:
    alerts = [Send(ALERTS.name, alert.actor.encode(), encode(alert)) for alert in outcome.alerts]
    # Back on the log, in the ally's partition: there, what both say meets.
    alerts += [Send(READINGS.name, stand.to.encode(), encode(stand)) for stand in outcome.stands]
    return alerts + [Send(POSITIONS.name, key_of(position), encode(position)) for position in outcome.positions]


def key_of(record: Position | ShiftAlert) -> bytes:
    """The key under which a position is compacted: the actor, or actor/speaker."""
    return (record.actor if record.speaker is None else f"{record.actor}/{record.speaker}").encode()
