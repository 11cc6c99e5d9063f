"""The archive's alerts, among as many windows without one -> a packet to judge blind, and the judgements -> precision.

    .venv/bin/python -m ops.backtest.packet build packet.json key.json
    .venv/bin/python -m ops.backtest.packet score judged.json key.json

A window is what the archive says of one actor in the 30 days before a day and the 30 after it, dated only by the
distance from that day. Who judges writes toward, away, none or cannot tell (of a negotiated settlement) as each
window's `verdict` without seeing the key. Both files hold headlines of the archive or point to them: keep them out of
the repository.

Hidden are: the key, the date, the order, what the reader made of the headlines, and which way an alert went. The calm
windows have about as much news as the alerts', a headline on the day itself, and overlap where those do, so that
neither number nor repetition gives an alert away. Not hidden: the actor (a stance is somebody's), that half of the
windows are alerts, and what a judge remembers of the news, since headlines name people and events; who wrote the
reference or has seen the alerts is not blind at all. With two alerts the packet proves little whoever judges.
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
# Days that are looked at for one with as much news as the alert's.
TRIED = 40
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


def pick(alerts: Sequence[ShiftAlert], articles: Sequence[tuple[Article, set[str]]], rng: random.Random) -> list[dict]:  # type: ignore[type-arg]
    """Return the windows with their answers: each alert, and for each a day of the same actor far from any alert."""
    windows: list[tuple[str, datetime, str]] = []
    for cluster in clusters(alerts):
        windows += [(alert.actor, alert.at, direction(alert)) for alert in cluster]
        windows += [(cluster[0].actor, day, "no alert") for day in calm_days(cluster, alerts, articles, rng)]
    rng.shuffle(windows)
    return [
        {"actor": actor, "headlines": window(articles, actor, day), "answer": answer, "day": day.isoformat()}
        for actor, day, answer in windows
    ]


def clusters(alerts: Iterable[ShiftAlert]) -> list[list[ShiftAlert]]:
    """Return the alerts, those of one actor together whose windows overlap."""
    found: list[list[ShiftAlert]] = []
    for alert in sorted(alerts, key=lambda alert: (alert.actor, alert.at)):
        last = found[-1][-1] if found else None
        if last is not None and last.actor == alert.actor and alert.at - last.at <= 2 * AROUND:
            found[-1].append(alert)
        else:
            found.append([alert])
    return found


def calm_days(
    cluster: Sequence[ShiftAlert], alerts: Sequence[ShiftAlert], articles: Sequence[tuple[Article, set[str]]],
    rng: random.Random,
) -> list[datetime]:  # fmt: skip
    """Return as many days as the cluster has alerts, as far apart, with about as much news around the first.

    Each is the day of a headline on the actor, as an alert's is, and far from all of its alerts.
    """
    actor, first = cluster[0].actor, cluster[0].at
    own = [alert.at for alert in alerts if alert.actor == actor]
    free = [
        article.published
        for article, named in articles
        if actor in named and all(abs(article.published - at) > 2 * AROUND for at in own)
    ]
    if not free:
        sys.exit(f"packet: no headline on {actor} is {2 * AROUND.days} days from all of its alerts")
    wanted = len(window(articles, actor, first))
    tried = [rng.choice(free) for _ in range(TRIED)]
    start = min(tried, key=lambda day: abs(len(window(articles, actor, day)) - wanted))
    return [min(free, key=lambda day: abs(day - (start + (alert.at - first)))) for alert in cluster]


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
