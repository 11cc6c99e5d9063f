"""`readings.v1` -> evidence rows, `positions.v1` and `alerts.v1`, event by event; the only writer of the table.

The order of effects is the promise: evidence and alerts are acknowledged before "told" is stored, and that before the
source may be committed. A crash anywhere repeats a record; it never swallows an alert.
"""

from collections.abc import Sequence
from typing import Any

import faust

from streams.acks import Acks
from streams.evidence import Outcome, follow, positions_of
from streams.faults import DeadLetterRun, Stop
from streams.in_hand import InHand, place_of
from streams.observer import Observer
from streams.produce import Producer, Send, dead_letter, source_of
from streams.records import Position, Reading, ShiftAlert
from streams.tables import EvidenceTable, changes
from streams.topics import ALERTS, POSITIONS, READINGS, Malformed, decode_evidence, encode


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
        except Malformed as error:
            await self._put_aside(message, "malformed", str(error))
            return
        memory = await self._table.memory(message.partition, generation)
        if self._shown.get(message.partition) != generation:
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
        self._observe(message.partition, generation, outcome.positions)
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
