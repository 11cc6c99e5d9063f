"""Settings and the file of routes -> the channels that alerts are told to; shows no address and no secret."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from services.errors import UsageProblem
from services.logs import conceal
from services.notify.addresses import check_secrets, check_url, fingerprint, shown
from services.notify.deliver.canary import Canaries
from services.notify.deliver.channel import Channel
from services.notify.deliver.slack import TASTE as PERSON
from services.notify.deliver.slack import Slack
from services.notify.deliver.slack_bot import SlackBot
from services.notify.deliver.terminal import Form, Terminal
from services.notify.deliver.webhook import TASTE as MACHINE
from services.notify.deliver.webhook import Webhook
from services.notify.references import Problem
from services.notify.routes import SinkPlan, read_routes
from services.settings import Settings, read_named_secret
from streams.catalogue import read_catalogue

log = logging.getLogger("parley.notify")


def open_channels(settings: Settings, form: Form | None, stream: TextIO, names: Mapping[str, str]) -> list[Channel]:
    """Return a channel for each sink of the settings and the routes, and the terminal in `form`; raises UsageProblem.

    Without any, the terminal is where alerts go. `names` maps ids of actors and people to their names.
    """
    channels: list[Channel] = []
    if settings.slack is not None:
        url = check_url(settings.slack.get_secret_value(), "--slack (PARLEY_SLACK)")
        channels.append(Slack(url, fingerprint(url), names))
        conceal(url)
    if settings.webhook is not None:
        url = check_url(settings.webhook.get_secret_value(), "--webhook (PARLEY_WEBHOOK)")
        text = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
        secrets = check_secrets(text, "--webhook-secret (PARLEY_WEBHOOK_SECRET)")
        channels.append(Webhook(url, fingerprint(url), secrets))
        conceal(url, *secrets)
    for plan in plan_sinks(settings):
        if plan.name in {channel.name for channel in channels}:
            raise UsageProblem(
                f"{settings.routes}: sink {plan.name} is also --{plan.name} (PARLEY_{plan.name.upper()}): "
                "take one of them out, or give it another name"
            )
        channels.append(_open(plan, names))
        conceal(*plan.secrets)
    if form is not None or not channels:
        channels.append(Terminal(stream, form or "text", names))
    return channels


def with_canaries(channels: list[Channel]) -> list[Channel]:
    """The channels, and the sink of the canaries, which tells nobody anything."""
    return [*channels, Canaries()]


def plan_sinks(settings: Settings) -> list[SinkPlan]:
    """Return the sinks of the file of routes, where there is one; raises UsageProblem for the first thing wrong."""
    if settings.routes is None:
        return []
    plans, problems = check_routes(settings.routes)
    if problems:
        more = f" (and {len(problems) - 1} more: `parley notify --check` lists them)" if len(problems) > 1 else ""
        raise UsageProblem(problems[0].show(settings.routes) + more)
    return plans


def check_routes(file: Path) -> tuple[list[SinkPlan], list[Problem]]:
    """Read the file of routes and all it refers to; raises UsageProblem when it cannot be read at all."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UsageProblem(f"routes {file}: cannot be read ({reason}); name the file with --routes") from None
    catalogue = read_catalogue()
    return read_routes(text, file.parent, read_named_secret, catalogue.actors, catalogue.people)


def _open(plan: SinkPlan, names: Mapping[str, str]) -> Channel:
    address = plan.address.get_secret_value()
    taste = (MACHINE if plan.type == "webhook" else PERSON)._replace(rules=plan.rules, grouping=plan.grouping)
    if plan.type == "webhook":
        keys = [key.get_secret_value() for key in plan.signing]
        return Webhook(address, fingerprint(address), keys, name=plan.name, taste=taste)
    if plan.token is not None:
        where = fingerprint(f"{address} {plan.channel}")
        return SlackBot(address, plan.token.get_secret_value(), plan.channel, where, names, plan.name, taste)
    return Slack(address, fingerprint(address), names, name=plan.name, taste=taste)


def announce(settings: Settings, form: Form | None) -> None:
    """Say once, in the log, where alerts go, and what a desk should know of that."""
    if settings.slack is not None:
        log.info("slack: alerts go to %s", shown(settings.slack.get_secret_value()))
    if settings.webhook is not None:
        log.info("webhook: alerts go to %s", shown(settings.webhook.get_secret_value()))
        if settings.webhook_secret is None:
            log.warning("webhook: messages are not signed; a key in PARLEY_WEBHOOK_SECRET signs them")
    plans = plan_sinks(settings)
    for plan in plans:
        log.info("%s: alerts that %d routes lead there go to %s", plan.name, len(plan.rules), place_of(plan))
        if plan.type == "webhook" and not plan.signing:
            log.warning("%s: messages are not signed; a key at `secret` in %s signs them", plan.name, settings.routes)
    if settings.slack is None and settings.webhook is None and form is None and not plans:
        log.warning("no --slack, no --webhook and no --routes: alerts are printed here and go nowhere else")


def place_of(plan: SinkPlan) -> str:
    """Where a sink is, without what is secret."""
    address = shown(plan.address.get_secret_value())
    return address if plan.token is None else f"Slack channel {plan.channel} as a bot"
