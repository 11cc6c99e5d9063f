"""What Faust's consumer commits here: a real consumer, without a connection."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from faust.types.tuples import TP, ConsumerMessage

from streams.app import create_app
from streams.commits import GuardedConsumer, guard_commits
from streams.topics import ARTICLES

PLACE = TP(ARTICLES.name, 0)


def with_consumer(state: Path, test: Callable[[Any], Awaitable[None]]) -> None:
    async def scenario() -> None:
        app = create_app("127.0.0.1:1", state)
        guard_commits(app)
        app.topics._acking_topics.add(ARTICLES.name)
        try:
            await test(app.consumer)
        finally:
            # The thread was never started, and would have closed it.
            app.consumer._thread.thread_loop.close()

    asyncio.run(scenario())


def message(offset: int) -> ConsumerMessage:
    return ConsumerMessage(ARTICLES.name, 0, offset, 0.0, 0, [], b"", b"", None, tp=PLACE)


def test_what_faust_acknowledges_by_itself_is_not_committed(tmp_path: Path) -> None:
    async def test(guarded: Any) -> None:
        assert isinstance(guarded, GuardedConsumer)
        skipped = message(40)
        skipped.incref()
        # As a stream does with an event that was fetched before a rebalance.
        skipped.ack(guarded)
        assert guarded._new_offset(PLACE) is None

    with_consumer(tmp_path, test)


def test_what_is_done_is_committed_up_to_the_first_that_is_not(tmp_path: Path) -> None:
    async def test(guarded: Any) -> None:
        for offset in (0, 1, 3):
            guarded.done(message(offset))
        assert guarded._new_offset(PLACE) == 2

    with_consumer(tmp_path, test)


def test_a_new_assignment_starts_with_empty_books(tmp_path: Path) -> None:
    async def test(guarded: Any) -> None:
        guarded.done(message(40))

        async def assigned(*_: Any, **__: Any) -> None:
            assert guarded._new_offset(PLACE) is None

        guarded._on_partitions_assigned = assigned
        guarded.app.on_rebalance_start()
        await guarded.on_partitions_assigned({PLACE}, 2)

    with_consumer(tmp_path, test)
