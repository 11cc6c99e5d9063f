"""Bytes to topics, acknowledged or an exception; never fire and forget.

`await topic.send()` alone only queues in Faust: a failed send is a log line and the source is committed all the same.
Awaiting twice, as here, raises.
"""

import asyncio
from collections.abc import Iterable
from typing import Any, NamedTuple

import faust

from streams.topics import DEAD_REASON, DEAD_SOURCE, Topic

# What the worker's producer sends at most, and what a dead letter's headers add to its record.
LARGEST = 1_000_000
HEADERS_MOST = 2_000


class Send(NamedTuple):
    """One record to be produced. Without a partition the key decides."""

    topic: str
    key: bytes | None
    value: bytes | None
    partition: int | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


class Producer:
    """Sends through the application's own producer."""

    def __init__(self, app: faust.App, topics: Iterable[str]) -> None:
        self._topics = {
            name: app.topic(name, key_serializer="raw", value_serializer="raw", allow_empty=True) for name in topics
        }

    async def send_all(self, sends: Iterable[Send]) -> None:
        """Return when the broker has acknowledged every record; raises the first failure.

        The sends are started together, since waiting for each on its own costs a round trip a record.
        """
        started = [await self._start(send) for send in sends]
        results = await asyncio.gather(*started, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _start(self, send: Send) -> Any:
        return await self._topics[send.topic].send(
            key=send.key,
            value=send.value,
            partition=send.partition,
            headers=list(send.headers),
            key_serializer="raw",
            value_serializer="raw",
        )


def source_of(message: Any) -> str:
    """Where a consumed message lies: `topic/partition/offset`."""
    return f"{message.topic}/{message.partition}/{message.offset}"


def dead_letter(topic: Topic, message: Any, reason: str, detail: str) -> Send:
    """Return the source record as it came, with why it is here and where it was.

    The value of one that is too large with its headers is left out: its source still has it, at the place named.
    """
    value, note = message.value, ""
    size = len(value or b"")
    if size + len(message.key or b"") > LARGEST - HEADERS_MOST:
        value, note = None, f" (value of {size} bytes left out)"
    headers = (
        (DEAD_REASON, f"{reason}: {detail}"[:500].encode() + note.encode()),
        (DEAD_SOURCE, source_of(message).encode()),
    )
    return Send(topic.dead, message.key, value, message.partition, headers)
