"""The archive's alerts, among as many windows without one -> a packet to judge blind, and the judgements -> precision.

    .venv/bin/python -m ops.backtest.packet build packet.json key.json
    .venv/bin/python -m ops.backtest.packet score judged.json key.json

A window is what the archive says of one actor in the 30 days before a day and the 30 after it, dated only by the
distance from that day. Who judges writes toward, away, none or cannot tell (of a negotiated settlement) as each
window's `verdict` without seeing the key. Both files hold headlines of the archive or point to them: keep them out of
the repository.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from ops.backtest.archive import ARCHIVE, read_articles
from ops.backtest.run import confirmed, replay
from streams.catalogue import read_catalogue
from streams.records import Article, ShiftAlert

AROUND = timedelta(days=30)
VERDICTS = ("toward", "away", "none", "cannot tell")
ORDER = ("against", "mixed", "favor")


def direction(alert: ShiftAlert) -> str:
    """Return where the alert says that the actor moved."""
    return "toward" if ORDER.index(alert.after) > ORDER.index(alert.before) else "away"


def window(articles: Sequence[tuple[Article, set[str]]], actor: str, day: datetime) -> list[str]:
    """Return the headlines that name the actor, each with its distance from the day."""
    return [
        f"{(article.published - day).days:+d}  {article.title} ({article.outlet})"
        for article, named in articles
        if actor in named and abs(article.published - day) <= AROUND
    ]


def pick(alerts: Iterable[ShiftAlert], articles: Sequence[tuple[Article, set[str]]], rng: random.Random) -> list[dict]:  # type: ignore[type-arg]
    """Return the windows with their answers: each alert, and for each a day of the same actor far from any alert."""
    windows, alerts = [], list(alerts)
    for alert in alerts:
        windows.append((alert.actor, alert.at, direction(alert)))
        own = [other.at for other in alerts if other.actor == alert.actor]
        free = [
            article.published
            for article, named in articles
            if alert.actor in named and all(abs(article.published - at) > 2 * AROUND for at in own)
        ]
        windows.append((alert.actor, rng.choice(free), "no alert"))
    rng.shuffle(windows)
    return [
        {"actor": actor, "headlines": window(articles, actor, day), "answer": answer, "day": day.isoformat()}
        for actor, day, answer in windows
    ]


def build(archive: Path, packet: Path, key: Path, seed: int) -> None:
    """Write the packet and its key."""
    catalogue = read_catalogue()
    articles = [
        (article, {m.actor for m in catalogue.find_mentions(article.title, article.published.date()) if m.actor})
        for article in read_articles(archive)
    ]
    _, alerts = replay(archive)
    # What was pending and never confirmed was told to the desk as well.
    told = {alert.id: alert for alert in alerts if alert.kind == "shift" and alert.speaker is None}
    last = [alert for alert in told.values() if alert.status in {"pending", "closed"}] + confirmed(told.values())
    windows = pick(last, articles, random.Random(seed))
    shown = [{"actor": w["actor"], "headlines": w["headlines"], "verdict": ""} for w in windows]
    packet.write_text(json.dumps(shown, indent=1))
    key.write_text(json.dumps([{"answer": w["answer"], "day": w["day"]} for w in windows], indent=1))


def score(judged: Path, key: Path) -> str:
    """Return precision of the alerts, with "cannot tell" as wrong and as right, and what the other windows were."""
    verdicts = [window["verdict"] for window in json.loads(judged.read_text())]
    answers = [window["answer"] for window in json.loads(key.read_text())]
    if any(verdict not in VERDICTS for verdict in verdicts) or len(verdicts) != len(answers):
        sys.exit(f"packet: every window needs a verdict, one of {', '.join(VERDICTS)}")
    alerts = [(v, a) for v, a in zip(verdicts, answers, strict=True) if a != "no alert"]
    calm = [v for v, a in zip(verdicts, answers, strict=True) if a == "no alert"]
    right, open_ = sum(v == a for v, a in alerts), sum(v == "cannot tell" for v, _ in alerts)
    return (
        f"{len(alerts)} alerts: {right} right, {open_} cannot tell; precision {right}/{len(alerts)} with those wrong,"
        f" {right + open_}/{len(alerts)} with those right\n"
        f"{len(calm)} windows without an alert: {', '.join(calm)}\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("build", "score"))
    parser.add_argument("packet", type=Path)
    parser.add_argument("key", type=Path)
    parser.add_argument("--archive", type=Path, default=ARCHIVE)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    if options.what == "build":
        build(options.archive, options.packet, options.key, options.seed)
    else:
        sys.stdout.write(score(options.packet, options.key))


if __name__ == "__main__":
    main()
