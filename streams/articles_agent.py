"""`articles.v1` -> `readings.v1`: batches records for inference and acknowledges them in order; owns no table.

Articles are read off the event loop. A record is acknowledged when the broker has its readings or its dead letter.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, NamedTuple

import faust

from streams.acks import Acks
from streams.batch import Outcome
from streams.faults import DeadLetterRun
from streams.observer import Observer
from streams.produce import Producer, Send, dead_letter
from streams.records import Withdrawal
from streams.topics import ARTICLES, READINGS, encode

Read = Callable[[Sequence[bytes | None]], list[Outcome]]


class Arrived(NamedTuple):
    """An event in hand, with the generation of its partition when it came."""

    stream: Any
    event: Any
    generation: int


class ArticlesAgent:
    """Collects events into batches of at most `size`, waiting at most `wait` seconds for one to fill."""

    def __init__(
        self,
        app: faust.App,
        read: Read,
        executor: Executor,
        producer: Producer,
        acks: Acks,
        observer: Observer,
        halt: Callable[[str], None],
        size: int,
        wait: float,
    ) -> None:
        self._read, self._executor, self._producer = read, executor, producer
        self._acks, self._observer, self._halt = acks, observer, halt
        self._size, self._wait = size, wait
        # Two batches at most are in hand: one at the model, one filling. Beyond that the fetcher waits.
        self._arrived: asyncio.Queue[Arrived] = asyncio.Queue(maxsize=size)
        self._dead = DeadLetterRun()
        topic = app.topic(ARTICLES.name, key_serializer="raw", value_serializer="raw", value_type=bytes, key_type=bytes)
        app.agent(topic, name="articles", concurrency=1)(self._collect)
        app.task(self._work)

    async def _collect(self, stream: Any) -> None:
        async for event in stream.noack().events():
            await self._arrived.put(Arrived(stream, event, self._acks.generation(event)))

    async def _work(self) -> None:
        while True:
            batch = await self._next_batch()
            try:
                await self._handle(batch)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                self._halt(f"articles: {type(error).__name__}: {error}")

    async def _next_batch(self) -> list[Arrived]:
        batch = [await self._arrived.get()]
        deadline = time.monotonic() + self._wait
        while len(batch) < self._size and (left := deadline - time.monotonic()) > 0:
            try:
                batch.append(await asyncio.wait_for(self._arrived.get(), left))
            except TimeoutError:
                break
        return batch

    async def _handle(self, batch: list[Arrived]) -> None:
        started = time.monotonic()
        raws = [arrived.event.message.value for arrived in batch]
        outcomes = await asyncio.get_running_loop().run_in_executor(self._executor, self._read, raws)
        statements = sum(len(outcome.readings) for outcome in outcomes)
        self._observer.batch_read(len(batch), statements, time.monotonic() - started)
        # Withdrawals go first: a new revision's readings must never be in evidence beside those they replace.
        await self._producer.send_all(withdrawals(outcomes))
        await self._producer.send_all(
            Send(READINGS.name, reading.actor.encode(), encode(reading))
            for outcome in outcomes
            for reading in outcome.readings
        )
        for arrived, outcome in zip(batch, outcomes, strict=True):
            await self._finish(arrived, outcome)

    async def _finish(self, arrived: Arrived, outcome: Outcome) -> None:
        if outcome.reason:
            self._dead.add(f"{outcome.reason}: {outcome.detail}")
            letter = dead_letter(ARTICLES, arrived.event.message, outcome.reason, outcome.detail)
            await self._producer.send_all([letter])
            self._observer.dead_letter(ARTICLES.name, outcome.reason)
            self._observer.article_read("dead")
        else:
            self._dead.ended()
            for skipped in outcome.skipped:
                self._observer.text_skipped(skipped.reason, skipped.times)
            for reading in outcome.readings:
                self._observer.reading_made(reading)
            self._observer.article_read("read" if outcome.readings else "silent")
        await self._acks.done(arrived.stream, arrived.event, arrived.generation)


def withdrawals(outcomes: Sequence[Outcome]) -> list[Send]:
    """Return, for each article that replaces an earlier revision, a Withdrawal for every partition of the readings."""
    return [
        Send(
            READINGS.name,
            outcome.article.id.encode(),
            encode(
                Withdrawal(article=outcome.article.id, revision=outcome.article.revision, at=outcome.article.fetched)
            ),
            partition,
        )
        for outcome in outcomes
        if outcome.article is not None and outcome.article.revision > 0 and not outcome.reason
        for partition in range(READINGS.partitions)
    ]
