"""Sinks as the routes name them -> whether they can be told, by their file or a test message; no alert goes out."""

import asyncio
import sys
import time
from typing import get_args

import click

from services.durations import show_duration
from services.errors import InputProblem, UsageProblem
from services.notify.deliver.channel import Channel
from services.notify.hold import read_hold
from services.notify.ledger import FILE, open_beside
from services.notify.outcome import Outcome, Verdict
from services.notify.sinks import check_routes, open_channels, place_of
from services.notify.taste import Rule
from services.settings import Settings
from streams.records import AlertStatus


def check_sinks(settings: Settings) -> int:
    """Say where each sink is and what it is told, or one line for each problem; returns 2 where there is one."""
    if settings.routes is None:
        raise UsageProblem("--check: name the file of routes with --routes (PARLEY_ROUTES)")
    plans, problems = check_routes(settings.routes)
    for problem in problems:
        click.echo(problem.show(settings.routes), err=True)
    if problems:
        return 2
    open_channels(settings, None, sys.stdout, {})
    for plan in plans:
        click.echo(f"{plan.name}: {place_of(plan)}")
        for rule in plan.rules:
            click.echo(f"    {describe(rule)}")
        if plan.grouping is not None:
            window = show_duration(plan.grouping.window)
            click.echo(f"    at most {plan.grouping.messages} messages in {window}; more are told together")
    click.echo(f"{settings.routes}: {len(plans)} sinks, no problems")
    return 0


def describe(rule: Rule) -> str:
    """A rule in words."""
    kinds = ", ".join(sorted(rule.kinds)) or ("everything" if not rule.but_kinds else "everything but first positions")
    whom = ", ".join(sorted(rule.people or rule.actors)) or "all actors"
    statuses = [status for status in get_args(AlertStatus) if status in rule.statuses]
    more = f" when {', '.join(statuses)}" if statuses else ""
    return f"{kinds} of {whom}{more}" + (f", probability {rule.probability:g} and above" if rule.probability else "")


def try_sink(name: str, settings: Settings) -> int:
    """Send a test message; raises InputProblem where it is not taken. A hold stops this too."""
    if (settings.state / FILE).is_file():
        ledger = open_beside(settings.state)
        try:
            held = read_hold(ledger)
        finally:
            ledger.close()
        if held is not None:
            raise InputProblem(f"{held}: not even a test goes out; `parley notify --release` ends that")
    channels = {channel.name: channel for channel in open_channels(settings, None, sys.stdout, {})}
    if name not in channels:
        raise UsageProblem(f"--test: no sink {name}; there are {', '.join(channels)}")
    outcome = asyncio.run(_try(channels[name]))
    if outcome.verdict is not Verdict.DELIVERED:
        raise InputProblem(f"{name} did not take the test message: {outcome.verdict}, {outcome.reason}")
    click.echo(f"{name} took the test message")
    return 0


async def _try(channel: Channel) -> Outcome:
    try:
        return await channel.test(time.time())
    finally:
        await channel.close()
