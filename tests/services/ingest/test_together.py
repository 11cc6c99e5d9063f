"""Visits that end while the disk is busy are stored together, and each is told only of its own."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.ingest.feed import Feed
from services.ingest.store import News, Store, Visited
from services.ingest.together import Recorder
from streams.records import Article

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


class Counting(Store):
    """A store that notes how many visits each transaction held, and fails when told to."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.sizes: list[int] = []
        self.full = False

    def record_all(self, visits: Sequence[Visited]) -> list[int]:
        self.sizes.append(len(visits))
        if self.full:
            raise sqlite3.OperationalError("database or disk is full")
        return super().record_all(visits)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Counting]:
    store = Counting(tmp_path)
    yield store
    store.close()


def visited(number: int, text: str = "Invented words.") -> Visited:
    article = Article(
        id=f"a{number}", url="", outlet="Daily Lantern", title="No. 1", text=text, published=NOON, fetched=NOON
    )
    return Visited(f"f{number}", Feed(read=True), NOON, [News(article.id, "h", article)])


async def record_all(store: Store, visits: Sequence[Visited]) -> list[int | BaseException]:
    with ThreadPoolExecutor(1) as disk:
        recorder = Recorder(store, disk)
        return await asyncio.gather(*(recorder.record(one) for one in visits), return_exceptions=True)


def test_visits_that_end_together_share_a_transaction(store: Counting) -> None:
    assert asyncio.run(record_all(store, [visited(number) for number in range(50)])) == [1] * 50
    assert sum(store.sizes) == 50
    assert len(store.sizes) <= 2
    assert store.feeds().keys() == {f"f{number}" for number in range(50)}
    assert [waiting.key for waiting in store.outbox.take(100)] == sorted(f"a{number}" for number in range(50))


def test_a_visit_that_cannot_be_stored_keeps_no_other_from_it(store: Counting) -> None:
    bad = visited(1, "\ud800")
    first, second, third = asyncio.run(record_all(store, [visited(0), bad, visited(2)]))
    assert (first, third) == (1, 1)
    assert isinstance(second, UnicodeEncodeError)
    assert store.feeds().keys() == {"f0", "f2"}


def test_a_full_disk_is_told_to_every_visit(store: Counting) -> None:
    store.full = True
    found = asyncio.run(record_all(store, [visited(0), visited(1)]))
    assert [type(one) for one in found] == [sqlite3.OperationalError] * 2
    assert not store.feeds()
