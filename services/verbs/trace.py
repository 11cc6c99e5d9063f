"""`parley trace`: what became of one article, step by step."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import datetime


@click.command(name="trace")
@click.argument("article")
@click.option("--kafka", help="Bootstrap servers, host:port, comma-separated.")
@click.option("--kafka-api-version", help="Protocol version to pin; 2.3 means the embedded broker.")
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    help="Directory of the ingester's and notifier's files.",
)
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it came, for one that is long gone (UTC)."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with the records as they lie on their topics.")
def command(article: str, since: "datetime | None", as_json: bool, **options: object) -> None:
    """Follow one article through the topics: fetched, relevant, read, counted, alerted, told.

    ARTICLE is its id, as it stands in readings, alerts and log lines. Each step says what came of it, or why nothing
    did. The topics are read and nothing is changed. Of the years of readings and alerts, those are read of 77 days
    around the day on which the article came: its topic says which (for 30 days), then the ingester, then the workers'
    table, or you with --since. Who was told is in the notifier's ledger, so name its directory with --state. An id that
    nothing knows is one line, and the exit code is 1.

    \b
    Example: parley trace 0f3c1d2e4b5a6978 --kafka broker:9092 --state /var/lib/parley
             parley trace 0f3c1d2e4b5a6978 --since 2024-03-01
    """
    from datetime import UTC

    import msgspec

    from services.errors import InputProblem
    from services.notify.run import read_names
    from services.settings import read_settings
    from services.trace.gather import follow_article
    from services.trace.render import as_object, render_lines
    from services.trace.scan import Scan

    settings = read_settings(**options)
    with Scan(settings.kafka, settings.kafka_api_version) as scan:
        trace = follow_article(article, scan, settings.state, since and since.replace(tzinfo=UTC))
    if not trace.known:
        raise InputProblem(
            f"article {article!r}: nothing knows it: not the topics, not the dead letters, not the files in "
            f"{settings.state} (--state); for one that came long ago name the day with --since"
        )
    if as_json:
        click.echo(msgspec.json.encode(as_object(trace)).decode())
        return
    for line in render_lines(trace, read_names()):
        click.echo(line)
