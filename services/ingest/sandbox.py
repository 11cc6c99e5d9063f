"""Runs a function on bytes from outside in a process that may die of them: bounded in memory and time, then replaced.

Not a jail for hostile machine code: it holds down documents that eat memory or time. Each process does one task at a
time, so that a death has exactly one cause and takes no neighbour with it; that, and an end to a task that hangs, is
what concurrent.futures does not give. A process ends by itself when the ingester is killed: its pipe closes.
"""

import asyncio
import contextlib
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Final, TypeVar, cast

from services.errors import ParleyError

T = TypeVar("T")

# Parsers leak and heaps fragment; a fresh fork costs milliseconds.
TASKS_PER_PROCESS: Final = 500


class SandboxFailure(ParleyError):
    """The task died. `reason` is "timeout", "crashed" (memory included) or "closed"."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"a document could not be read: {reason}")
        self.reason = reason


class Sandbox:
    """`size` processes, one task at a time in each.

    `seconds` bounds a task's time, `memory` the bytes it may take beyond what a process starts with. `preload` names
    the modules that the processes have imported when they start.
    """

    def __init__(self, size: int, seconds: float, memory: int, preload: Sequence[str] = ()) -> None:
        # A fork server: no thread, socket or database handle of ours is copied, and yet a new process has its imports.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(preload))
        self._cells = [_Cell(context, seconds, memory) for _ in range(size)]
        self._free: asyncio.Queue[_Cell] = asyncio.Queue()
        for cell in self._cells:
            self._free.put_nowait(cell)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="sandbox")

    async def run(self, function: Callable[..., T], *arguments: object) -> T:
        """Return `function(*arguments)`, both importable and picklable.

        Raises what the function raises, or SandboxFailure when its process died of it.
        """
        cell = await self._free.get()
        call = asyncio.get_running_loop().run_in_executor(self._threads, cell.run, function, arguments)

        def free(ended: "asyncio.Future[object]") -> None:
            # Only when its thread is through with it, also where nobody waits for the result any more.
            if not ended.cancelled():
                ended.exception()
            self._free.put_nowait(cell)

        call.add_done_callback(free)
        try:
            return cast(T, await asyncio.shield(call))
        except asyncio.CancelledError:
            cell.interrupt()
            raise

    def close(self) -> None:
        """End all processes at once; what they were doing fails with SandboxFailure."""
        for cell in self._cells:
            cell.close()
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Cell:
    def __init__(self, context: multiprocessing.context.ForkServerContext, seconds: float, memory: int) -> None:
        self._context = context
        self._seconds = seconds
        self._memory = memory
        self._process: multiprocessing.context.ForkServerProcess | None = None
        self._pipe: Connection | None = None
        self._tasks = 0
        self._closed = False

    def run(self, function: Callable[..., object], arguments: tuple[object, ...]) -> object:
        if self._closed:
            raise SandboxFailure("closed")
        if self._tasks >= TASKS_PER_PROCESS:
            self._end()
        pipe = self._pipe or self._start()
        self._tasks += 1
        try:
            pipe.send((function, arguments))
            if not pipe.poll(self._seconds):
                raise SandboxFailure("timeout")
            answer: tuple[bool, object] = pipe.recv()
        except (EOFError, OSError):
            self._end()
            raise SandboxFailure("closed" if self._closed else "crashed") from None
        except SandboxFailure:
            self._end()
            raise
        done, value = answer
        if isinstance(value, Exception) and not done:
            raise value
        return value

    def _start(self) -> Connection:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._memory), daemon=True)
        process.start()
        theirs.close()
        # Known to others only now: a process that has not started cannot be killed.
        self._process, self._pipe, self._tasks = process, ours, 0
        if self._closed:
            self._end()
            raise SandboxFailure("closed")
        return ours

    def interrupt(self) -> None:
        """End the process under a running task, which then fails; from any thread."""
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        self._closed = True
        self.interrupt()

    def _end(self) -> None:
        process, self._process, self._pipe = self._process, None, None
        if process is not None:
            process.kill()
            process.join(1.0)


def _serve(pipe: Connection, memory: int) -> None:
    """The life of one process: take a task, do it, answer, until the pipe closes."""
    # Ctrl-C reaches the whole group; the ingester decides when its processes end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(memory)
    with contextlib.suppress(EOFError, OSError):
        while True:
            function, arguments = pipe.recv()
            answer: tuple[bool, object]
            try:
                answer = (True, function(*arguments))
            except MemoryError:
                # What is left of this heap is not to be trusted with the next feed.
                os._exit(1)
            except Exception as error:
                answer = (False, error)
            try:
                pipe.send(answer)
            except (MemoryError, TypeError, AttributeError, ValueError):
                os._exit(1)


def _limit_memory(memory: int) -> None:
    try:
        with open("/proc/self/statm") as file:
            start = int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        # Only Linux counts address space in a way that a limit on it can be kept.
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (start + memory, hard))
