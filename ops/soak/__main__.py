"""All of Parley at some times the sample's rate, and what its processes take: ops.soak [MINUTES [DAYS [TIMES]]].

Feeds, clock and webhook are served by this process; everything else is `parley up` on Apache Kafka (or, where Java or
its jars are missing, on the embedded broker). DAYS of the feeds' clock pass in the time (600 unless told). The worker
keeps readings a month, and a row of each day until it is forgotten: until then memory must grow. Measured once that
horizon has passed, from where nothing may grow any more. Exit code 1 where memory, open files or asyncio tasks do, or a
process was restarted.
"""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import psutil
from aiohttp import web

from ops.soak.measure import Sample, look, verdicts
from ops.soak.source import Source
from services.broker.apache import ApacheKafka
from streams.shift_settings import ShiftSettings

LIBS = Path(".parley/kafka/libs")
SAMPLE_RATE = 2.0  # `make run`: an article each half second.
TIMES = 10.0
EVERY = 5.0
# A shorter run is still starting up when it is over; it shows figures and judges none.
JUDGED_FROM = 5.0
DAYS = 600.0
# Days after which as much is forgotten as is learnt, with some for the worker to be behind the clock.
HORIZON = ShiftSettings().remembered_days + ShiftSettings().forgetting_days + 20.0
# Growth of memory behind the horizon that counts as a leak, in MB an hour; before it, readings and days pile up.
MEMORY_MOST = 12.0
# Seconds of articles that a process may be behind.
BEHIND_MOST = 15.0
MEMORY_FILLING = 60.0


async def soak(minutes: float, days: float, times: float) -> int:
    source = Source(SAMPLE_RATE * times, day=minutes * 60 / days)
    # Half the horizon is left for measuring, or it is not reached at all.
    reached = days >= 1.5 * HORIZON
    runner = web.AppRunner(source.application(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    with tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as stack:
        state = Path(directory)
        arguments = ["--plain", "--state", str(state), "--feeds", f"{address}/opml", "--webhook", f"{address}/hook"]
        if shutil.which("java") and (LIBS / ".done").exists():
            kafka = await asyncio.to_thread(stack.enter_context, ApacheKafka(LIBS, state / "kafka"))
            arguments += ["--kafka", kafka.bootstrap]
        settings = {
            "PARLEY_CLOCK": f"{address}/clock", "PARLEY_ALLOW_PRIVATE": "1", "PARLEY_HOST_DELAY": "0",
            "PARLEY_POLL_MIN": "3", "PARLEY_POLL_MAX": "3", "PARLEY_HOST_CONCURRENCY": "8",
            "PARLEY_DIGEST_AGE": "1e9", "PARLEY_LOG_LEVEL": "warning",
        }  # fmt: skip
        log = stack.enter_context((state / "up.log").open("wb"))
        up = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services", "up", *arguments,
            env={**os.environ, **settings}, stdout=log, stderr=log, stdin=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            print(f"{times:g} times the sample's rate for {minutes:g} minutes, in which {days:g} days pass; "
                  f"broker: {'Apache Kafka' if '--kafka' in arguments else 'embedded'}", flush=True)  # fmt: skip
            settled = minutes * 60 * (HORIZON / days if reached else 1 / 3)
            print(
                f"measured from minute {settled / 60:.1f} on: "
                f"{'as much is forgotten as is learnt' if reached else 'what is remembered is still filling'}",
                flush=True,
            )
            samples = await watch(psutil.Process(up.pid), minutes * 60, settled)
            behind = max((one.behind for found in samples.values() for one in found), default=0)
            if behind > BEHIND_MOST * SAMPLE_RATE * times:
                # Its clock is the log's: what it remembers was not full when the measuring began.
                reached = False
                print(f"up to {behind} records behind: too slow a machine to say whether memory is flat")
            most = MEMORY_MOST if reached else MEMORY_FILLING
            failed = report(samples, source, most, judged=minutes >= JUDGED_FROM)
            if up.returncode is not None:
                print(f"parley up ended with code {up.returncode}")
                failed = 1
        finally:
            if up.returncode is None:
                up.terminate()
            await up.wait()
            await runner.cleanup()
        words = (state / "up.log").read_text(errors="replace").splitlines()
        print(words[-1] if words else "no output of parley up")
        if any("was restarted" in line for line in words):
            print("a process was restarted:", next(line for line in words if "was restarted" in line))
            failed = 1
    return failed


async def watch(root: psutil.Process, seconds: float, settled: float) -> dict[str, list[Sample]]:
    """Look at all processes every few seconds once `settled` seconds have passed."""
    started, samples = time.monotonic(), {}
    while (now := time.monotonic() - started) < seconds and root.is_running():
        if now > settled:
            for name, sample in (await asyncio.to_thread(look, root, now)).items():
                samples.setdefault(name, []).append(sample)
        await asyncio.sleep(min(EVERY, seconds / 60))
    return samples


def report(samples: dict[str, list[Sample]], source: Source, most: float, judged: bool) -> int:
    """Print a line for each process that lived through the measuring, and return 1 where something grows."""
    longest = max((len(found) for found in samples.values()), default=0)
    failed = int(not longest)
    if not judged:
        print(f"shorter than {JUDGED_FROM:g} minutes: figures only")
    print(f"{source.published} articles published, {source.delivered} alert states delivered")
    print(f"{'process':<10}{'MB':>8}{'then':>8}{'MB/h':>9}{'±':>7}{'files':>11}{'tasks':>11}")
    for name, found in sorted(samples.items()):
        # Parsers are replaced on purpose, after so many documents.
        if len(found) < longest * (0.9 if judged else 0.1):
            continue
        memory, wrong = verdicts(found, most)
        files, tasks = [one.files for one in found], [one.tasks for one in found]
        print(
            f"{name.split()[0]:<10}{memory.first:>8.0f}{memory.last:>8.0f}{memory.slope:>9.1f}{memory.within:>7.1f}"
            f"{f'{min(files)}-{max(files)}':>11}{'' if tasks[-1] < 0 else f'{min(tasks)}-{max(tasks)}':>11}"
        )
        for what in wrong if judged else ():
            failed = 1
            print(f"  {name}: {what}")
    if judged and not source.delivered:
        # Then most of what was to be soaked stood still.
        failed = 1
        print("no alert was delivered, though every actor turns")
    return failed


def main() -> int:
    minutes, days, times = number(1, 20.0), number(2, DAYS), number(3, TIMES)
    if not 0 < minutes < 7 * 24 * 60:
        print(f"parley: MINUTES={sys.argv[1]}: not a number of minutes", file=sys.stderr)
        return 2
    if not 0 < days < 10_000:
        print(f"parley: DAYS={sys.argv[2]}: not a number of days", file=sys.stderr)
        return 2
    if not 0 < times <= 1000:
        print(f"parley: TIMES={sys.argv[3]}: not a number of times the sample's rate", file=sys.stderr)
        return 2
    return asyncio.run(soak(minutes, days, times))


def number(place: int, otherwise: float) -> float:
    """Return the argument at that place as a number, -1 where it is none."""
    try:
        return float(sys.argv[place]) if len(sys.argv) > place else otherwise
    except ValueError:
        return -1.0


if __name__ == "__main__":
    sys.exit(main())
