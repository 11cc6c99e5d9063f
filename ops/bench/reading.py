"""What `parley read` takes for a file of articles, and whether its quotes are exact: python -m ops.bench.reading FILE.

FILE has one article a line, as `parley read` takes them, gzip or not. Sentences are those of the articles as the reader
cuts them, the headline among them; the time is the whole process's, on the processor, less what it takes to start with
nothing. Exit code 1 where a quote is not exactly the slice of its article that its offsets name.
"""

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from streams.statements.sentences import split_headline, split_text


class Cost(NamedTuple):
    """What one run of `parley read` took and wrote; `seconds` are the clock's, `busy` the processor's."""

    seconds: float
    busy: float
    megabytes: float
    lines: list[dict[str, Any]]


def read(articles: bytes) -> Cost:
    """Run `parley read` on the articles; its peak memory is the kernel's own figure."""
    with tempfile.TemporaryDirectory() as directory:
        given, told = Path(directory, "articles.jsonl"), Path(directory, "readings.jsonl")
        given.write_bytes(articles)
        started = time.monotonic()
        with told.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "services", "read", str(given)], stdout=out, stderr=subprocess.DEVNULL
            )
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"parley read ended with code {process.returncode}; try: parley read FILE | head")
        lines = [json.loads(line) for line in told.read_bytes().splitlines()]
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, lines)


def count_sentences(title: str, text: str) -> int:
    """Return how many sentences the reader makes of an article, its headline's among them."""
    return sum(1 for _ in split_headline(title)) + sum(1 for _ in split_text(text, 0))


def main() -> int:
    path = Path(sys.argv[1]) if len(sys.argv) == 2 else None
    if path is None or not path.is_file():
        print("parley: wanted one file of articles: python -m ops.bench.reading FILE.jsonl[.gz]", file=sys.stderr)
        return 2
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    # An id each, so that a reading's words can be looked up in its article.
    rows = [{**json.loads(line), "id": f"article-{number}"} for number, line in enumerate(raw.splitlines())]
    bodies = {row["id"]: f"{row.get('title') or ''}\n\n{row.get('text') or ''}" for row in rows}
    nothing = read(b"")
    cost = read(b"\n".join(json.dumps(row).encode() for row in rows))
    sentences = sum(count_sentences(row.get("title") or "", row.get("text") or "") for row in rows)
    exact = sum(bodies[one["article"]][one["start"] : one["end"]] == one["quote"] for one in cost.lines)
    busy = max(cost.busy - nothing.busy, 1e-3)
    print(
        f"{len(rows)} articles, {sentences} sentences, {len(cost.lines)} statements: "
        f"{sentences / busy:,.0f} sentences a second of processor time "
        f"({busy:.1f} s after {nothing.busy:.1f} s to start; {cost.seconds:.1f} s by the clock), "
        f"peak memory {cost.megabytes:.0f} MB; {exact} of {len(cost.lines)} quotes exact"
    )
    return int(exact != len(cost.lines))


if __name__ == "__main__":
    sys.exit(main())
