"""The canary waits in the outbox like any article, and never more than one of it."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from services.ingest.canary import send_canaries
from services.ingest.store import Store
from streams.canary import is_canary, make_canary
from streams.topics import ARTICLES, decode_article

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path)
    yield opened
    opened.close()


def test_the_newest_canary_takes_the_place_of_one_that_still_waits(store: Store) -> None:
    store.put_canary(make_canary(NOON))
    store.put_canary(make_canary(NOON.replace(minute=5)))
    (waiting,) = store.outbox.take(10)
    assert (waiting.topic, waiting.kind) == (ARTICLES.name, "canary")
    assert decode_article(waiting.value) == make_canary(NOON.replace(minute=5))


def test_one_is_sent_at_once_and_again_after_each_interval(store: Store) -> None:
    async def scenario() -> None:
        added: list[int] = []
        thrice = asyncio.Event()

        def add() -> None:
            added.append(1)
            if len(added) == 3:
                thrice.set()

        with ThreadPoolExecutor(1) as disk:
            sending = asyncio.create_task(send_canaries(store, disk, add, 0.01))
            await asyncio.wait_for(thrice.wait(), 60)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    asyncio.run(scenario())
    (waiting,) = store.outbox.take(10)
    assert is_canary(decode_article(waiting.value))
    assert REGISTRY.get_sample_value("parley_canary_interval_seconds") == 0.01


def test_an_interval_of_zero_sends_none_and_says_so(store: Store) -> None:
    with ThreadPoolExecutor(1) as disk:
        asyncio.run(send_canaries(store, disk, lambda: None, 0.0))
    assert store.outbox.take(10) == []
    assert REGISTRY.get_sample_value("parley_canary_interval_seconds") == 0.0
