"""The evidence table over assignments that come and go: a real Memory, and a changelog that is a list."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from streams.changelog import MadeAnew, Read
from streams.rows import Row, reading_row
from streams.shift_settings import ShiftSettings
from streams.tables import EvidenceTable
from streams.topics import READINGS
from tests.streams.made import reading


class Log:
    """Rows of one partition; reading waits where a test says so."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.starts: list[int] = []
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    async def read(self, partition: int, start: int) -> Read:
        self.starts.append(start)
        if self.meanwhile is not None:
            await self.meanwhile()
        if start > len(self.rows):
            raise MadeAnew(f"ends at {len(self.rows)}")
        return Read(self.rows[start:], len(self.rows))

    def add(self, *numbers: int) -> None:
        self.rows += [reading_row(reading(f"a{number}", number)) for number in numbers]


def make() -> tuple[EvidenceTable, Log, Any]:
    log = Log()
    handlers: list[Any] = []
    app: Any = SimpleNamespace(on_partitions_assigned=SimpleNamespace(connect=handlers.append))
    producer: Any = None
    changelog: Any = log
    table = EvidenceTable(app, producer, changelog, ShiftSettings())

    async def assign(*partitions: int) -> None:
        await handlers[0](None, [SimpleNamespace(topic=READINGS.name, partition=one) for one in partitions])

    return table, log, assign


def known(memory: Any) -> int:
    return sum(
        memory.evidence.reading(key, row.key.split(" ")[1]) is not None
        for key in memory.evidence.dossiers
        for row in ROWS
    )


ROWS = [reading_row(reading(f"a{number}", number)) for number in range(10)]


def test_what_another_worker_wrote_in_between_is_taken_in() -> None:
    async def scenario() -> None:
        table, log, assign = make()
        log.add(0, 1)
        await assign(0)
        assert known(await table.memory(0, 0)) == 2
        log.add(2)
        assert known(await table.memory(0, 0)) == 2
        await assign(0)
        assert known(await table.memory(0, 1)) == 3
        assert log.starts == [0, 2]

    asyncio.run(scenario())


def test_a_partition_that_was_away_is_read_from_the_beginning() -> None:
    async def scenario() -> None:
        table, log, assign = make()
        log.add(0, 1)
        await assign(0)
        await table.memory(0, 0)
        await assign(1)
        await assign(0)
        assert known(await table.memory(0, 2)) == 2
        assert log.starts == [0, 0]

    asyncio.run(scenario())


def test_a_partition_that_goes_while_its_rows_are_read_comes_back_whole() -> None:
    async def scenario() -> None:
        table, log, assign = make()
        log.add(0, 1)
        await assign(0)
        await table.memory(0, 0)
        log.add(2)
        log.meanwhile = lambda: assign(1)
        await table.memory(0, 1)
        log.meanwhile = None
        await assign(0)
        assert known(await table.memory(0, 2)) == 3

    asyncio.run(scenario())


def test_rows_of_a_log_that_was_made_anew_are_forgotten() -> None:
    async def scenario() -> None:
        table, log, assign = make()
        log.add(0, 1)
        log.rows.append(Row("followed", "7 1000.5"))
        await assign(0)
        await table.memory(0, 0)
        log.rows.clear()
        log.add(4)
        memory = await table.memory(0, 1)
        assert known(memory) == 1
        assert not table.followed(SimpleNamespace(partition=0, offset=7, timestamp=1000.5))
        assert log.starts == [0, 3, 0]

    asyncio.run(scenario())


def test_a_record_of_a_topic_made_anew_is_not_taken_for_one_that_was_followed() -> None:
    async def scenario() -> None:
        table, log, assign = make()
        log.rows.append(Row("followed", "7 1000.5"))
        await assign(0)
        await table.memory(0, 0)
        assert table.followed(SimpleNamespace(partition=0, offset=7, timestamp=1000.5))
        assert table.followed(SimpleNamespace(partition=0, offset=3, timestamp=900.0))
        assert not table.followed(SimpleNamespace(partition=0, offset=8, timestamp=1000.5))
        assert not table.followed(SimpleNamespace(partition=0, offset=3, timestamp=2000.0))

    asyncio.run(scenario())
