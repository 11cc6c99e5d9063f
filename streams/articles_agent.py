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
from streams.canary import is_canary
from streams.control import CONTROL
from streams.faults import DeadLetterRun, Fault, Hung, Stop
from streams.in_hand import InHand, Place, place_of
from streams.observer import Observer
from streams.produce import Producer, Send, dead_letter, source_of
from streams.records import Article, Withdrawal
from streams.topics import ARTICLES, READINGS, encode

Read = Callable[[Sequence[bytes | None]], list[Outcome]]


class Arrived(NamedTuple):
    """An event in hand, with the generation of its partition when it came."""

    stream: Any
    event: Any
    generation: int
    place: Place


class ArticlesAgent:
    """Collects events into batches of at most `size`, waiting at most `wait` seconds for one to fill.

    A batch that is not read within `patience` seconds stops the worker.
    """

    def __init__(
        self,
        app: faust.App,
        read: Read,
        executor: Executor,
        producer: Producer,
        acks: Acks,
        observer: Observer,
        hand: InHand,
        stop: Stop,
        size: int,
        wait: float,
        patience: float,
    ) -> None:
        self._read, self._executor, self._producer = read, executor, producer
        self._acks, self._observer, self._hand, self._stop = acks, observer, hand, stop
        self._size, self._wait, self._patience = size, wait, patience
        # Two batches at most are in hand: one at the model, one filling. Beyond that the fetcher waits.
        self._arrived: asyncio.Queue[Arrived] = asyncio.Queue(maxsize=size)
        self._next: Arrived | None = None
        self._dead = DeadLetterRun()
        topic = app.topic(ARTICLES.name, key_serializer="raw", value_serializer="raw", value_type=bytes, key_type=bytes)
        app.agent(topic, name="articles", concurrency=1)(self._collect)
        app.task(self._work)

    async def _collect(self, stream: Any) -> None:
        async for event in stream.noack().events():
            await self._arrived.put(Arrived(stream, event, self._acks.generation(event), place_of(event.message)))

    async def _work(self) -> None:
        while True:
            batch = await self._next_batch()
            try:
                await self._handle(batch)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if task is None or task.cancelling():
                    raise
                # Nobody cancelled us: what we waited for was. Passed on, it would end this task and nothing else.
                self._stop("articles", Fault("what was awaited was cancelled"))
            except Exception as error:
                self._stop("articles", error)

    async def _next_batch(self) -> list[Arrived]:
        """Return the next records, in order. One that was in hand when a worker died comes alone."""
        first = self._next or await self._arrived.get()
        batch, self._next = [first], None
        if self._hand.deaths(first.place):
            return batch
        deadline = time.monotonic() + self._wait
        while len(batch) < self._size and (left := deadline - time.monotonic()) > 0:
            try:
                arrived = await asyncio.wait_for(self._arrived.get(), left)
            except TimeoutError:
                break
            if self._hand.deaths(arrived.place):
                self._next = arrived
                break
            batch.append(arrived)
        return batch

    async def _handle(self, batch: list[Arrived]) -> None:
        started = time.monotonic()
        places = [arrived.place for arrived in batch]
        self._hand.take(places)
        if self._hand.spent(places[0]):
            deaths = self._hand.deaths(places[0])
            outcomes = [Outcome(None, (), "killed-the-worker", f"in hand when a worker died, {deaths} times")]
        else:
            outcomes = await self._read_all([arrived.event.message.value for arrived in batch])
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
        self._hand.put_down(places)

    async def _read_all(self, raws: Sequence[bytes | None]) -> list[Outcome]:
        """Read a batch. Where that fails, read its records one by one, so that one of them keeps no other back.

        A record that fails alone is put aside, if the control record can be read; if not, the model is broken.
        """
        try:
            return await self._read_in_time(raws)
        except Fault:
            raise
        except Exception:
            outcomes: list[Outcome] = []
        for raw in raws:
            try:
                outcomes += await self._read_in_time([raw])
            except Fault:
                raise
            except Exception as error:
                await self._read_in_time([CONTROL])
                outcomes.append(Outcome(None, (), "read-failed", f"{type(error).__name__}: {error}"))
        return outcomes

    async def _read_in_time(self, raws: Sequence[bytes | None]) -> list[Outcome]:
        """Read a batch; raises what reading raises, Hung when it does not end in time, Fault when no other would."""
        loop = asyncio.get_running_loop()
        reading = loop.run_in_executor(self._executor, self._read, raws)
        if (await asyncio.wait({reading}, timeout=self._patience))[0]:
            return await reading
        self._observer.reader_hung()
        # The executor's only thread is lost to what hangs; the control record is read in another.
        control = loop.run_in_executor(None, self._read, [CONTROL])
        if not (await asyncio.wait({control}, timeout=self._patience))[0]:
            raise Fault(f"nothing is read within {self._patience:g} s, not even the control record")
        await control
        raise Hung(f"{len(raws)} records were not read within {self._patience:g} s, and the control record was")

    async def _finish(self, arrived: Arrived, outcome: Outcome) -> None:
        if outcome.reason:
            self._dead.add(f"{outcome.reason}: {outcome.detail}")
            letter = dead_letter(ARTICLES, arrived.event.message, outcome.reason, outcome.detail)
            await self._producer.send_all([letter])
            self._observer.dead_letter(ARTICLES.name, outcome.reason, source_of(arrived.event.message))
            self._observer.article_read("dead", outcome.article, 0)
        else:
            self._dead.ended()
            for skipped in outcome.skipped:
                self._observer.text_skipped(skipped.reason, skipped.times)
            for reading in outcome.readings:
                self._observer.reading_made(reading)
            self._observer.article_read(_outcome_of(outcome), outcome.article, len(outcome.readings))
            article = outcome.article
            # A canary is always young; backfill and edits say nothing of how fast we are.
            if article is not None and not (article.backfill or article.revision or is_canary(article)):
                self._observer.article_aged(age(article, arrived.event.message.timestamp, time.time()))
        await self._acks.done(arrived.stream, arrived.event, arrived.generation)


def age(article: Article, sent: float, now: float) -> float:
    """Seconds from publication to `now`: to the fetch, on the article's clock, and from there on, on the machine's.

    `sent` is the broker's time of the record. The two clocks differ in the sample newsroom, so that neither interval
    may be measured on both.
    """
    return max(0.0, (article.fetched - article.published).total_seconds()) + max(0.0, now - sent)


def _outcome_of(outcome: Outcome) -> str:
    if outcome.article is not None and is_canary(outcome.article):
        return "canary"
    return "read" if outcome.readings else "silent"


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
