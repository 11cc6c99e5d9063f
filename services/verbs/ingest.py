"""`parley ingest`: feeds to Kafka."""

from pathlib import Path

import click

from services.finite import Finite


@click.command(name="ingest")
@click.option("--feeds", help="OPML file of the feeds to watch, or its http(s) address.")
@click.option("--kafka", help="Bootstrap servers, host:port, comma-separated.")
@click.option("--kafka-api-version", help="Protocol version to pin; 2.3 means the embedded broker.")
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Directory of what is remembered.")
@click.option("--once", is_flag=True, help="Visit each feed once, publish, and exit.")
@click.option("--fresh", is_flag=True, help="Discard what is remembered and start anew.")
@click.option("--poll-min", type=Finite(min=0, min_open=True), help="Shortest interval, in seconds.")
@click.option("--poll-max", type=Finite(min=0, min_open=True), help="Longest interval, in seconds.")
@click.option("--host-delay", type=Finite(min=0), help="Seconds between two requests to one host.")
@click.option("--fetch-timeout", type=Finite(min=0, min_open=True), help="Seconds for one response.")
@click.option("--fulltext/--no-fulltext", default=None, help="Fetch an article's page where the feed has no full text.")
@click.option("--allow-private/--no-allow-private", default=None, help="Allow feeds on loopback and private addresses.")
@click.option("--clock", help="Take the time from this page instead of the machine (the sample newsroom's).")
@click.option("--metrics-port", type=click.IntRange(0, 65535), help="Port of the metrics page; 0 picks a free one.")
@click.option("--log-level", help="Lowest level that is logged: debug, info, warning or error.")
def command(once: bool, fresh: bool, **options: object) -> None:
    """Watch feeds and publish new articles to Kafka.

    New articles about a negotiated end to the war go to the topic articles.v1, each once. What is on disk under
    --state survives any crash; while the broker is away, articles wait there.

    Examples:

      parley ingest --feeds feeds.opml --kafka broker:9092

      parley ingest --feeds feeds.opml --once
    """
    from services.ingest.run import run_ingester
    from services.logs import start_logging
    from services.settings import read_settings

    settings = read_settings(**options)
    start_logging(settings.log_level, settings.log_format)
    run_ingester(settings, once=once, fresh=fresh)
