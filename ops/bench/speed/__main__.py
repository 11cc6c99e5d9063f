"""`make bench`: every row of the table, side by side in one run; prints it, and writes latest.json beside this room.

.venv/bin/python -m ops.bench.speed [--rounds 5] [--only growth,feeds,path,latency,workers,start,reader] [--quick]
.venv/bin/python -m ops.bench.speed --profile            where the whole path's processor time goes
.venv/bin/python -m ops.bench.speed --check OLD.json     compare ratios with an earlier run's, not times
"""

import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from ops.bench.speed import feeds, latency, path, reader, scale, start, texts
from ops.bench.speed.profile import show_profile
from ops.bench.speed.row import Row

LATEST = Path(__file__).parent.parent / "latest.json"
PARTS = ("growth", "feeds", "path", "latency", "workers", "start", "reader")
FALLEN = 0.7  # A ratio that fell below this share of the earlier one is a regression.


@cache
def pipeline(batch: int) -> Any:
    # torch is loaded only by the parts that need it.
    torch = import_module("torch")
    load_pipeline = import_module("ops.bench.speed.peer_model").load_pipeline
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    return load_pipeline(batch)


def run_parts(parts: list[str], rounds: int, quick: bool) -> Iterator[Row]:
    """Yield the rows as they come. `quick` is for seeing that everything runs; its figures mean little."""
    most = 60 if quick else 10_000
    archives, actors = ((1_000, 2_000), (50, 500)) if quick else (scale.ARCHIVES, scale.ACTORS)
    measures: dict[str, Callable[[], Iterable[Row]]] = {
        "reader": lambda: reader.measure(rounds, most, pipeline),
        "path": lambda: (
            row
            for kafka, name in ((path.embedded, "the embedded broker"), (path.apache, "Apache Kafka"))
            for row in path.measure(rounds, 1 if quick else 2, kafka, name, pipeline(1))
        ),
        "latency": lambda: (latency.measure(rate, 5 if quick else 40) for rate in ((1,) if quick else (1, 10, 50))),
        "feeds": lambda: [feeds.measure(50 if quick else 1000, rounds)],
        "growth": lambda: scale.measure_growth(rounds, archives, actors),
        "workers": lambda: [scale.measure_workers(rounds)],
        "start": lambda: [start.measure_cold_start(rounds), *start.measure_memory()],
    }  # fmt: skip
    for part in parts:
        yield from measures[part]()


def show(rows: list[Row], console: Console) -> None:
    table = Table(
        "row", "ours", "peer", "ratio", "spread", "rounds", "aim", "met", "note", title=f"{machine()}; {texts.source()}"
    )
    for row in rows:
        table.add_row(
            row.name, row.ours, row.peer, "" if row.ratio is None else f"{row.ratio:.2f}",
            "" if row.low is None else f"{row.low:.2f}–{row.high:.2f}", str(row.rounds or ""),
            "" if row.aim is None else f"{row.aim:g}",
            {None: "", True: "yes", False: "no"}[row.met], row.note,
        )  # fmt: skip
    console.print(table)


def machine() -> str:
    return f"{len(os.sched_getaffinity(0))} cores, {platform.machine()}, Python {platform.python_version()}"


def as_object(row: Row) -> dict[str, Any]:
    """Return the row as latest.json keeps it; its name and its peer's are the key."""
    return {name: value for name, value in row._asdict().items() if name != "name"}


def fallen(rows: dict[str, dict[str, Any]], before: dict[str, dict[str, Any]]) -> list[str]:
    """Return a line for each row whose ratio fell below FALLEN of what it was."""
    return [
        f"{name}: {rows[name]['ratio']:.2f}, was {old['ratio']:.2f}"
        for name, old in before.items()
        if old["ratio"] and name in rows and rows[name]["ratio"] and rows[name]["ratio"] < FALLEN * old["ratio"]
    ]


@click.command()
@click.option("--rounds", default=5, show_default=True)
@click.option("--only", default=",".join(PARTS), show_default=True, help="Parts to run.")
@click.option("--quick", is_flag=True, help="Small sizes: to see that it runs.")
@click.option("--check", "earlier", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--profile", is_flag=True, help="Where the whole path's processor time goes, and nothing else.")
@click.option("--out", default=LATEST, show_default=False, type=click.Path(path_type=Path))
def main(rounds: int, only: str, quick: bool, profile: bool, earlier: Path | None, out: Path) -> None:
    """Measure Parley's speed as ratios to what a user would write instead."""
    if profile:
        show_profile()
        return
    before = json.loads(earlier.read_text()) if earlier else {}
    rows: list[Row] = []
    # The rows of parts that do not run stay as they were measured before; each row is written as it comes.
    found = json.loads(out.read_text()) if only != ",".join(PARTS) and out.exists() else {}
    console = Console(width=200)
    for row in run_parts(only.split(","), rounds, quick):
        rows.append(row)
        console.print(f"{row.name}: {row.ours} | {row.peer} | {row.ratio and round(row.ratio, 2)} {row.note}")
        found[f"{row.name} | {row.peer.partition(': ')[2]}"] = as_object(row)
        out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    show(rows, console)
    worse = fallen(found, before)
    for line in worse:
        console.print(f"[red]fell[/red] {line}")
    raise SystemExit(1 if worse else 0)


if __name__ == "__main__":
    main()
