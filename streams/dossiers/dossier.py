"""The readings of one key, as they come and go -> its events and the filter over them; the same for any order.

Everything here can be rebuilt from the rows; it is kept so that a reading costs what it changes and not the whole
history. `tests/streams/test_dossiers.py` holds it to what a rebuild from scratch gives.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from streams.dossiers.copies import Copies
from streams.dossiers.emissions import Weighing, is_evidence, is_first_hand
from streams.dossiers.events import Event, claim, gather
from streams.dossiers.forgetting import Past, make_past
from streams.dossiers.freezing import Archive, FrozenDay, day_at, day_of, freeze_report
from streams.dossiers.passages import Node, passage_rate, step
from streams.dossiers.recent import Recent
from streams.dossiers.reports import Item, Order, Report, make_report
from streams.records import Reading
from streams.shift_settings import DAY, HOUR, ShiftSettings


def by_order(report: Report | Event) -> Order:
    """Reports and events stand in the order of their times; the article's id decides between equal ones."""
    return report.order


@dataclass(slots=True)
class Dossier:
    """All evidence of one key. Read `events` and `nodes` only after `refresh`."""

    settings: ShiftSettings
    emissions: Weighing
    events: list[Event] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    # Index of the first event at which there was evidence enough to know a position, or None.
    known: int | None = None
    archive: Archive = field(default_factory=Archive)
    # What stands for the days that are forgotten; then it holds the first place among `events` and `nodes`.
    past: Past | None = None
    _reports: dict[Order, Report] = field(default_factory=dict)
    _articles: dict[str, set[Report]] = field(default_factory=dict)
    _leads: list[Report] = field(default_factory=list)
    _event_of: dict[Report, Event] = field(default_factory=dict)
    _copies: Copies = field(init=False)
    _recent: Recent = field(default_factory=Recent)
    # Events from this time on must be gathered again; events from this order on must be filtered again.
    _regather: float | None = None
    _refilter: Order | None = None

    def __post_init__(self) -> None:
        self._copies = Copies(self.settings)

    @property
    def empty(self) -> bool:
        """Whether nothing is left to base a position on."""
        return not self._reports and not self.archive.rows and self.past is None

    @property
    def is_spent(self) -> bool:
        """Whether all that is left stands for forgotten days that never made the position known."""
        return self.past is not None and not self.past.known and not self._reports and not self.archive.rows

    @property
    def latest(self) -> float:
        """The time of the newest report that counts, 0.0 where there is none; to be read after `refresh`."""
        # An event reports for 72 hours at most, in which seven others can have started.
        return max((event.latest for event in self.events[-8:]), default=0.0)

    def since(self, time: float) -> tuple[float, AbstractSet[str]]:
        """Return the effective number of events from `time` on, and their outlets; to be read after `refresh`.

        The outlets are a view, good until the next question.
        """
        return self._recent.since(time)

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
            self._exchange(*self._copies.add(candidate))
        elif report.items.get(item.reading) != item:
            report.items[item.reading] = item
            self._reweigh(report)

    def covers(self, reading: Reading) -> bool:
        """Whether a frozen day stands for the reading, or it is older than what is remembered."""
        forgotten = self.past is not None and reading.time.timestamp() <= self.past.time
        return forgotten or self.archive.holds(reading.article, reading.revision)

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
                self._reweigh(report)
            else:
                self._drop({report})

    def refresh(self) -> None:
        """Bring `events`, `nodes` and `known` up to date."""
        if self._regather is not None:
            self._gather_again(self._regather)
        if self._refilter is not None:
            self._filter_again(bisect_left(self.events, self._refilter, key=by_order))
        self._regather = self._refilter = None

    def freeze(self, now: float) -> tuple[dict[str, FrozenDay], list[str]]:
        """Return the day rows for what need not be kept verbatim any longer, and the readings that they replace.

        Changes nothing: put the rows with `put_day`, and forget the readings.
        """
        self.refresh()
        exact, quotable = now - self.settings.exact_days * DAY, now - self.settings.quotable_days * DAY
        if len(self._leads) > self.settings.quotable_reports:
            quotable = max(quotable, self._leads[-self.settings.quotable_reports].time)
        days: dict[str, FrozenDay] = {}
        gone: list[str] = []
        for event in self.events:
            if event.start >= min(exact, quotable):
                break
            copies = [self._copies.of(report) for report in event.leads] if not event.frozen else []
            if not copies or any(max(c.time, c.fetched) >= exact for members in copies for c in members):
                continue
            day = day_of(event)
            row = tuple(freeze_report(lead, members) for lead, members in zip(event.leads, copies, strict=True))
            days[day] = (*days.get(day, self.archive.rows.get(day, ())), row)
            gone += sorted(reading for members in copies for report in members for reading in report.items)
        return days, gone

    def forget_days(self, now: float, position_since: float = 0.0) -> Past | None:
        """Return what is to stand for the days that need not be remembered; None where there are too few to matter.

        Changes nothing: put it with `put_past`, and delete the rows of the days up to its own.
        """
        self.refresh()
        edge = day_at(now - self.settings.remembered_days * DAY)
        oldest = min(self.archive.rows, default=edge)
        if oldest >= day_at(now - (self.settings.remembered_days + self.settings.forgetting_days) * DAY):
            return None
        last = -1
        for index, event in enumerate(self.events):
            if not event.frozen or day_of(event) >= edge:
                break
            last = index
        if last < (0 if self.past is None else 1):
            return None
        node = self.nodes[last]
        since = [self.past.since[s] if self.past is not None and i == 0 else self.events[i].start
                 for s, i in enumerate(node.since)]  # fmt: skip
        latest = max(event.latest for event in self.events[: last + 1][-8:])
        return make_past(
            day_of(self.events[last]), self.nodes[: last + 1], position_since, (since[0], since[1], since[2]), latest,
            self.known is not None,
        )  # fmt: skip

    def put_past(self, past: Past) -> None:
        """Let it stand for all days up to its own; an older one than is here changes nothing."""
        if self.past is not None and past.day <= self.past.day:
            return
        self.past = past
        for day in [day for day in self.archive.rows if day <= past.day]:
            self.archive.put(day, (), self.settings.rho)
        self._drop({report for report in self._reports.values() if report.time <= past.time})
        self._gather_from(float("-inf"))

    def entered(self, state: int) -> float:
        """Return when the present stay in the state began, had it begun at all; to be read after `refresh`."""
        index = self.nodes[-1].since[state]
        return self.past.since[state] if self.past is not None and index == 0 else self.events[index].start

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
            self._gather_from(min(times))

    # --- how changes reach the events -------------------------------------------------------------------------------

    def _drop(self, gone: set[Report]) -> None:
        if not gone:
            return
        self._exchange(*self._copies.remove(gone))
        self._forget_reports(gone)

    def _freeze_in_place(self, frozen: Sequence[Event], gone: set[Report]) -> bool:
        """Put frozen events where the same ones stand that are not; returns whether that was all there was to do.

        The other events stay as they are: each report was claimed by the first that could, or by the last, and is so
        still when an event between them claims no more. And nothing is filtered again, since they count the same.
        """
        if self._regather is not None:
            return False
        places = [bisect_left(self.events, event.order, key=by_order) for event in frozen]
        if any(place == len(self.events) for place in places):
            return False
        exact = [self.events[place] for place in places]
        if any(old.frozen or not old.counts_like(new) for old, new in zip(exact, frozen, strict=True)):
            return False
        leads = [lead for event in exact for lead in event.leads]
        if set().union(*(self._copies.of(lead) for lead in leads)) != gone:
            return False
        self._copies.remove(gone)
        for lead in leads:
            del self._leads[bisect_left(self._leads, lead.order, key=by_order)]
            del self._event_of[lead]
        self._forget_reports(gone)
        for place, event in zip(places, frozen, strict=True):
            self.events[place] = event
        return True

    def _forget_reports(self, gone: set[Report]) -> None:
        for report in gone:
            del self._reports[report.order]
            siblings = self._articles[report.order[1]]
            siblings.discard(report)
            if not siblings:
                del self._articles[report.order[1]]

    def _exchange(self, gone: Iterable[Report], new: Iterable[Report]) -> None:
        for report in gone:
            del self._leads[bisect_left(self._leads, report.order, key=by_order)]
            event = self._event_of.pop(report, None)
            if event is None or event.leads[0] is report:
                self._gather_from(report.time)
            else:
                event.leads.remove(report)
                self._weigh(event)
        for report in new:
            insort(self._leads, report, key=by_order)
            if self._regather is not None:
                self._gather_from(report.time)
                continue
            # Only first reports claim: one that is claimed itself changes nothing for the others.
            event = claim(report, self._open_at(report), self.settings)
            if event is None and report is self._leads[-1] and self._is_newest(report):
                # Nothing comes after it that it could claim.
                event = Event()
                self.events.append(event)
            if event is None:
                self._gather_from(report.time)
            else:
                insort(event.leads, report, key=by_order)
                self._event_of[report] = event
                self._weigh(event)

    def _is_newest(self, report: Report) -> bool:
        return not self.events or self.events[-1].order < report.order

    def _open_at(self, report: Report) -> Sequence[Event]:
        stop = bisect_left(self.events, report.order, key=by_order)
        reach = report.time - self.settings.occasion_hours * HOUR
        start = bisect_left(self.events, (reach, "", -1), hi=stop, key=by_order)
        return [event for event in self.events[start:stop] if not event.frozen]

    def _reweigh(self, report: Report) -> None:
        event = self._event_of.get(report)
        if event is not None:
            self._weigh(event)

    def _weigh(self, event: Event) -> None:
        event.weigh(self.settings.rho)
        self._refilter = event.order if self._refilter is None else min(self._refilter, event.order)

    def _gather_from(self, time: float) -> None:
        self._regather = time if self._regather is None else min(self._regather, time)

    def _gather_again(self, time: float) -> None:
        """An event that started more than 72 hours before what changed can have claimed none of it."""
        cut = (time - self.settings.occasion_hours * HOUR, "", -1)
        first = bisect_left(self.events, cut, key=by_order)
        again = [event for event in self.events[first:] if not event.frozen]
        for event in again:
            for report in event.leads:
                self._event_of.pop(report, None)
        leads = self._leads[bisect_left(self._leads, cut, key=by_order) :]
        made = gather((report for report in leads if report not in self._event_of), self.settings)
        for event in made:
            for report in event.leads:
                self._event_of[report] = event
        frozen = [event for event in self.archive.events(cut[0]) if event.order >= cut]
        anchor = [self.past.event()] if self.past is not None and first == 0 else []
        self.events[first:] = anchor + sorted(made + frozen, key=by_order)
        self._refilter = cut if self._refilter is None else min(self._refilter, cut)

    def _filter_again(self, first: int) -> None:
        rate = passage_rate(self.settings)
        del self.nodes[first:]
        self._recent.cut(first)
        for event in self.events[first:]:
            self._recent.append(event)
        node = self.nodes[-1] if self.nodes else None
        if self.past is not None and first == 0:
            node, first = self.past.node(), 1
            self.nodes.append(node)
            self.known = 0 if self.past.known else None
        for index in range(first, len(self.events)):
            node = step(node, self.events[index], index, rate)
            self.nodes.append(node)
        if self.known is None or self.known >= first:
            self.known = next((i for i in range(first, len(self.events)) if self._known_at(i)), None)

    def _known_at(self, index: int) -> bool:
        count, outlets, since = 0.0, set[str](), self.events[index].start - self.settings.known_days * DAY
        while index >= 0 and self.events[index].start >= since:
            count += self.events[index].count
            outlets |= self.events[index].outlets
            if count >= self.settings.known_events - 1e-9 and len(outlets) >= self.settings.known_outlets:
                return True
            index -= 1
        return False
