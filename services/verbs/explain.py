"""`parley explain`: why an alert was raised, from its own record."""

from pathlib import Path

import click


@click.command(name="explain")
@click.argument("alert")
@click.option(
    "--from",
    "file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="Read the alert from what `parley replay` printed (- is standard input) instead of Kafka.",
)
@click.option("--kafka", help="Bootstrap servers, host:port, comma-separated.")
@click.option("--kafka-api-version", help="Protocol version to pin; 2.3 means the embedded broker.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(alert: str, file: Path | None, as_json: bool, **options: object) -> None:
    """Say why an alert was raised.

    ALERT is its id, as it stands in every message about it. Shown are where the actor stood before and after, when it
    changed and how sure that date is, the states that the alert went through, and the readings that decided it: word
    for word, with their place in the article, the outlet and the address, and what would have become of the alert
    without each. All of it is on the alert's record. An id that nothing knows is one line, and the exit code is 1.

    \b
    Example: parley replay archive.jsonl > alerts.jsonl
             parley explain --from alerts.jsonl "$(jq -r .id alerts.jsonl | tail -1)"

    Example: parley explain 0f3c1d2e4b5a6978 --kafka broker:9092
    """
    import sys

    import msgspec

    from services.errors import InputProblem
    from services.explain import as_object, render_lines, states_of
    from services.notify.run import read_names
    from services.settings import read_settings
    from services.trace.scan import Scan
    from streams.topics import ALERTS

    settings = read_settings(**options)
    if file is not None:
        where = "standard input" if str(file) == "-" else str(file)
        with sys.stdin.buffer if str(file) == "-" else file.open("rb") as lines:
            states = states_of(alert, lines)
    else:
        where = f"{ALERTS.name} on {settings.kafka}"
        with Scan(settings.kafka, settings.kafka_api_version) as scan:
            records = scan.records(ALERTS.name, scan.partitions(ALERTS.name))
            states = states_of(alert, (record.value for record in records))
    if not states:
        raise InputProblem(f"alert {alert!r}: {where} has none of that id; ids stand in every message about an alert")
    if as_json:
        click.echo(msgspec.json.encode(as_object(states)).decode())
        return
    for line in render_lines(states, read_names()):
        click.echo(line)
