"""Events older than a month -> one row per key and day that still counts the same; never a bound on how many.

A frozen report keeps what it counts, its outlet, and the ids of the articles it stands for, so that one that is
withdrawn later still leaves: copies share a report, which goes when the last of them does.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from streams.dossiers.emissions import Triple
from streams.dossiers.events import Event
from streams.dossiers.reports import Item, Report

# Seconds that one event can last, with a day to spare.
LONGEST = 4 * 86_400.0


class FrozenReport(Struct, frozen=True):
    """A report and its copies, each an article's id and revision, the report's own first.

    `evidence` is the mean log-likelihood of its statements by state, `weight` what they count together.
    """

    time: float
    fetched: float
    outlet: str
    articles: tuple[tuple[str, int], ...]
    weight: float
    evidence: Triple
    named: bool


# The events of one day, each as its reports.
FrozenDay = tuple[tuple[FrozenReport, ...], ...]


def day_of(event: Event) -> str:
    """Return the day, in UTC, on which the event started."""
    return day_at(event.start)


def day_at(seconds: float) -> str:
    """Return the day, in UTC, of a time in seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def freeze_report(lead: Report, copies: set[Report]) -> FrozenReport:
    """Return the report with its copies, its statements summed up."""
    weight, evidence = lead.sum_up()
    own = lead.order[1:]
    return FrozenReport(
        time=lead.time,
        fetched=max(report.fetched for report in copies),
        outlet=lead.outlet,
        articles=(own, *sorted({copy.order[1:] for copy in copies} - {own})),
        weight=weight,
        evidence=evidence,
        named=any(item.named for item in lead.items.values()),
    )


@dataclass(slots=True)
class Archive:
    """The frozen days of one key, as rows and as the events that they hold."""

    rows: dict[str, FrozenDay] = field(default_factory=dict)
    _sorted: list[str] = field(default_factory=list)
    _events: dict[str, list[Event]] = field(default_factory=dict)
    # The days on which an article is counted, and its highest revision there.
    _days: dict[str, dict[str, int]] = field(default_factory=dict)

    def put(self, day: str, row: FrozenDay, rho: float) -> None:
        """Set a day's row; an empty one is no row."""
        if day in self.rows:
            del self._sorted[bisect_left(self._sorted, day)]
        for article, _ in _articles(self.rows.pop(day, ())):
            days = self._days.get(article, {})
            days.pop(day, None)
            if not days:
                self._days.pop(article, None)
        self._events.pop(day, None)
        if not row:
            return
        self.rows[day] = row
        insort(self._sorted, day)
        self._events[day] = [_thaw(reports, rho) for reports in row]
        for article, revision in _articles(row):
            days = self._days.setdefault(article, {})
            days[day] = max(revision, days.get(day, revision))

    def articles(self, day: str | None = None) -> set[str]:
        """Return the articles that a day counts, or any day."""
        return set(self._days) if day is None else {article for article, _ in _articles(self.rows.get(day, ()))}

    def holds(self, article: str, revision: int) -> bool:
        """Whether a frozen report stands for that revision of the article, or for a later one."""
        return any(revision <= frozen for frozen in self._days.get(article, {}).values())

    def without(self, article: str, revision: int) -> dict[str, FrozenDay]:
        """Return the rows that change when revisions of the article below `revision` are withdrawn."""
        changed = {}
        for day in sorted(self._days.get(article, ())):
            row = tuple(left for reports in self.rows[day] if (left := _left(reports, article, revision)))
            if row != self.rows[day]:
                changed[day] = row
        return changed

    def counts(self, article: str) -> bool:
        """Whether any day counts the article."""
        return article in self._days

    def of(self, day: str) -> list[Event]:
        """Return the day's events."""
        return self._events.get(day, [])

    def events(self, earliest: float) -> Iterator[Event]:
        """Yield the frozen events of the days from `earliest` on, and some before."""
        # An event that lost its first report to a withdrawal keeps its day's row, and starts up to 72 hours later.
        first = day_at(max(earliest - LONGEST, 0.0))
        for day in self._sorted[bisect_left(self._sorted, first) :]:
            yield from self._events[day]


def _articles(row: FrozenDay) -> Iterator[tuple[str, int]]:
    for reports in row:
        for report in reports:
            yield from report.articles


def _left(reports: tuple[FrozenReport, ...], article: str, revision: int) -> tuple[FrozenReport, ...]:
    left = []
    for report in reports:
        kept = tuple(a for a in report.articles if a[0] != article or a[1] >= revision)
        if kept:
            left.append(replace(report, articles=kept))
    return tuple(left)


def _thaw(reports: tuple[FrozenReport, ...], rho: float) -> Event:
    event = Event(frozen=True)
    for report in reports:
        order = (report.time, *report.articles[0])
        item = Item("", report.weight, report.evidence, report.named)
        event.leads.append(Report(order, report.outlet, None, frozenset(), report.fetched, {"": item}))
    event.leads.sort(key=lambda report: report.order)
    event.weigh(rho)
    return event
