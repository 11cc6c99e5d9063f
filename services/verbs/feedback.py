"""`parley feedback`: what desks said, as rows that a corpus can be made of."""

from pathlib import Path

import click


@click.group(name="feedback")
def command() -> None:
    """Use what people said of readings on the desk's page.

    Example: parley feedback export > judged.jsonl
    """


@command.command(name="export")
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Directory of the desk's projection.")
@click.option("--unlabelled", is_flag=True, help="Also rows of which only what is wrong is known (label is null).")
@click.option("--from-alerts", is_flag=True, help="Also readings that were judged only with their alert, as a whole.")
def export(unlabelled: bool, from_alerts: bool, **options: object) -> None:
    """Write one JSON line for each statement that somebody judged, labelled, in the form of the corpus.

    A reading called correct has the label it was read with; one of the wrong stance the label that was said to be
    right. The latest word counts. The texts are other people's: read models/corpus/DATASHEET.md before you use them.

    Example: parley feedback export --state .parley > judged.jsonl
    """
    import sys

    import msgspec

    from services.desk.export import export_rows
    from services.settings import read_settings

    settings = read_settings(**options)
    for row in export_rows(settings.state, unlabelled=unlabelled, from_alerts=from_alerts):
        sys.stdout.buffer.write(msgspec.json.encode(row) + b"\n")
    sys.stdout.buffer.flush()
