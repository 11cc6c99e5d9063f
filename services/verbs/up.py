"""`parley up`: the whole path on one machine."""

from pathlib import Path

import click

from services.finite import Finite


@click.command(name="up")
@click.option("--feeds", help="OPML file of real feeds, or its http(s) address, instead of the sample newsroom.")
@click.option("--kafka", help="Bootstrap servers of a real broker, instead of the embedded one.")
@click.option("--slack", help="Slack incoming-webhook URL that alerts are posted to.")
@click.option("--webhook", help="URL that alerts are posted to (Standard Webhooks).")
@click.option("--webhook-secret", help="Signing key for --webhook (whsec_…).")
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Directory for state and logs.")
@click.option("--step", type=Finite(0.05, 60), default=0.5, show_default=True, help="Seconds per sample article.")
@click.option("--plain", is_flag=True, help="Plain lines instead of the live view.")
@click.option("--until-done", is_flag=True, help="End when the sample timeline has ended.")
def command(step: float, plain: bool, until_done: bool, **options: object) -> None:
    """Run everything on this machine: broker, sample newsroom, ingester, worker, notifier.

    Example: parley up --webhook http://127.0.0.1:9000/alerts

    With real feeds and a real broker: parley up --feeds my.opml --kafka 127.0.0.1:9092
    """
    from services.errors import UsageProblem
    from services.settings import read_settings
    from services.up.run import check_feeds, run_up

    settings = read_settings(**options)
    check_feeds(settings.feeds)
    if until_done and settings.feeds:
        raise UsageProblem("--until-done is for the sample timeline; real feeds have no end")
    run_up(settings, step, plain, until_done, own_broker="kafka" not in settings.model_fields_set)
