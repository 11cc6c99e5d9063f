"""`readings.v1` -> `readings.v1`: what another version of the model read in the last month, read again by this one.

It follows behind the readings agent, partition by partition, in the log's order, and never passes it: what it reads has
been taken in, with all withdrawals up to there. A reading that was read again goes back on the log under its id, where
it replaces the one before as an edit would. How far it has come is stored behind what it sent, so that a crash repeats
some readings and leaves none out; to repeat one changes nothing. Only the owner of a partition reads it again, so that
it is done once however many workers there are. It takes at most half of one thread's time, off the event loop.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Final

import faust

from streams.acks import Acks
from streams.batch import ReadStances
from streams.drift import Drift
from streams.memory import Memory
from streams.models_seen import Reader
from streams.observer import Observer
from streams.produce import Producer, Send
from streams.readings_log import ReadingsLog
from streams.records import Probabilities, Reading
from streams.rereading import is_to_be_read_again, may_begin, read_again, statement_of
from streams.tables import EvidenceTable, Held
from streams.topics import READINGS, Malformed, decode_evidence, encode

log = logging.getLogger("parley.stream")

LOOK_EVERY: Final = 2.0
# Records of the log that are looked through together; at most as many statements meet the model in one call.
CHUNK: Final = 64
# A place is moved on when so many records have come since that needed nothing.
MOVE_ON: Final = 1_000


class RereadingAgent:
    """Looks at each partition of this worker every two seconds; `model` is the version that `read` reads with."""

    def __init__(
        self,
        app: faust.App,
        table: EvidenceTable,
        producer: Producer,
        acks: Acks,
        observer: Observer,
        readings: ReadingsLog,
        read: ReadStances,
        executor: Executor,
        model: str,
    ) -> None:
        self._table, self._producer, self._acks, self._observer = table, producer, acks, observer
        self._readings, self._read, self._executor, self._model = readings, read, executor, model
        # By partition: when, on the monotonic clock, nothing was left to be read again.
        self._done: dict[int, float] = {}
        app.task(self._work)

    async def _work(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            for held in self._table.held():
                try:
                    await self._look(held)
                except asyncio.CancelledError:
                    raise
                except Exception as error:
                    # Alerts of what was not read again are held meanwhile; nothing is lost by trying once more.
                    log.warning("%s/%d: reading again stops: %s", READINGS.name, held.partition, repr(error))
                    self._observer.reread_stopped(held.partition)

    async def _look(self, held: Held) -> None:
        now = time.monotonic()
        reader = may_begin(self._model, held.memory.models, held.heard, held.began, now)
        place = held.reread if held.reread is not None and held.reread[0] == self._model else None
        start = 0 if place is None else place[1]
        end = held.followed + 1
        clock = held.memory.clock
        # Without the stream's clock nobody knows which month is meant, and what is passed over is not looked at again.
        if reader is None or clock is None or start >= end:
            return
        done = self._done.get(held.partition, -1.0)
        foreign = any(at >= done for model, at in held.heard.items() if model != self._model)
        if done >= held.began and not foreign:
            if end - start > MOVE_ON:
                await self._table.put_reread(held, self._model, end)
            return
        drift = Drift()
        if await self._read_through(held, reader, clock, start, end, drift):
            self._done[held.partition] = now
            self._observer.reread_done(held.partition, self._model, drift.total, drift.unusual())

    async def _read_through(
        self, held: Held, reader: Reader, clock: datetime, start: int, end: int, drift: Drift
    ) -> bool:
        """Read again from `start` to `end`; returns whether the partition stayed this worker's all the while."""
        month = timedelta(days=held.memory.settings.exact_days)
        # What was read within the month before the version took over: its alerts are held until that is read again.
        since = (reader.at if reader.version == self._model else clock) - month
        behind = max(timedelta(), clock - since)
        since_ms = int((time.time() - (behind + timedelta(days=1)).total_seconds()) * 1000)
        async with aclosing(self._readings.chunks(held.partition, start, since_ms, end, CHUNK)) as chunks:
            async for chunk in chunks:
                started = time.monotonic()
                found = [one for value in chunk.values if (one := self._wanted(value, since, held.memory)) is not None]
                again = await self._read_all(found)
                if not self._acks.is_current(READINGS.name, held.partition, held.generation):
                    return False
                await self._producer.send_all(_sends(held.partition, again))
                for one in again:
                    changed = one.former is not None and one.former.probabilities.label != one.probabilities.label
                    drift.add(one.actor, changed)
                    self._observer.reading_reread(one.actor, changed)
                await self._table.put_reread(held, self._model, chunk.following)
                self._observer.reread_left(held.partition, end - chunk.following)
                # As long as it took, the others have the processor to themselves.
                await asyncio.sleep(time.monotonic() - started if found else 0.0)
        return True

    def _wanted(self, value: bytes | None, since: datetime, memory: Memory) -> Reading | None:
        try:
            record = decode_evidence(value)
        except Malformed:
            # It went to the dead letters when it was followed.
            return None
        if not isinstance(record, Reading):
            return None
        wanted = is_to_be_read_again(record, self._model, since, memory.evidence.withdrawn(record.article))
        return record if wanted else None

    async def _read_all(self, readings: Sequence[Reading]) -> list[Reading]:
        """Read the statements again; one that cannot be read stays as it is, and is counted."""
        if not readings:
            return []
        try:
            stances: Sequence[Probabilities | None] = await self._stances(readings)
        except Exception:
            stances = [await self._stance(one) for one in readings]
        pairs = zip(readings, stances, strict=True)
        return [read_again(reading, stance, self._model) for reading, stance in pairs if stance is not None]

    async def _stances(self, readings: Sequence[Reading]) -> Sequence[Probabilities]:
        statements = [statement_of(reading) for reading in readings]
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._read, statements)

    async def _stance(self, reading: Reading) -> Probabilities | None:
        try:
            return (await self._stances([reading]))[0]
        except Exception as error:
            log.warning("reading %s cannot be read again: %s", reading.id, repr(error))
            self._observer.reread_failed()
            return None


def _sends(partition: int, readings: Sequence[Reading]) -> list[Send]:
    return [Send(READINGS.name, one.actor.encode(), encode(one), partition) for one in readings]
