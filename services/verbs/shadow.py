"""`parley shadow`: what another model would have told, beside the one that works."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from services.replay_diff import Change
    from services.shadow import Beside

FOLLOW_SECONDS = 30.0
SHOWN = 2  # Of what made a difference; --json has all that is known.


@click.command(name="shadow")
@click.argument("model", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--kafka", help="Bootstrap servers, host:port, comma-separated.")
@click.option("--kafka-api-version", help="Protocol version to pin; 2.3 means the embedded broker.")
@click.option("--beside", type=click.Path(exists=True, file_okay=False, path_type=Path), help="The model that works.")
@click.option(
    "--days", type=click.FloatRange(0, 30, min_open=True), default=30.0, show_default=True,
    help="So many days of articles; the topic keeps 30.",
)  # fmt: skip
@click.option("--follow", is_flag=True, help="Go on beside the workers, and show each difference as it comes.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines, with what made each difference.")
def command(model: Path, beside: Path | None, days: float, follow: bool, as_json: bool, **options: Any) -> None:
    """Read the articles with another model too, and show which alerts it would add, drop or move.

    MODEL is the directory of an exported model (model.onnx and its description). Both models read the articles of the
    last days from the topic, from an empty memory, by the stream's own code; nothing is sent, and no worker is
    disturbed. --beside names the model that works where it is not the one that is shipped. What differs is the models'
    doing; what an alert needs from before those days is known to neither.

    \b
    Example: parley shadow models/candidate --kafka broker:9092 --days 14
             parley shadow models/candidate --kafka broker:9092 --follow --json >> shadow.jsonl
    """
    import sys
    import time

    from services.settings import read_settings
    from services.shadow import Shadow, articles_of, in_order, stored_articles
    from services.trace.scan import Scan
    from streams.shift_settings import ShiftSettings
    from streams.topics import ARTICLES, encode

    settings = read_settings(model=beside, **options)
    rules = ShiftSettings(false_alerts_per_actor_year=settings.false_alerts_per_actor_year)
    shadow = Shadow(_open(settings.model, rules), _open(model, rules))
    since_ms = int((time.time() - days * 86400) * 1000)
    shown: set[bytes] = set()

    def show() -> None:
        for change in shadow.changes():
            line = encode(change)
            if line not in shown:
                shown.add(line)
                click.echo(line.decode() if as_json else describe(change))
        sys.stdout.flush()
        differ, statements = shadow.read_differently()
        working, other = shadow.alerts()
        click.echo(
            f"parley shadow: {shadow.articles:,} articles; {statements:,} statements, {differ:,} read differently; "
            f"{working} alerts with the model that works, {other} with the other, {len(shadow.changes())} differences",
            err=True,
        )

    with Scan(settings.kafka, settings.kafka_api_version) as scan:
        offsets = scan.ends(ARTICLES.name)
        for count in shadow.take(stored_articles(scan, since_ms)):
            if sys.stderr.isatty():
                click.echo(f"\r{count:,} articles", nl=False, err=True)
        show()
        while follow:
            time.sleep(FOLLOW_SECONDS)
            news = in_order(articles_of(scan.onward(ARTICLES.name, offsets)))
            if news:
                for _ in shadow.take(news):
                    pass
                show()


def _open(directory: Path | None, rules: Any) -> "Beside":
    from functools import partial

    from models.exported_model import ModelProblem
    from models.predict import StanceReader
    from services.errors import UsageProblem
    from services.shadow import Beside
    from streams.batch import read_batch
    from streams.catalogue import read_catalogue

    try:
        reader = StanceReader.load(directory)
    except ModelProblem as error:
        raise UsageProblem(str(error)) from None
    read = partial(read_batch, catalogue=read_catalogue(), read_stances=reader.read, model=reader.version)
    return Beside(read, reader.version, rules)


def describe(change: "Change") -> str:
    """A difference in one line, and below it the first of what made it."""
    lives = [
        f"{life.before} → {life.after}, {life.status}, raised {life.raised:%Y-%m-%d %H:%M}"
        + (f", confirmed {life.confirmed:%Y-%m-%d %H:%M}" if life.confirmed else "")
        for life in (change.was, change.now)
        if life is not None
    ]
    who = change.actor + (f"/{change.speaker}" if change.speaker else "")
    if len(lives) == 2 and lives[0] == lives[1]:
        # Another reading raised it at the same moment, so that it has another id.
        said = f"{lives[0]}, raised by another reading"
    else:
        words = ("was", "now") if change.was is not None else ("now",)
        said = " · ".join(f"{word} {life}" for word, life in zip(words, lives, strict=False))
    return "\n".join(
        [f"{change.change:<8}{change.kind} {who} · {said}", *(f"        {why}" for why in change.why[:SHOWN])]
    )
