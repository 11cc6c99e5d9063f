"""The readings of one key, as they come and go -> its events and the filter over them; the same for any order.

Everything here can be rebuilt from the rows; it is kept so that a reading costs what it changes and not the whole
history. `tests/streams/test_dossiers.py` holds it to what a rebuild from scratch gives.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from streams.dossiers.copies import Copies
from streams.dossiers.emissions import Weighing, is_evidence, is_first_hand
from streams.dossiers.events import Event
from streams.dossiers.filter import Filter
from streams.dossiers.forgetting import Past
from streams.dossiers.freezing import Archive, FrozenDay
from streams.dossiers.passages import Node
from streams.dossiers.reports import Item, Order, Report, make_report
from streams.dossiers.timeline import Timeline
from streams.records import Reading
from streams.shift_settings import ShiftSettings


@dataclass(slots=True)
class Dossier:
    """All evidence of one key. Read what is of its events only after `refresh`."""

    settings: ShiftSettings
    emissions: Weighing
    archive: Archive = field(default_factory=Archive)
    # What stands for the days that are forgotten; then it holds the first place among `events` and `nodes`.
    past: Past | None = None
    _reports: dict[Order, Report] = field(default_factory=dict)
    _articles: dict[str, set[Report]] = field(default_factory=dict)
    _copies: Copies = field(init=False)
    _timeline: Timeline = field(init=False)
    _filter: Filter = field(init=False)

    def __post_init__(self) -> None:
        self._copies = Copies(self.settings)
        self._timeline = Timeline(self.settings)
        self._filter = Filter(self.settings)

    @property
    def events(self) -> list[Event]:
        """The occasions on which something was said, in order."""
        return self._timeline.events

    @property
    def nodes(self) -> list[Node]:
        """The filter after each of the events."""
        return self._filter.nodes

    @property
    def known(self) -> int | None:
        """Index of the first event at which there was evidence enough to know a position, or None."""
        return self._filter.known

    @property
    def leads(self) -> list[Report]:
        """The reports that are kept verbatim and are no copies, in order."""
        return self._timeline.leads

    @property
    def is_spent(self) -> bool:
        """Whether all that is left stands for forgotten days that never made the position known."""
        return self.past is not None and not self.past.known and not self._reports and not self.archive.rows

    @property
    def latest(self) -> float:
        """The time of the newest report that counts, 0.0 where there is none."""
        # An event reports for 72 hours at most, in which seven others can have started.
        return max((event.latest for event in self.events[-8:]), default=0.0)

    def since(self, time: float) -> tuple[float, AbstractSet[str]]:
        """Return the effective number of events from `time` on, and their outlets.

        The outlets are a view, good until the next question.
        """
        return self._filter.since(time)

    def entered(self, state: int) -> float:
        """Return when the present stay in the state began, had it begun at all."""
        index = self.nodes[-1].since[state]
        return self.past.since[state] if self.past is not None and index == 0 else self.events[index].start

    def copies_of(self, lead: Report) -> set[Report]:
        """Return the report with those that it stands for."""
        return self._copies.of(lead)

    def covers(self, reading: Reading) -> bool:
        """Whether a frozen day stands for the reading, or it is older than what is remembered."""
        forgotten = self.past is not None and reading.time.timestamp() <= self.past.time
        return forgotten or self.archive.holds(reading.article, reading.revision)

    def add(self, reading: Reading) -> None:
        """Take in a reading; the same one again, or a newer version of it, takes its own place."""
        if not is_evidence(reading) or self.covers(reading):
            return
        weight = self.settings.unnamed_weight if reading.capacity == "unnamed" else 1.0
        item = Item(reading.id, weight, self.emissions.weigh(reading), is_first_hand(reading))
        candidate = make_report(reading)
        report = self._reports.get(candidate.order)
        if report is None:
            candidate.items[item.reading] = item
            self._reports[candidate.order] = candidate
            self._articles.setdefault(reading.article, set()).add(candidate)
            self._timeline.exchange(*self._copies.add(candidate))
        elif report.items.get(item.reading) != item:
            report.items[item.reading] = item
            self._timeline.reweigh(report)

    def withdraw(self, article: str, revision: int) -> bool:
        """Let go of the article's reports below `revision`; returns whether there were any."""
        gone = {report for report in self._articles.get(article, ()) if report.order[2] < revision}
        self._drop(gone)
        return bool(gone)

    def forget(self, reading: str, order: Order) -> None:
        """Let go of one reading."""
        report = self._reports.get(order)
        if report is not None and report.items.pop(reading, None) is not None:
            if report.items:
                self._timeline.reweigh(report)
            else:
                self._drop({report})

    def refresh(self) -> None:
        """Bring the events and the filter over them up to date."""
        self._timeline.gather_again(self.archive, self.past)
        first = self._timeline.first_changed
        if first is not None:
            self._filter.run_again(self.events, first, self.past)
        self._timeline.settle()

    def put_past(self, past: Past) -> None:
        """Let it stand for all days up to its own; an older one than is here changes nothing."""
        if self.past is not None and past.day <= self.past.day:
            return
        self.past = past
        for day in [day for day in self.archive.rows if day <= past.day]:
            self.archive.put(day, (), self.settings.rho)
        self._drop({report for report in self._reports.values() if report.time <= past.time})
        self._timeline.gather_from(float("-inf"))

    def put_day(self, day: str, row: FrozenDay) -> None:
        """Set a frozen day, and let go of the reports that it stands for."""
        if self.past is not None and day <= self.past.day:
            return
        before = self.archive.rows.get(day, ())
        self.archive.put(day, row, self.settings.rho)
        named = {article for event in row for report in event for article, _ in report.articles}
        reports = {report for article in named for report in self._articles.get(article, ())}
        gone = {report for report in reports if self.archive.holds(*report.order[1:])}
        if row[: len(before)] == before and self._freeze_in_place(self.archive.of(day)[len(before) :], gone):
            return
        self._drop(gone)
        times = [report.time for days in (row, before) for event in days for report in event]
        if times:
            self._timeline.gather_from(min(times))

    def _freeze_in_place(self, frozen: Sequence[Event], gone: set[Report]) -> bool:
        """Put frozen events where the same ones stand that are not; returns whether that was all there was to do."""
        leads = self._timeline.replaced_by(frozen)
        if leads is None or set().union(*(self._copies.of(lead) for lead in leads)) != gone:
            return False
        self._copies.remove(gone)
        self._timeline.replace(frozen)
        self._forget_reports(gone)
        return True

    def _drop(self, gone: set[Report]) -> None:
        if not gone:
            return
        self._timeline.exchange(*self._copies.remove(gone))
        self._forget_reports(gone)

    def _forget_reports(self, gone: set[Report]) -> None:
        for report in gone:
            del self._reports[report.order]
            siblings = self._articles[report.order[1]]
            siblings.discard(report)
            if not siblings:
                del self._articles[report.order[1]]
