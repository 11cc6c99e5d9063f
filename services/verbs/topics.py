"""`parley topics`: creates what is missing on a broker."""

import click


@click.command(name="topics")
@click.option("--kafka", help="Bootstrap servers, host:port, comma-separated.")
@click.option("--replication", type=click.IntRange(1), help="Replication factor of what is created.")
def command(**options: object) -> None:
    """Create Parley's topics where they are missing, wait for the broker if need be, and end.

    Every process does this at its start; by itself it is for setting a broker up, and for a broker where only this one
    call has the right to create. What is there already is not changed.

    Example: parley topics --kafka broker:9092 --replication 3
    """
    from services.broker.cluster import await_broker
    from services.broker.topics import ensure_topics
    from services.logs import start_logging
    from services.settings import read_settings

    settings = read_settings(**options)
    start_logging(settings.log_level, settings.log_format)
    await_broker(settings.kafka)
    ensure_topics(settings.kafka, settings.replication)
