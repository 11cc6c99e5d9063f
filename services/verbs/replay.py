"""`parley replay`: JSON lines of articles in, one JSON line out for each state that an alert goes through."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from services.finite import Finite

if TYPE_CHECKING:
    from services.replay_record import Run


@click.command(name="replay")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Follow every article, not only those about a settlement.")
@click.option("--model", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Exported stance model.")
@click.option("--false-alerts", type=Finite(min=0.01), help="False alerts an actor may cause in a year.")
@click.option(
    "--run", "kept", type=click.Path(dir_okay=False, path_type=Path), help="Keep what was found in this file."
)
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Print what differs from a run that was kept, instead of the alerts.",
)
def command(
    file: Path,
    everything: bool,
    model: Path | None,
    false_alerts: float | None,
    kept: Path | None,
    against: Path | None,
) -> int:
    """Run articles through the stream's code, without Kafka, and show the alerts they would have raised.

    FILE (or - for standard input) has one article a line, in the order in which they came: {"id", "title", "text",
    "published", "outlet", "url"}. Each state of an alert (pending, confirmed, retracted, closed) is one line, as on
    alerts.v1: {"id", "kind", "actor", "speaker", "before", "after", "since", "at", "probability", "status",
    "revision", "evidence"}. Time is the articles' own, so the same file gives the same bytes. Progress and lines that
    cannot be read go to standard error; such lines make the exit code 1.

    With --against, each alert that was added, dropped or moved since that run is one line: {"change", "kind", "actor",
    "was", "now", "why"}, where why names the readings, settings, thresholds and model that differ.

    \b
    Examples: parley replay archive.jsonl | jq -r '[.at, .actor, .before, .after, .status] | @tsv'
              parley replay archive.jsonl --run before.run > alerts.jsonl
              parley replay archive.jsonl --against before.run --false-alerts 1 | jq
    """
    import sys
    from collections import Counter
    from functools import partial

    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    from models.exported_model import ModelProblem
    from models.predict import StanceReader
    from services.errors import UsageProblem
    from services.replay import Replay, read_articles
    from services.replay_record import Told, keep_run, make_header, read_run, record_turn
    from services.settings import read_settings
    from streams.batch import read_batch
    from streams.catalogue import read_catalogue
    from streams.memory import Memory
    from streams.shift_settings import ShiftSettings
    from streams.topics import encode

    old = None if against is None else read_run(against)
    settings = read_settings(model=model, false_alerts_per_actor_year=false_alerts)
    try:
        reader = StanceReader.load(settings.model)
    except ModelProblem as error:
        raise UsageProblem(str(error)) from None
    memory = Memory(ShiftSettings(false_alerts_per_actor_year=settings.false_alerts_per_actor_year))
    read = partial(read_batch, catalogue=read_catalogue(), read_stances=reader.read, model=reader.version)
    counts: Counter[str] = Counter()

    def complain(problem: str) -> None:
        click.echo(f"parley replay: {problem}", err=True)

    def summary() -> str:
        return ", ".join(f"{count:,} {name}" for name, count in counts.items())

    source = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), TimeElapsedColumn())
    progress = Progress(*columns, console=console, disable=not console.is_terminal)
    header = make_header(reader.version, memory.settings)
    with source, keep_run(kept, header, apart_from=file, collect=old is not None) as keeper, progress:
        task = progress.add_task("reading", total=None)
        for turn in Replay(memory, read).follow(read_articles(source, everything, counts, complain)):
            counts["readings"] += len(turn.readings)
            if turn.problem:
                counts["put aside"] += 1
                complain(f"article {turn.article.id}: {turn.problem}")
            for line in record_turn(turn.readings, (alert for outcome in turn.outcomes for alert in outcome.alerts)):
                keeper.keep(line)
                if isinstance(line, Told):
                    counts["alert states"] += 1
                    if old is None:
                        sys.stdout.buffer.write(encode(line.alert) + b"\n")
            progress.update(task, description=f"{turn.article.fetched:%Y-%m-%d}  {summary()}")
    if old is not None:
        counts["alerts changed"] = _print_changes(old, keeper.run)
    sys.stdout.buffer.flush()
    click.echo(f"parley replay: {summary() or 'no articles'}", err=True)
    return int(counts["unreadable"] + counts["put aside"] > 0)


def _print_changes(old: "Run", new: "Run") -> int:
    import sys

    from services.replay_diff import compare
    from streams.topics import encode

    changes = list(compare(old, new))
    sys.stdout.buffer.writelines(encode(change) + b"\n" for change in changes)
    return len(changes)
