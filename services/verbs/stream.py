"""`parley stream`: one Faust worker."""

from pathlib import Path

import click


@click.command(name="stream")
@click.option("--kafka", help="Bootstrap servers, host:port, comma-separated.")
@click.option("--kafka-api-version", help="Protocol version to pin; 2.3 means the embedded broker.")
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Directory for the worker's files.")
@click.option("--model", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Exported stance model.")
@click.option("--metrics-port", type=click.IntRange(0, 65535), help="Port of the metrics page; 0 picks a free one.")
def command(**options: object) -> None:
    """Run a worker: articles to readings, positions and alerts.

    Start more of them to share the work; Kafka splits the partitions.

    Example: parley stream --kafka broker:9092 --metrics-port 9102
    """
    from services.settings import read_settings
    from services.stream.run import run_worker

    run_worker(read_settings(**options))
