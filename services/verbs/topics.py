"""`parley topics`: creates what is missing on a broker, and fills a new version of the readings from an older one."""

import click


@click.command(name="topics")
@click.option("--kafka", help="Bootstrap servers, host:port, comma-separated.")
@click.option("--replication", type=click.IntRange(1), help="Replication factor of what is created.")
@click.option("--from", "older", metavar="TOPIC", help="Fill the empty topic of readings from this older version.")
def command(older: str | None, **options: object) -> None:
    """Create Parley's topics where they are missing, wait for the broker if need be, and end.

    Every process does this at its start; by itself it is for setting a broker up, and for a broker where only this one
    call has the right to create. What is there already is not changed.

    With --from, the readings of an older version of their topic are then copied to the present one, which has more
    partitions (a multiple) and no records yet; nothing else of Parley may run. ops/RUNBOOK.md has every step.

    \b
    Example: parley topics --kafka broker:9092 --replication 3
             parley topics --kafka broker:9092 --from readings.v1
    """
    from services.broker.carry_over import carry_over
    from services.broker.cluster import await_broker
    from services.broker.topics import ensure_topics
    from services.logs import start_logging
    from services.settings import read_settings
    from streams.topics import READINGS

    settings = read_settings(**options)
    start_logging(settings.log_level, settings.log_format)
    await_broker(settings.kafka)
    ensure_topics(settings.kafka, settings.replication)
    if older is not None:
        carried = carry_over(settings.kafka, older, READINGS)
        click.echo(
            f"{older}: {carried.read:,} records, on {READINGS.name} {carried.written:,} in {READINGS.partitions} "
            "partitions"
        )
