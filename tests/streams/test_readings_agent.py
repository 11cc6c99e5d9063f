"""The readings agent around its table: the real agent and notes, a table that is loaded while a test looks on."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from streams.app import create_app
from streams.in_hand import InHand, place_of
from streams.readings_agent import ReadingsAgent


class Halted(Exception):
    """What the test's `stop` raises, as the real one ends the process."""


class Events:
    """A stream of one event."""

    def __init__(self, event: Any) -> None:
        self._event = event

    def noack(self) -> "Events":
        return self

    async def events(self) -> Any:
        yield self._event


def test_a_worker_that_dies_while_it_loads_its_table_blames_no_record(tmp_path: Path) -> None:
    """Three deaths in a long recovery would otherwise put an innocent reading aside."""
    noted = b""
    message = SimpleNamespace(topic="readings.v1", partition=0, offset=7, value=b"{", key=None, timestamp=0.0)

    def write(notes: bytes) -> None:
        nonlocal noted
        noted = notes

    async def die(partition: int, generation: int) -> Any:
        # What the successor would find, if the process died here.
        assert InHand(noted, lambda _: None).deaths(place_of(message)) == 0
        raise Halted

    def stop(where: str, error: Exception) -> None:
        raise error

    async def life() -> None:
        app = create_app("127.0.0.1:1", tmp_path)
        acks: Any = SimpleNamespace(generation=lambda event: 0)
        table: Any = SimpleNamespace(memory=die)
        nothing: Any = None
        ending: Any = stop
        agent = ReadingsAgent(app, table, nothing, acks, nothing, InHand(noted, write), ending)
        try:
            await agent._follow_all(Events(SimpleNamespace(message=message)))
        except Halted:
            return
        raise AssertionError("the table was not loaded")

    asyncio.run(life())
