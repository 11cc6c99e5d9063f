"""Reports that are no copies, as they come and go -> their events in order; the same as gathering all of them anew.

Only the events that a change can have touched are gathered again: one that started more than 72 hours before it can
have claimed none of it. What an event says is weighed here; what follows from it, never.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from streams.dossiers.events import Event, claim, gather
from streams.dossiers.forgetting import Past
from streams.dossiers.freezing import Archive
from streams.dossiers.reports import Order, Report
from streams.shift_settings import HOUR, ShiftSettings


def by_order(report: Report | Event) -> Order:
    """Reports and events stand in the order of their times; the article's id decides between equal ones."""
    return report.order


@dataclass(slots=True)
class Timeline:
    """The events of one key, frozen ones among them. Read `events` only after `gather_again`."""

    settings: ShiftSettings
    events: list[Event] = field(default_factory=list)
    # The reports that stand for themselves, those of frozen days left out.
    leads: list[Report] = field(default_factory=list)
    _event_of: dict[Report, Event] = field(default_factory=dict)
    # Events from this time on must be gathered again.
    _regather: float | None = None
    # From here on events have changed since `settle`.
    _changed: Order | None = None

    @property
    def first_changed(self) -> int | None:
        """The index of the first event that has changed since `settle`, None where none has."""
        return None if self._changed is None else bisect_left(self.events, self._changed, key=by_order)

    def settle(self) -> None:
        """Take in that whatever follows from the events follows from them as they are now."""
        self._changed = None

    def exchange(self, gone: Iterable[Report], new: Iterable[Report]) -> None:
        """Let go of reports, and take in others."""
        for report in gone:
            del self.leads[bisect_left(self.leads, report.order, key=by_order)]
            event = self._event_of.pop(report, None)
            if event is None or event.leads[0] is report:
                self.gather_from(report.time)
            else:
                event.leads.remove(report)
                self._weigh(event)
        for report in new:
            insort(self.leads, report, key=by_order)
            if self._regather is not None:
                self.gather_from(report.time)
                continue
            # Only first reports claim: one that is claimed itself changes nothing for the others.
            event = claim(report, self._open_at(report), self.settings)
            if event is None and report is self.leads[-1] and self._is_newest(report):
                # Nothing comes after it that it could claim.
                event = Event()
                self.events.append(event)
            if event is None:
                self.gather_from(report.time)
            else:
                insort(event.leads, report, key=by_order)
                self._event_of[report] = event
                self._weigh(event)

    def reweigh(self, report: Report) -> None:
        """Take in that the report says something else."""
        event = self._event_of.get(report)
        if event is not None:
            self._weigh(event)

    def gather_from(self, time: float) -> None:
        """Have what was said from `time` on gathered again."""
        self._regather = time if self._regather is None else min(self._regather, time)

    def gather_again(self, archive: Archive, past: Past | None) -> None:
        """Bring `events` up to date, with those that are frozen or forgotten in their places."""
        if self._regather is None:
            return
        cut = (self._regather - self.settings.occasion_hours * HOUR, "", -1)
        first = bisect_left(self.events, cut, key=by_order)
        again = [event for event in self.events[first:] if not event.frozen]
        for event in again:
            for report in event.leads:
                self._event_of.pop(report, None)
        leads = self.leads[bisect_left(self.leads, cut, key=by_order) :]
        made = gather((report for report in leads if report not in self._event_of), self.settings)
        for event in made:
            for report in event.leads:
                self._event_of[report] = event
        frozen = [event for event in archive.events(cut[0]) if event.order >= cut]
        anchor = [past.event()] if past is not None and first == 0 else []
        self.events[first:] = anchor + sorted(made + frozen, key=by_order)
        self._changed = cut if self._changed is None else min(self._changed, cut)
        self._regather = None

    def replaced_by(self, frozen: Sequence[Event]) -> list[Report] | None:
        """Return the reports whose events the frozen ones can replace as they stand; None where some are not the same.

        The other events stay as they are: each report was claimed by the first that could, or by the last, and is so
        still when an event between them claims no more. And nothing is filtered again, since they count the same.
        """
        if self._regather is not None:
            return None
        places = self._places_of(frozen)
        if any(place == len(self.events) for place in places):
            return None
        exact = [self.events[place] for place in places]
        if any(old.frozen or not old.counts_like(new) for old, new in zip(exact, frozen, strict=True)):
            return None
        return [lead for event in exact for lead in event.leads]

    def replace(self, frozen: Sequence[Event]) -> None:
        """Put frozen events where the same ones stand that are not, as `replaced_by` said that they can."""
        for place, event in zip(self._places_of(frozen), frozen, strict=True):
            for lead in self.events[place].leads:
                del self.leads[bisect_left(self.leads, lead.order, key=by_order)]
                del self._event_of[lead]
            self.events[place] = event

    def _places_of(self, events: Sequence[Event]) -> list[int]:
        return [bisect_left(self.events, event.order, key=by_order) for event in events]

    def _is_newest(self, report: Report) -> bool:
        return not self.events or self.events[-1].order < report.order

    def _open_at(self, report: Report) -> Sequence[Event]:
        stop = bisect_left(self.events, report.order, key=by_order)
        reach = report.time - self.settings.occasion_hours * HOUR
        start = bisect_left(self.events, (reach, "", -1), hi=stop, key=by_order)
        return [event for event in self.events[start:stop] if not event.frozen]

    def _weigh(self, event: Event) -> None:
        event.weigh(self.settings.rho)
        self._changed = event.order if self._changed is None else min(self._changed, event.order)
