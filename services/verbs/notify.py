"""`parley notify`: delivers alerts; also shows, holds, silences and tests what goes out."""

from pathlib import Path
from typing import Any

import click

ACTIONS = ("parked", "replay_parked", "check", "test", "hold", "release", "silence", "silences", "unsilence", "log")


@click.command(name="notify")
@click.option("--kafka", help="Bootstrap servers, host:port, comma-separated.")
@click.option("--kafka-api-version", help="Protocol version to pin; 2.3 means the embedded broker.")
@click.option("--slack", help="Slack incoming-webhook URL. PARLEY_SLACK keeps it out of the process list.")
@click.option("--webhook", help="URL that alerts are posted to (Standard Webhooks). Or PARLEY_WEBHOOK.")
@click.option("--webhook-secret", help="Signing key, whsec_…; several with spaces between. Or PARLEY_WEBHOOK_SECRET.")
@click.option(
    "--routes",
    type=click.Path(dir_okay=False, path_type=Path),
    help="YAML file of sinks and what each is told; ops/routes.example.yaml explains it. Or PARLEY_ROUTES.",
)
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Directory of the delivery ledger.")
@click.option("--metrics-port", type=click.IntRange(0, 65535), help="Port of the metrics page; 0 picks a free one.")
@click.option("--fresh", is_flag=True, help="Discard the ledger first; deliveries that wait in it are lost.")
@click.option("--print", "print_text", is_flag=True, help="Print alerts on standard output.")
@click.option("--json", "print_json", is_flag=True, help="Print alerts, or what an option below lists, as JSON.")
@click.option("--check", is_flag=True, help="Check the file of routes and all it refers to, and end.")
@click.option("--test", metavar="SINK", help="Send a test message to this sink, and end.")
@click.option("--log", is_flag=True, help="Show who was told what, when; and what was not told, and why.")
@click.option("--hold", is_flag=True, help="Keep everything from going out until --release; survives restarts. --why.")
@click.option("--release", is_flag=True, help="End the hold: what waited goes out, what is late in one digest.")
@click.option("--silence", metavar="ACTOR|all", help="Tell nothing of this actor until --until. --kind, --sink, --why.")
@click.option("--silences", is_flag=True, help="List the silences in force and what each has kept back.")
@click.option("--unsilence", metavar="NUMBER", type=int, help="End a silence.")
@click.option("--parked", is_flag=True, help="List deliveries that were given up, and end.")
@click.option("--replay-parked", is_flag=True, help="Make given-up deliveries due again, and end.")
@click.option("--until", metavar="TIME", help="When a silence ends: 8h, 2d or 2026-11-23T08:00 (UTC).")
@click.option("--since", metavar="TIME", help="Where --log begins: 24h (ago), 7d or 2026-11-20.", default="24h")
@click.option("--kind", help="With --silence: alerts of this kind only.")
@click.option("--sink", help="With --silence or --log: this sink only.")
@click.option("--why", default="", help="With --hold or --silence: the reason, for whoever looks later.")
def command(fresh: bool, print_text: bool, print_json: bool, **options: Any) -> int:
    """Deliver alerts to Slack, webhooks and the terminal; at least once, each with the same id.

    \b
    Example: parley notify --kafka broker:9092 --slack https://hooks.slack.com/… --print
             parley notify --routes routes.yaml --check
             parley notify --hold --why "wrong quotes from one outlet"
             parley notify --silence belarus --kind shift --until 8h
             parley notify --log --since 7d --sink desk

    An alert is told when it is pending, and again when it is confirmed, retracted or closed. Slack and --print show the
    newest state, with what they missed; webhooks and --json get each state, in order. An actor's first position is no
    shift: it goes to webhooks and the terminal, and to Slack only where a route asks for it. Alerts on evidence older
    than PARLEY_DIGEST_AGE seconds (six hours) come together in one digest.

    What fails is tried again for three days, then parked, counted and listed by --parked. What a sink was told is
    followed to its end: no route and no silence keeps a retraction from those who heard the alert.

    Each webhook message carries webhook-id (alert id and revision, the same at every attempt), webhook-timestamp and,
    with a key, webhook-signature.
    """
    from services.errors import UsageProblem
    from services.settings import read_settings

    actions = {name: options.pop(name) for name in ACTIONS}
    details = {name: options.pop(name) for name in ("until", "since", "kind", "sink", "why")}
    asked = [name for name, value in actions.items() if value not in (None, False)]
    if len(asked) > 1:
        named = " and ".join(f"--{name.replace('_', '-')}" for name in asked)
        raise UsageProblem(f"{named} are different things to do: give one of them")
    idle = [name for name in ("until", "kind", "sink", "why") if details[name] and not asked]
    if idle:
        raise UsageProblem(f"--{idle[0]} belongs to --silence, --log or --hold: give one of them too")
    settings = read_settings(**options)
    if asked:
        from services.notify import actions as doing

        return doing.act(asked[0], actions[asked[0]], settings, details, print_json)
    if print_text and print_json:
        raise UsageProblem("--print and --json are two forms of the same output: give one of them")
    from services.notify.run import run_notifier

    run_notifier(settings, "json" if print_json else "text" if print_text else None, fresh)
    return 0
