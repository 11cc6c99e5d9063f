"""What `parley notify` does beside delivering: checks, tests, holds, silences and shows; each ends with its answer."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, get_args

import click
import msgspec

from services.durations import read_duration, show_duration
from services.errors import InputProblem, UsageProblem
from services.notify.account import OUTCOMES, explain, read_account
from services.notify.deliver.channel import Channel
from services.notify.hold import hold, read_hold, release
from services.notify.ledger import FILE, Ledger, open_beside
from services.notify.outcome import Outcome, Verdict
from services.notify.parked import list_parked, replay_parked
from services.notify.render.wording import clean, headline
from services.notify.routes import KINDS
from services.notify.run import read_names
from services.notify.silences import add_silence, count_silenced, end_silence, read_silences
from services.notify.sinks import check_routes, open_channels, place_of
from services.notify.taste import Rule, Silence
from services.settings import Settings
from streams.catalogue import read_catalogue
from streams.records import AlertStatus


def act(name: str, value: Any, settings: Settings, details: Mapping[str, Any], as_json: bool) -> int:
    """Do what the option `name` asks for; returns the exit code, raises ParleyError."""
    if name == "check":
        return check(settings)
    if name == "test":
        return test(str(value), settings)
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
                _list_silences(ledger, now, as_json)
            case "log":
                _show_log(ledger, details, now, as_json)
            case "parked":
                _list_parked(ledger, as_json)
            case "replay_parked":
                count = replay_parked(ledger, now)
                click.echo(f"{count} deliveries are due again; `parley notify` sends them, at once where it is running")
    finally:
        ledger.close()
    return 0


def check(settings: Settings) -> int:
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


def test(name: str, settings: Settings) -> int:
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


def _silence(ledger: Ledger, actor: str, details: Mapping[str, Any], now: float) -> None:
    known = read_catalogue().actors
    if actor != "all" and actor not in known:
        raise UsageProblem(f"--silence: no actor {clean(actor)}; write all, or an id of streams/actors.yaml")
    kind, sink = details["kind"] or "", details["sink"] or ""
    if kind and kind not in KINDS:
        raise UsageProblem(f"--kind: no kind {clean(kind)}; there are {', '.join(KINDS)}")
    if details["until"] is None:
        raise UsageProblem("--silence: say when it ends with --until (8h, 2d or 2026-11-23T08:00)")
    until = _moment(details["until"], now, 1, "--until")
    if until <= now:
        raise UsageProblem(f"--until {details['until']}: that is past")
    silence = add_silence(ledger, "" if actor == "all" else actor, kind, sink, until, clean(details["why"]), now)
    click.echo(_describe_silence(silence))


def _list_silences(ledger: Ledger, now: float, as_json: bool) -> None:
    for silence in read_silences(ledger, now):
        kept = count_silenced(ledger, silence.number)
        if as_json:
            row = silence._asdict() | {"until": _at(silence.until), "made": _at(silence.made), "kept_back": kept}
            click.echo(msgspec.json.encode(row).decode())
        else:
            click.echo(f"{_describe_silence(silence)} · {kept} states kept back")


def _describe_silence(silence: Silence) -> str:
    what = f"{silence.kind or 'all alerts'} of {silence.actor or 'all actors'}"
    where = f" to {silence.sink}" if silence.sink else ""
    why = f" · {silence.why}" if silence.why else ""
    return f"silence {silence.number} · {what}{where} · until {_at(silence.until):%Y-%m-%d %H:%M} UTC{why}"


def _show_log(ledger: Ledger, details: Mapping[str, Any], now: float, as_json: bool) -> None:
    names = read_names()
    counts: Counter[str] = Counter()
    for entry in read_account(ledger, _moment(details["since"], now, -1, "--since"), details["sink"]):
        counts[entry.outcome] += 1
        line = headline(entry.state, names) if entry.state is not None else f"{entry.status} (its text was dropped)"
        if as_json:
            state = entry.state
            row = {
                "at": entry.at, "sink": entry.sink, "outcome": entry.outcome, "alert": entry.alert,
                "revision": entry.revision, "status": entry.status, "headline": line, "digest": entry.digest,
                "attempts": entry.attempts, "reason": entry.reason, "kind": state and state.kind,
                "actor": state and state.actor, "speaker": state and state.speaker,
                "probability": state and state.probability,
            }  # fmt: skip
            click.echo(msgspec.json.encode(row).decode())
        else:
            click.echo(
                f"{entry.at:%Y-%m-%d %H:%M:%S} UTC · {entry.sink} · {explain(entry)} · {line} · "
                f"{clean(entry.alert)}.{entry.revision}"
            )
    held = read_hold(ledger)
    summary = ", ".join(f"{counts[outcome]} {words}" for outcome, words in OUTCOMES.items() if counts[outcome])
    click.echo((summary or "nothing since then") + (f"; {held}" if held else ""), err=True)


def _list_parked(ledger: Ledger, as_json: bool) -> None:
    for one in list_parked(ledger):
        if as_json:
            click.echo(msgspec.json.encode(one).decode())
        else:
            click.echo(
                f"{one.alert}.{one.revision} {one.status} · {one.sink} · {one.reason} · "
                f"{one.attempts} attempts · parked {one.since:%Y-%m-%d %H:%M} UTC"
            )


def _moment(text: str, now: float, direction: int, option: str) -> float:
    """A length of time from now on, or back from now, or a point in time (UTC where it names no zone)."""
    try:
        return now + direction * read_duration(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise UsageProblem(f"{option} {clean(text)}: write 8h, 2d or 2026-11-23T08:00") from None
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
