"""The archive through the stream's code -> its alerts beside the reference, exposure and exact intervals.

    make backtest

Exposure counts an actor's days on which the 90 days before held ten effective events: on fewer nobody could tell a
shift from a wobble. Alerts before 2026 come from the time on which settings may be tuned, those after it do not. That
part had been replayed before the reference was written, and no setting was changed for it.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from scipy.stats import chi2

from ops.backtest.archive import ARCHIVE, load_reader, read_articles
from ops.backtest.control import permuted_alarms
from ops.backtest.reference import REFERENCE, Reference
from services.replay import Replay
from streams.dossiers.dossier import Dossier
from streams.dossiers.emissions import is_evidence, make_emissions, position_key
from streams.memory import Memory
from streams.records import Reading, ShiftAlert
from streams.shift_settings import DAY, ShiftSettings

TUNED_UNTIL = datetime(2026, 1, 1, tzinfo=UTC)
ENOUGH = 10.0
YEAR = 365.25


def replay(path: Path) -> tuple[list[Reading], list[ShiftAlert]]:
    """Return all readings of the archive and all states of its alerts, in order."""
    memory, readings, alerts = Memory(ShiftSettings()), list[Reading](), list[ShiftAlert]()
    for turn in Replay(memory, load_reader()).follow(read_articles(path)):
        readings += turn.readings
        alerts += chain.from_iterable(outcome.alerts for outcome in turn.outcomes)
    return readings, alerts


def dossiers_of(readings: Iterable[Reading]) -> dict[str, Dossier]:
    """Return the evidence of each position, nothing of it frozen."""
    settings, found = ShiftSettings(), dict[str, Dossier]()
    for reading in filter(is_evidence, readings):
        key = position_key(reading)
        found.setdefault(key, Dossier(settings, make_emissions(settings))).add(reading)
    for dossier in found.values():
        dossier.refresh()
    return found


def exposed_days(dossier: Dossier, since: datetime, until: datetime) -> int:
    """Return on how many days from `since` to `until` the 90 days before held enough events."""
    days, day = 0, since.timestamp()
    while day < until.timestamp():
        held = sum(event.count for event in dossier.events if day - 90 * DAY <= event.start < day)
        days += held >= ENOUGH - 1e-9
        day += DAY
    return days


def interval(alarms: int, years: float, sure: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a Poisson rate per year (Garwood 1936)."""
    if years <= 0:
        return 0.0, float("inf")
    low = chi2.ppf((1 - sure) / 2, 2 * alarms) / 2 if alarms else 0.0
    return float(low) / years, float(chi2.ppf((1 + sure) / 2, 2 * alarms + 2)) / 2 / years


def confirmed(alerts: Iterable[ShiftAlert]) -> list[ShiftAlert]:
    """Return the shifts of positions that were confirmed."""
    return [alert for alert in alerts if alert.kind == "shift" and alert.status == "confirmed"]


def name_of(alert: ShiftAlert) -> str:
    return f"{alert.actor}/{alert.speaker}" if alert.speaker else alert.actor


def report(readings: Sequence[Reading], alerts: Sequence[ShiftAlert], reference: Reference) -> Iterator[str]:
    """Yield the lines of the report."""
    evidence = [reading for reading in readings if is_evidence(reading)]
    first, last = min(r.time for r in readings), max(r.time for r in readings)
    yield f"{len(readings):,} readings, {len(evidence):,} of them evidence, {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    kinds = Counter((alert.kind, alert.status) for alert in alerts)
    yield "alert states: " + ", ".join(f"{count} {kind} {status}" for (kind, status), count in sorted(kinds.items()))
    found = dossiers_of(readings)
    for name, since, until in (("tuned on", first, TUNED_UNTIL), ("tested on", TUNED_UNTIL, last)):
        days = {key: exposed_days(dossier, since, until) for key, dossier in found.items()}
        years = sum(days.values()) / YEAR
        counted = [
            alert for alert in confirmed(alerts) if since <= alert.at < until and days.get(name_of(alert), 0) > 0
        ]
        low, high = interval(len(counted), years)
        who = ", ".join(f"{key} {count}" for key, count in sorted(days.items()) if count)
        yield f"{name} ({since:%Y-%m-%d} to {until:%Y-%m-%d}): {years:.2f} actor-years exposed (days: {who or 'none'})"
        yield f"  confirmed shifts of exposed actors: {len(counted)}; {low:.2f} to {high:.2f} a year (95 %, exact)"
    yield "every shift alert, and what the reference says of its day:"
    for alert in alerts:
        if alert.kind == "shift":
            yield (
                f"  {alert.at:%Y-%m-%d} {name_of(alert)} {alert.before} -> {alert.after} {alert.status}"
                f" at {alert.probability:.2f}: {reference.verdict(alert)}"
            )
    yield from reference.missed(confirmed(alerts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, default=ARCHIVE)
    parser.add_argument("--permutations", type=int, default=50)
    options = parser.parse_args()
    if not options.archive.exists():
        sys.exit(f"backtest: {options.archive} is not there; name the archive with --archive FILE")
    reference = Reference.read(REFERENCE)
    readings, alerts = replay(options.archive)
    for line in report(readings, alerts, reference):
        sys.stdout.write(line + "\n")
    control = permuted_alarms(readings, reference, options.permutations)
    low, high = interval(control.alarms, control.years)
    rate = control.alarms / control.years if control.years else 0.0
    sys.stdout.write(
        f"control: events of steady stretches in {options.permutations} random orders: {control.alarms} confirmed"
        f" shifts in\n  {control.years:.1f} actor-years, {rate:.2f} a year ({low:.2f} to {high:.2f} were the years"
        " independent; they share their events)\n"
    )


if __name__ == "__main__":
    main()
