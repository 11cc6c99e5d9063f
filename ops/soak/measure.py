"""Samples of processes over time -> how fast each grows; reads /proc and metrics pages, and judges."""

import contextlib
import re
import urllib.request
from typing import NamedTuple

import numpy as np
import psutil

TASKS = re.compile(r"^parley_asyncio_tasks (\S+)$", re.MULTILINE)
BEHIND = re.compile(r"^parley_lag_records\{[^}]*\} (\S+)$", re.MULTILINE)
MEGABYTE = 1e6


class Sample(NamedTuple):
    """One look at one process. `tasks` is -1 where it tells none; `behind` are the records it has still to read."""

    seconds: float
    megabytes: float
    files: int
    tasks: int
    behind: int = 0


class Trend(NamedTuple):
    """What became of a figure: its first and last tenth, and its slope an hour with half the width of its interval."""

    first: float
    last: float
    slope: float
    within: float


def look(root: psutil.Process, seconds: float) -> dict[str, Sample]:
    """Return a sample of `root` and of every process below it, by name and process id."""
    found: dict[str, Sample] = {}
    for process in [root, *root.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            name = name_of(process)
            told = read_metrics(process) if name in ("ingest", "stream", "notify", "desk") else ""
            tasks = TASKS.search(told)
            memory = process.memory_info().rss / MEGABYTE
            found[f"{name} {process.pid}"] = Sample(
                seconds,
                memory,
                process.num_fds(),
                int(float(tasks[1])) if tasks else -1,
                sum(int(float(records)) for records in BEHIND.findall(told)),
            )
    return found


def name_of(process: psutil.Process) -> str:
    """Return the verb that the process runs, or what it is for its parent."""
    command = process.cmdline()
    for verb in ("up", "newsroom", "ingest", "stream", "notify", "desk"):
        if verb in command[2:4]:
            return verb
    line = " ".join(command)
    if "resource_tracker" in line:
        return "tracker"
    return "parser" if "multiprocessing" in line else process.name()


def read_metrics(process: psutil.Process) -> str:
    """Return the process's metrics page; empty where it does not answer."""
    port = process.environ().get("PARLEY_METRICS_PORT")
    with (
        contextlib.suppress(OSError, ValueError),
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as page,
    ):
        return str(page.read().decode())
    return ""


def trend(seconds: list[float], values: list[float]) -> Trend:
    """Fit a line by least squares; the interval is of two standard errors of the slope."""
    tenth = max(1, len(values) // 10)
    first, last = float(np.median(values[:tenth])), float(np.median(values[-tenth:]))
    hours = np.array(seconds) / 3600
    spread = hours - hours.mean()
    if len(values) < 3 or not spread.any():
        return Trend(first, last, 0.0, float("inf"))
    slope = float(spread @ (np.array(values) - np.mean(values)) / (spread @ spread))
    rest = np.array(values) - np.mean(values) - slope * spread
    error = float(np.sqrt((rest @ rest) / (len(values) - 2) / (spread @ spread)))
    return Trend(first, last, slope, 2 * error)


def verdicts(samples: list[Sample], memory_most: float) -> tuple[Trend, list[str]]:
    """Return the memory's trend and what is wrong: memory that certainly grows faster than `memory_most` MB an hour,

    and open files or tasks that are more at the end than they ever were in the first half.
    """
    memory = trend([one.seconds for one in samples], [one.megabytes for one in samples])
    wrong = []
    if memory.slope - memory.within > memory_most:
        wrong.append(f"memory grows by {memory.slope:.0f} MB an hour")
    half = len(samples) // 2
    for what, values in (("open files", [one.files for one in samples]), ("tasks", [one.tasks for one in samples])):
        if half and min(values[half + half // 2 :]) > max(values[:half]) + 5:
            wrong.append(f"{what} grow: at most {max(values[:half])} in the first half, {values[-1]} at the end")
    return memory, wrong
