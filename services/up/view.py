"""What `parley up` shows: a live view in a terminal, plain lines elsewhere; only draws what Progress holds."""

from datetime import datetime
from typing import Any

from rich.bar import Bar
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from services.up.progress import Progress

COLOURS = {"favor": "green", "mixed": "yellow", "against": "red", "unknown": "bright_black"}
STATUS_COLOURS = {"pending": "yellow", "confirmed": "bold white", "retracted": "magenta", "closed": "bright_black"}


def summary(progress: Progress) -> str:
    """One line: how much has flowed through each step."""
    live = progress.total("ingest", "parley_feeds", state="live")
    failing = progress.total("ingest", "parley_feeds", state="failing")
    # The canary is no news, and reaches nobody.
    articles = progress.total("ingest", "parley_articles_in_total")
    articles -= progress.total("ingest", "parley_articles_in_total", kind="canary")
    delivered = progress.total("notify", "parley_deliveries_total", outcome="delivered")
    delivered -= progress.total("notify", "parley_deliveries_total", outcome="delivered", sink="canary")
    parts = [
        f"feeds {live}" + (f" (+{failing} failing)" if failing else ""),
        f"articles {articles}",
        f"off topic {progress.total('ingest', 'parley_articles_dropped_total')}",
        f"readings {progress.total('stream', 'parley_readings_total')}",
        f"positions {progress.known}",
        f"alerts {progress.total('stream', 'parley_alerts_total', kind='shift')}",
        f"delivered {delivered}",
    ]
    dead = sum(progress.total(process, "parley_dead_letters_total") for process in progress.samples)
    if dead:
        parts.append(f"dead letters {dead}")
    if progress.total("notify", "parley_notify_held"):
        parts.append("HELD: nothing goes out until `parley notify --release`")
    return " · ".join(parts)


def draw(progress: Progress, note: str, rows: int) -> RenderableType:
    """Return the whole view for a terminal of that many rows."""
    head = Text(summary(progress))
    if progress.clock:
        state = "ended; Ctrl-C to leave" if progress.timeline_done else "running"
        head.append(f"\nsample timeline {progress.clock:%d %B %Y %H:%M} UTC ({state})", style="cyan")
    if progress.desk:
        head.append("\ndesk ").append(progress.desk, style="bold underline")
    if note:
        head.append(f"\n{note}", style="bright_black")
    half = max(4, (rows - 13) // 2)
    return Group(
        Panel(head, title="Parley", border_style="blue"),
        Panel(_positions(progress, half), title="Positions", border_style="blue"),
        Panel(_alerts(progress, half), title="Alerts, newest first", border_style="blue"),
    )


def _positions(progress: Progress, most: int) -> RenderableType:
    readings = progress.readings()
    table = Table(box=None, expand=True, pad_edge=False)
    table.add_column("actor", no_wrap=True)
    table.add_column("stance", no_wrap=True)
    table.add_column("against", justify="right", ratio=1)
    table.add_column("favor", ratio=1)
    table.add_column("readings", justify="right")
    # Known positions first: an actor of whom little is known is no news, however much it is read.
    ranked = sorted(
        progress.positions.items(),
        key=lambda item: (item[1].get("unknown", 0.0), -readings.get(item[0], 0), item[0]),
    )
    for actor, chances in ranked[:most]:
        stance = max(chances, key=lambda name: chances[name])
        against, favor = chances.get("against", 0.0), chances.get("favor", 0.0)
        table.add_row(
            actor,
            Text(stance, style=COLOURS[stance]),
            Bar(1.0, 1.0 - against, 1.0, color=COLOURS["against"]),
            Bar(1.0, 0.0, favor, color=COLOURS["favor"]),
            str(readings.get(actor, 0)),
        )
    return (
        table if ranked else Text("none yet: a position needs five independent events from two outlets", "bright_black")
    )


def _alerts(progress: Progress, most: int) -> RenderableType:
    table = Table(box=None, expand=True, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    for alert in list(progress.alerts)[:most]:
        table.add_row(
            f"{_day(alert['at'])}", Text(alert["status"], STATUS_COLOURS[alert["status"]]), _alert_line(alert)
        )
    return table if progress.alerts else Text("none yet", "bright_black")


def _alert_line(alert: dict[str, Any]) -> Text:
    who = alert["actor"] + (f" / {alert['speaker']}" if alert.get("speaker") else "")
    before, after = alert["before"], alert["after"]
    line = Text.assemble((who, "bold"), " ", (before, COLOURS[before]), " → ", (after, COLOURS[after]))
    line.append(f"  since {_day(alert['since'])}  p={alert['probability']:.2f}")
    if alert.get("kind") == "first-position":
        line.append("  (first position)", "bright_black")
    elif alert.get("evidence"):
        line.append(f"  “{alert['evidence'][0]['quote']}”", "bright_black")
    return line


def _day(time: str) -> str:
    return f"{datetime.fromisoformat(time):%d %b %Y}"
