"""The outcomes of many visits -> few transactions: what comes while the disk is busy is stored together, next.

A transaction costs a flush of the disk, milliseconds, whatever is in it; a thousand feeds that have nothing new would
wait for a thousand of them. Nothing is promised earlier for it: each visit waits until its own outcome is on disk.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import Executor

from services.ingest.store import Store, Visited

Waiting = tuple[Visited, "asyncio.Future[int]"]


class Recorder:
    """Stores on `disk`, the one thread that the store is used on; to be used in one loop."""

    def __init__(self, store: Store, disk: Executor) -> None:
        self._store = store
        self._disk = disk
        self._waiting: list[Waiting] = []
        self._storing: asyncio.Task[None] | None = None

    async def record(self, visited: Visited) -> int:
        """Return, once it is on disk, how many articles went to the outbox; raises what `Store.record` raises."""
        loop = asyncio.get_running_loop()
        stored: asyncio.Future[int] = loop.create_future()
        self._waiting.append((visited, stored))
        if self._storing is None or self._storing.done():
            self._storing = loop.create_task(self._store_waiting())
        return await stored

    async def _store_waiting(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            # A visit that was cancelled meanwhile is made again after the next start.
            batch, self._waiting = [one for one in self._waiting if not one[1].done()], []
            if not batch:
                return
            for part in await loop.run_in_executor(self._disk, self._store_all, [visited for visited, _ in batch]):
                _, stored = batch.pop(0)
                if stored.done():
                    # Its visit was cancelled, and is on disk all the same.
                    continue
                if isinstance(part, Exception):
                    stored.set_exception(part)
                else:
                    stored.set_result(part)

    def _store_all(self, visits: Sequence[Visited]) -> list[int | Exception]:
        try:
            return list(self._store.record_all(visits))
        except sqlite3.Error as error:
            return [error] * len(visits)
        except Exception as error:
            if len(visits) == 1:
                return [error]
        # One of them cannot be stored, which must not keep the others from it.
        return [outcome for visited in visits for outcome in self._store_all([visited])]
