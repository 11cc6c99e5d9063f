"""The embedded broker's consumer groups at the level of the protocol, and a consumer that is refused its place."""

import asyncio
import socket
import struct
from collections.abc import Iterator
from contextlib import closing

import pytest
from aiokafka import AIOKafkaConsumer

from services.broker.embedded import EmbeddedBroker
from services.stream.rejoin import fetch_refusal
from streams.topics import ARTICLES

JOIN, SYNC = 11, 14
INVALID_REQUEST = 42
GROUP = "a-group"


class Member:
    """A member of the group that says exactly what it is told to, over a socket of its own."""

    def __init__(self, bootstrap: str) -> None:
        host, _, port = bootstrap.rpartition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=60)
        self.id, self.leader, self.generation = "", "", 0

    def close(self) -> None:
        self._socket.close()

    def ask_to_join(self) -> None:
        protocols = struct.pack(">i", 1) + text("range") + data(b"metadata")
        self._send(
            JOIN, 2, text(GROUP) + struct.pack(">ii", 1_000, 1_000) + text(self.id) + text("consumer") + protocols
        )

    def joined(self) -> None:
        answer = self._receive()
        _, error, self.generation = struct.unpack_from(">ihi", answer)
        assert error == 0
        _, place = read_text(answer, 10)
        self.leader, place = read_text(answer, place)
        self.id, _ = read_text(answer, place)

    def ask_to_sync(self, members: tuple[str, ...] = ()) -> None:
        shares = struct.pack(">i", len(members)) + b"".join(text(member) + data(b"a share") for member in members)
        self._send(SYNC, 1, text(GROUP) + struct.pack(">i", self.generation) + text(self.id) + shares)

    def synced(self) -> int:
        """The error code of the answer."""
        return int(struct.unpack_from(">ih", self._receive())[1])

    def _send(self, key: int, version: int, body: bytes) -> None:
        message = struct.pack(">hhi", key, version, 1) + text("a-client") + body
        self._socket.sendall(struct.pack(">i", len(message)) + message)

    def _receive(self) -> bytes:
        """The answer behind its correlation id."""
        (length,) = struct.unpack(">i", self._read(4))
        return self._read(length)[4:]

    def _read(self, length: int) -> bytes:
        found = b""
        while len(found) < length:
            part = self._socket.recv(length - len(found))
            assert part
            found += part
        return found


def text(value: str) -> bytes:
    return struct.pack(">h", len(value)) + value.encode()


def data(value: bytes) -> bytes:
    return struct.pack(">i", len(value)) + value


def read_text(answer: bytes, place: int) -> tuple[str, int]:
    (length,) = struct.unpack_from(">h", answer, place)
    return answer[place + 2 : place + 2 + length].decode(), place + 2 + length


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker() as running:
        yield running


def test_the_embedded_broker_refuses_a_follower_that_comes_after_its_leader(broker: EmbeddedBroker) -> None:
    # What `services.stream.rejoin` is for. Should a later librdkafka mend it, this says so.
    with closing(Member(broker.bootstrap)) as one, closing(Member(broker.bootstrap)) as other:
        one.ask_to_join()
        other.ask_to_join()
        one.joined()
        other.joined()
        leader, follower = (one, other) if one.id == one.leader else (other, one)
        assert leader.leader == follower.leader
        assert leader.generation == follower.generation
        leader.ask_to_sync((leader.id, follower.id))
        assert leader.synced() == 0
        follower.ask_to_sync()
        assert follower.synced() == INVALID_REQUEST


async def place_of(
    bootstrap: str, errors: int, broker: EmbeddedBroker, seconds: float, looks: bool
) -> tuple[bool, int]:
    """Whether a consumer that is refused so many times has its place within that time, and the refusals it saw."""
    broker.push_errors(SYNC, [INVALID_REQUEST] * errors)
    consumer = AIOKafkaConsumer(
        ARTICLES.name,
        bootstrap_servers=bootstrap,
        group_id=GROUP,
        session_timeout_ms=1_000,
        heartbeat_interval_ms=200,
        retry_backoff_ms=50,
        enable_auto_commit=False,
    )
    starting = asyncio.ensure_future(consumer.start())
    refused = 0
    deadline = asyncio.get_running_loop().time() + seconds
    try:
        while asyncio.get_running_loop().time() < deadline and not consumer.assignment():
            if looks and getattr(consumer, "_coordinator", None) is not None:
                refused += fetch_refusal(consumer) is not None
            await asyncio.sleep(0.05)
        return bool(consumer.assignment()), refused
    finally:
        await asyncio.gather(starting, return_exceptions=True)
        await consumer.stop()


def test_a_consumer_that_was_refused_its_place_gets_it_by_asking_again(broker: EmbeddedBroker) -> None:
    placed, refused = asyncio.run(place_of(broker.bootstrap, 2, broker, 90, looks=True))
    assert placed
    assert refused == 2


def test_without_that_it_would_wait_for_ever(broker: EmbeddedBroker) -> None:
    placed, _ = asyncio.run(place_of(broker.bootstrap, 1, broker, 3, looks=False))
    assert not placed
