"""`parley notify`: delivers alerts; also lists and replays what could not be delivered."""

from pathlib import Path

import click


@click.command(name="notify")
@click.option("--kafka", help="Bootstrap servers, host:port, comma-separated.")
@click.option("--kafka-api-version", help="Protocol version to pin; 2.3 means the embedded broker.")
@click.option("--slack", help="Slack incoming-webhook URL. PARLEY_SLACK keeps it out of the process list.")
@click.option("--webhook", help="URL that alerts are posted to (Standard Webhooks). Or PARLEY_WEBHOOK.")
@click.option("--webhook-secret", help="Signing key, whsec_…; several with spaces between. Or PARLEY_WEBHOOK_SECRET.")
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Directory of the delivery ledger.")
@click.option("--metrics-port", type=click.IntRange(0, 65535), help="Port of the metrics page; 0 picks a free one.")
@click.option("--fresh", is_flag=True, help="Discard the ledger first; deliveries that wait in it are lost.")
@click.option("--print", "print_text", is_flag=True, help="Print alerts on standard output.")
@click.option("--json", "print_json", is_flag=True, help="Print alerts as JSON lines, each state as it comes.")
@click.option("--parked", is_flag=True, help="List deliveries that were given up, and end. --json for JSON lines.")
@click.option("--replay-parked", is_flag=True, help="Make given-up deliveries due again, and end.")
def command(
    fresh: bool, print_text: bool, print_json: bool, parked: bool, replay_parked: bool, **options: object
) -> None:
    """Deliver alerts to Slack, a webhook and the terminal; at least once, each with the same id.

    Example: parley notify --kafka broker:9092 --slack https://hooks.slack.com/… --print

    An alert is told when it is pending, and again when it is confirmed, retracted or closed. Slack and --print show the
    newest state, with what they missed; the webhook and --json get each state, in order. An actor's first position is
    no shift: it goes to the webhook and the terminal, and not to Slack. Alerts on evidence older than
    PARLEY_DIGEST_AGE seconds (six hours) come together in one digest.

    What fails is tried again for three days, then parked, counted and listed by --parked.

    Each webhook message carries webhook-id (alert id and revision, the same at every attempt), webhook-timestamp and,
    with a key, webhook-signature.
    """
    from services.errors import UsageProblem
    from services.settings import read_settings

    if parked and replay_parked:
        raise UsageProblem("--parked only lists and --replay-parked changes: give one of them")
    settings = read_settings(**options)
    if parked or replay_parked:
        _look(settings.state, replay_parked, print_json)
        return
    if print_text and print_json:
        raise UsageProblem("--print and --json are two forms of the same output: give one of them")
    from services.notify.run import run_notifier

    run_notifier(settings, "json" if print_json else "text" if print_text else None, fresh)


def _look(state: Path, replay: bool, as_json: bool) -> None:
    """List the parked deliveries, or make them due again."""
    import time

    import msgspec

    from services.notify.ledger import open_beside
    from services.notify.parked import list_parked, replay_parked

    ledger = open_beside(state)
    try:
        if replay:
            count = replay_parked(ledger, time.time())
            click.echo(f"{count} deliveries are due again; `parley notify` sends them, at once where it is running")
            return
        for one in list_parked(ledger):
            if as_json:
                click.echo(msgspec.json.encode(one).decode())
            else:
                click.echo(
                    f"{one.alert}.{one.revision} {one.status} · {one.sink} · {one.reason} · "
                    f"{one.attempts} attempts · parked {one.since:%Y-%m-%d %H:%M} UTC"
                )
    finally:
        ledger.close()
