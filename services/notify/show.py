"""The ledger -> what was told, kept back and given up, as lines or JSON lines on standard output; changes nothing."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import click
import msgspec

from services.notify.account import OUTCOMES, explain, read_account
from services.notify.hold import read_hold
from services.notify.ledger import Ledger
from services.notify.moments import at, read_moment
from services.notify.parked import list_parked
from services.notify.render.wording import clean, headline
from services.notify.run import read_names
from services.notify.silences import count_silenced, read_silences
from services.notify.taste import Silence


def list_silences(ledger: Ledger, now: float, as_json: bool) -> None:
    """Print the silences in force, and how many states each has kept back."""
    for silence in read_silences(ledger, now):
        kept = count_silenced(ledger, silence.number)
        if as_json:
            row = silence._asdict() | {"until": at(silence.until), "made": at(silence.made), "kept_back": kept}
            click.echo(msgspec.json.encode(row).decode())
        else:
            click.echo(f"{describe_silence(silence)} · {kept} states kept back")


def describe_silence(silence: Silence) -> str:
    """A silence in words."""
    what = f"{silence.kind or 'all alerts'} of {silence.actor or 'all actors'}"
    where = f" to {silence.sink}" if silence.sink else ""
    why = f" · {silence.why}" if silence.why else ""
    return f"silence {silence.number} · {what}{where} · until {at(silence.until):%Y-%m-%d %H:%M} UTC{why}"


def show_log(ledger: Ledger, details: Mapping[str, Any], now: float, as_json: bool) -> None:
    """Print who was told what since `since`, at `sink` where one is named, and why something was not told."""
    names = read_names()
    counts: Counter[str] = Counter()
    for entry in read_account(ledger, read_moment(details["since"], now, -1, "--since"), details["sink"]):
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


def list_given_up(ledger: Ledger, as_json: bool) -> None:
    """Print the deliveries that were given up."""
    for one in list_parked(ledger):
        if as_json:
            click.echo(msgspec.json.encode(one).decode())
        else:
            click.echo(
                f"{one.alert}.{one.revision} {one.status} · {one.sink} · {one.reason} · "
                f"{one.attempts} attempts · parked {one.since:%Y-%m-%d %H:%M} UTC"
            )
