"""What `parley notify` does beside delivering: finds what was asked for, and holds and silences by itself."""

import time
from collections.abc import Mapping
from typing import Any

import click

from services.errors import UsageProblem
from services.notify.hold import hold, release
from services.notify.ledger import Ledger, open_beside
from services.notify.moments import read_moment
from services.notify.parked import replay_parked
from services.notify.render.wording import clean
from services.notify.routes import KINDS
from services.notify.show import describe_silence, list_given_up, list_silences, show_log
from services.notify.silences import add_silence, end_silence
from services.notify.try_out import check_sinks, try_sink
from services.settings import Settings
from streams.catalogue import read_catalogue


def act(name: str, value: Any, settings: Settings, details: Mapping[str, Any], as_json: bool) -> int:
    """Do what the option `name` asks for; returns the exit code, raises ParleyError."""
    if name == "check":
        return check_sinks(settings)
    if name == "test":
        return try_sink(str(value), settings)
    ledger = open_beside(settings.state)
    now = time.time()
    try:
        match name:
            case "hold":
                click.echo(f"{hold(ledger, details['why'], now)}: nothing goes out until `parley notify --release`")
            case "release":
                stood = release(ledger)
                click.echo("released: what waited goes out within seconds" if stood else "nothing was held")
            case "silence":
                _silence(ledger, str(value), details, now)
            case "unsilence":
                end_silence(ledger, value, now)
                click.echo(f"silence {value} has ended")
            case "silences":
                list_silences(ledger, now, as_json)
            case "log":
                show_log(ledger, details, now, as_json)
            case "parked":
                list_given_up(ledger, as_json)
            case "replay_parked":
                count = replay_parked(ledger, now)
                click.echo(f"{count} deliveries are due again; `parley notify` sends them, at once where it is running")
    finally:
        ledger.close()
    return 0


def _silence(ledger: Ledger, actor: str, details: Mapping[str, Any], now: float) -> None:
    known = read_catalogue().actors
    if actor != "all" and actor not in known:
        raise UsageProblem(f"--silence: no actor {clean(actor)}; write all, or an id of streams/actors.yaml")
    kind, sink = details["kind"] or "", details["sink"] or ""
    if kind and kind not in KINDS:
        raise UsageProblem(f"--kind: no kind {clean(kind)}; there are {', '.join(KINDS)}")
    if details["until"] is None:
        raise UsageProblem("--silence: say when it ends with --until (8h, 2d or 2026-11-23T08:00)")
    until = read_moment(details["until"], now, 1, "--until")
    if until <= now:
        raise UsageProblem(f"--until {details['until']}: that is past")
    silence = add_silence(ledger, "" if actor == "all" else actor, kind, sink, until, clean(details["why"]), now)
    click.echo(describe_silence(silence))
