"""Cold start to the first reading, and the peak memory of each process after the sample has gone through it."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ops.bench.speed.path import embedded, relevant
from ops.bench.speed.processes import Process
from ops.bench.speed.row import Row, median
from ops.bench.speed.site import Site
from ops.bench.speed.texts import articles

AIM_SECONDS = 3.0
LINE = b'{"id": "a", "title": "Zelensky open to talks as Kremlin rejects truce"}\n'


def measure_cold_start(rounds: int) -> Row:
    """From `parley read` on the command line to its first reading."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "services", "read", "-"], input=LINE, capture_output=True, check=True)
        taken.append(time.perf_counter() - began)
    seconds = median(taken)
    return Row("cold start to the first reading", f"{seconds:.2f} s", f"aim {AIM_SECONDS:.0f} s",
               AIM_SECONDS / seconds, AIM_SECONDS / max(taken), AIM_SECONDS / min(taken), 1.0)  # fmt: skip


def measure_memory() -> list[Row]:
    """Peak resident memory once every relevant article has been read."""
    own = relevant(articles())
    with embedded() as (_, options, _), Site() as site, tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        site.serve("/all", "All", own)
        opml = directory / "feeds.opml"
        opml.write_text(site.write_opml([("All", "/all")]))
        with (
            Process("stream", directory, options) as worker,
            Process("notify", directory, options, "--print") as notify,
            Process("ingest", directory, options, "--feeds", str(opml), "--no-fulltext", "--allow-private") as ingest,
        ):
            ingest.await_total("parley_articles_in_total", 0.9 * len(own))
            worker.await_total("parley_articles_read_total", 0.9 * len(own))
            return [
                Row(f"peak memory, {verb}", f"{process.memory() / 1e6:.0f} MB", "", None)
                for verb, process in (("ingest with its parsers", ingest), ("stream", worker), ("notify", notify))
            ]
