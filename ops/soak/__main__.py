"""All of Parley at ten times the sample's rate, and what its processes take: python -m ops.soak [MINUTES].

Feeds, clock and webhook are served by this process; everything else is `parley up` on Apache Kafka (or, where Java or
its jars are missing, on the embedded broker). Measured after a third of the time, when the month of evidence that is
kept exactly has filled. Exit code 1 where memory, open files or asyncio tasks grow, or a process was restarted.
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

LIBS = Path(".parley/kafka/libs")
SAMPLE_RATE = 2.0  # `make run`: an article each half second.
TIMES = 10
EVERY = 5.0
# A shorter run is still starting up when it is over; it shows figures and judges none.
JUDGED_FROM = 5.0
# Growth of memory that counts as a leak, in MB an hour. Evidence older than a month is kept as a row a day, for good.
MEMORY_MOST = 60.0


async def soak(minutes: float) -> int:
    source = Source(SAMPLE_RATE * TIMES, day=minutes * 60 / 150)
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
            print(f"{TIMES} times the sample's rate for {minutes:g} minutes; "
                  f"broker: {'Apache Kafka' if '--kafka' in arguments else 'embedded'}", flush=True)  # fmt: skip
            samples = await watch(psutil.Process(up.pid), minutes * 60)
            failed = report(samples, source, judged=minutes >= JUDGED_FROM)
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


async def watch(root: psutil.Process, seconds: float) -> dict[str, list[Sample]]:
    """Look at all processes every few seconds once a third of the time has passed."""
    started, samples = time.monotonic(), {}
    while (now := time.monotonic() - started) < seconds and root.is_running():
        if now > seconds / 3:
            for name, sample in (await asyncio.to_thread(look, root, now)).items():
                samples.setdefault(name, []).append(sample)
        await asyncio.sleep(min(EVERY, seconds / 60))
    return samples


def report(samples: dict[str, list[Sample]], source: Source, judged: bool) -> int:
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
        memory, wrong = verdicts(found, MEMORY_MOST)
        files, tasks = [one.files for one in found], [one.tasks for one in found]
        print(
            f"{name.split()[0]:<10}{memory.first:>8.0f}{memory.last:>8.0f}{memory.slope:>9.1f}{memory.within:>7.1f}"
            f"{f'{min(files)}-{max(files)}':>11}{'' if tasks[-1] < 0 else f'{min(tasks)}-{max(tasks)}':>11}"
        )
        for what in wrong if judged else ():
            failed = 1
            print(f"  {name}: {what}")
    return failed


def main() -> int:
    try:
        minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    except ValueError:
        minutes = -1.0
    if not 0 < minutes < 7 * 24 * 60:
        print(f"parley: MINUTES={sys.argv[1]}: not a number of minutes", file=sys.stderr)
        return 2
    return asyncio.run(soak(minutes))


if __name__ == "__main__":
    sys.exit(main())
