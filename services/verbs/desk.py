"""`parley desk`: the page and API that a desk looks at."""

from pathlib import Path

import click


@click.command(name="desk")
@click.option("--kafka", help="Bootstrap servers, host:port, comma-separated.")
@click.option("--kafka-api-version", help="Protocol version to pin; 2.3 means the embedded broker.")
@click.option("--host", help="Address to listen on; another than loopback needs PARLEY_DESK_TOKEN or a proxy.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (8440); 0 picks a free one.")
@click.option("--or-free", is_flag=True, help="Take a free port where that one is in use.")
@click.option("--feeds", help="The ingester's OPML file, to show and to change it.")
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Directory of the projection.")
@click.option("--fresh", is_flag=True, help="Discard the projection; it is made again from the topics.")
@click.option("--read-only", is_flag=True, default=None, help="Nobody may write.")
@click.option("--metrics-port", type=click.IntRange(0, 65535), help="Port of the metrics page; 0 picks a free one.")
def command(
    fresh: bool, or_free: bool, host: str | None, port: int | None, read_only: bool | None, **options: object
) -> None:
    """Serve a web page and a JSON API: who stands where, who moved, and the quotes that say so.

    What it shows is made from Kafka's topics alone, kept in SQLite, and made again whenever the file is gone. What
    people say of readings and alerts goes to the topic readings.v1, and positions follow. Prints the page's address.
    The API's own description is at /api/openapi.json, alerts as an Atom feed at /alerts.atom.

    \b
    Example: parley desk --kafka broker:9092 --feeds feeds.opml
             PARLEY_DESK_TOKEN=… parley desk --host 0.0.0.0 --port 8440
    """
    import sys

    from services.desk.run import run_desk
    from services.settings import read_settings

    def announce(address: str) -> None:
        click.echo(f"desk: {address}")
        sys.stdout.flush()

    settings = read_settings(desk_host=host, desk_port=port, desk_read_only=read_only, **options)
    run_desk(settings, fresh, or_free, announce)
