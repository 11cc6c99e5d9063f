"""What is remembered, and the moment -> the rows that freeze, forget or delete what need not be kept; puts none."""

from datetime import datetime, timedelta

from streams.dossiers.dossier import Dossier
from streams.dossiers.forgetting import Past, make_past
from streams.dossiers.freezing import FrozenDay, day_at, day_of, freeze_report
from streams.memory import Memory
from streams.rows import Row, day_row, past_row
from streams.shift_settings import DAY


def retire(memory: Memory, now: datetime) -> list[Row]:
    """Return the rows that are due, in the order in which they are to be put."""
    edge = now - timedelta(days=memory.settings.exact_days)
    rows = _leavings(memory, edge)
    for key, dossier in sorted(memory.evidence.dossiers.items()):
        days, readings = freeze(dossier, now.timestamp())
        # The day comes before the deletions, so that a crash in between leaves evidence twice rather than not at all;
        # a reading that a day stands for is not counted beside it.
        rows += [day_row(key, day, row) for day, row in days.items()]
        rows += [Row(f"reading {reading} {key}", None) for reading in readings]
        past = forget_days(dossier, now.timestamp(), memory.life(key).since)
        if past is not None:
            rows.append(past_row(key, past))
            rows += [Row(f"day {day} {key}", None) for day in sorted(dossier.archive.rows) if day <= past.day]
        elif dossier.is_spent and key not in memory.lives:
            # Most who are quoted are quoted once: without this each would be kept for good, and looked at every day.
            rows += [Row(f"past {day} {key}", None) for day in sorted(memory.evidence.pasts.get(key, ()))]
    return rows


def _leavings(memory: Memory, time: datetime) -> list[Row]:
    """Return the deletions of what has no use any more: withdrawals older than `time`, after the readings that they
    withdrew, and readings that a frozen day stands for."""
    evidence = memory.evidence
    rows = [Row(f"reading {reading} {key}", None) for key, reading in sorted(evidence.superseded)]
    for (to, actor), told in sorted(memory.stands.items()):
        rows += [Row(f"stand {at} {to} {actor}", None) for at in sorted(told)[:-1]]
    for key, days in sorted(evidence.pasts.items()):
        past = evidence.dossier(key).past
        rows += [Row(f"past {day} {key}", None) for day in sorted(days) if past is not None and day < past.day]
    for key, reading in sorted(evidence.uncounted()):
        record = evidence.reading(key, reading)
        if record is not None and record.time < time:
            rows.append(Row(f"reading {reading} {key}", None))
    for article, revisions in evidence.withdrawals.items():
        old = [revision for revision, at in revisions.items() if at < time]
        for key, reading in evidence.places_of(article) if old else ():
            record = evidence.reading(key, reading)
            if record is not None and record.revision < max(old):
                rows.append(Row(f"reading {reading} {key}", None))
        rows += [Row(f"withdrawn {revision} {article}", None) for revision in old]
    return rows


def freeze(dossier: Dossier, now: float) -> tuple[dict[str, FrozenDay], list[str]]:
    """Return the day rows for what need not be kept verbatim any longer, and the readings that they replace.

    Changes nothing that counts: put the rows with `put_day`, and forget the readings.
    """
    dossier.refresh()
    settings = dossier.settings
    exact, quotable = now - settings.exact_days * DAY, now - settings.quotable_days * DAY
    if len(dossier.leads) > settings.quotable_reports:
        quotable = max(quotable, dossier.leads[-settings.quotable_reports].time)
    days: dict[str, FrozenDay] = {}
    gone: list[str] = []
    for event in dossier.events:
        if event.start >= min(exact, quotable):
            break
        copies = [dossier.copies_of(report) for report in event.leads] if not event.frozen else []
        if not copies or any(max(c.time, c.fetched) >= exact for members in copies for c in members):
            continue
        day = day_of(event)
        row = tuple(freeze_report(lead, members) for lead, members in zip(event.leads, copies, strict=True))
        days[day] = (*days.get(day, dossier.archive.rows.get(day, ())), row)
        gone += sorted(reading for members in copies for report in members for reading in report.items)
    return days, gone


def forget_days(dossier: Dossier, now: float, position_since: float = 0.0) -> Past | None:
    """Return what is to stand for the days that need not be remembered; None where there are too few to matter.

    Changes nothing that counts: put it with `put_past`, and delete the rows of the days up to its own.
    """
    dossier.refresh()
    settings, events, nodes, past = dossier.settings, dossier.events, dossier.nodes, dossier.past
    edge = day_at(now - settings.remembered_days * DAY)
    oldest = min(dossier.archive.rows, default=edge)
    if oldest >= day_at(now - (settings.remembered_days + settings.forgetting_days) * DAY):
        return None
    last = -1
    for index, event in enumerate(events):
        if not event.frozen or day_of(event) >= edge:
            break
        last = index
    if last < (0 if past is None else 1):
        return None
    since = [past.since[s] if past is not None and i == 0 else events[i].start for s, i in enumerate(nodes[last].since)]
    latest = max(event.latest for event in events[: last + 1][-8:])
    return make_past(
        day_of(events[last]), nodes[: last + 1], position_since, (since[0], since[1], since[2]), latest,
        dossier.known is not None,
    )  # fmt: skip
