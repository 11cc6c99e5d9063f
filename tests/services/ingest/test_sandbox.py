"""Documents that kill what reads them."""

import asyncio
import multiprocessing
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest

from services.ingest.digest import PRELOAD
from services.ingest.sandbox import Sandbox, SandboxFailure


@contextmanager
def sandbox(size: int = 1, seconds: float = 20.0) -> Iterator[Sandbox]:
    made = Sandbox(size, seconds, 256 << 20, PRELOAD)
    try:
        yield made
    finally:
        made.close()


def run(test: Callable[[Sandbox], Awaitable[None]], size: int = 1, seconds: float = 20.0) -> None:
    with sandbox(size, seconds) as made:
        asyncio.run(_run(test, made))


async def _run(test: Callable[[Sandbox], Awaitable[None]], made: Sandbox) -> None:
    await test(made)


def wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + 60
    while os.path.exists(f"/proc/{pid}"):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def wait_for_no_child() -> None:
    deadline = time.monotonic() + 60
    while multiprocessing.active_children():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_work_is_done_in_another_process_that_is_used_again() -> None:
    async def test(made: Sandbox) -> None:
        first, second = await made.run(os.getpid), await made.run(os.getpid)
        assert first == second != os.getpid()

    run(test)


def test_what_the_work_raises_is_raised() -> None:
    async def test(made: Sandbox) -> None:
        with pytest.raises(ValueError, match="invalid literal"):
            await made.run(int, "no number")
        assert await made.run(int, "7") == 7

    run(test)


@pytest.mark.parametrize(
    ("work", "argument"), [(os._exit, 3), (bytes, 10**10)], ids=["the process dies", "memory runs out"]
)
def test_a_death_is_one_failure_and_the_next_document_is_read(work: Callable[[int], object], argument: int) -> None:
    async def test(made: Sandbox) -> None:
        with pytest.raises(SandboxFailure) as caught:
            await made.run(work, argument)
        assert caught.value.reason == "crashed"
        assert await made.run(int, "7") == 7

    run(test)


def test_work_that_hangs_is_ended_in_time() -> None:
    async def test(made: Sandbox) -> None:
        assert await made.run(int, "7") == 7
        started = time.monotonic()
        with pytest.raises(SandboxFailure) as caught:
            await made.run(time.sleep, 60)
        assert caught.value.reason == "timeout"
        assert time.monotonic() - started < 20.0
        assert await made.run(int, "7") == 7

    run(test, seconds=1.0)


def test_a_neighbour_survives_a_death() -> None:
    async def test(made: Sandbox) -> None:
        results = await asyncio.gather(
            made.run(os._exit, 1), made.run(sum, range(10)), made.run(os._exit, 1), made.run(sum, range(5)),
            return_exceptions=True,
        )  # fmt: skip
        assert [type(result) for result in results[::2]] == [SandboxFailure, SandboxFailure]
        assert list(results[1::2]) == [45, 10]

    run(test, size=2)


def test_a_cancelled_visit_gives_its_process_back() -> None:
    async def test(made: Sandbox) -> None:
        await made.run(int, "7")
        task = asyncio.create_task(made.run(time.sleep, 60))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.wait_for(made.run(int, "7"), 60) == 7

    run(test)


def test_closing_while_a_process_starts_leaves_none() -> None:
    async def test(made: Sandbox) -> None:
        tasks = [asyncio.create_task(made.run(time.sleep, 60)) for _ in range(2)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        made.close()
        with pytest.raises(asyncio.CancelledError):
            await tasks[0]
        with pytest.raises(SandboxFailure):
            await asyncio.wait_for(tasks[1], 60)
        # The one that was cancelled may still be starting; it ends as soon as it has started.
        await asyncio.to_thread(wait_for_no_child)

    run(test, size=2)


def test_closing_ends_the_processes_under_their_work() -> None:
    async def test(made: Sandbox) -> None:
        pid = await made.run(os.getpid)
        task = asyncio.create_task(made.run(time.sleep, 60))
        await asyncio.sleep(0.2)
        made.close()
        with pytest.raises(SandboxFailure):
            await asyncio.wait_for(task, 60)
        await asyncio.to_thread(wait_for_end, pid)

    run(test)
