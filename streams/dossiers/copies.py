"""Reports -> which of them are copies of one wire story, and the one that stands for each; never what they say.

A story counts once however many outlets carry it. Reports are linked when the MinHash signatures of their articles
agree and they lie within 72 hours, or when they are revisions of one article; each connected component is represented
by its earliest report alone. Not by the mean of all: then a copy that the reader takes a little differently would
still move the position.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from streams.dossiers.reports import Report, Signature
from streams.shift_settings import HOUR, ShiftSettings

# Signatures for which a shelf has room at first: most people who are quoted are quoted seldom.
ROOM: Final = 4


@dataclass(slots=True, eq=False)
class Component:
    """Reports that are copies of one another, directly or through others; `lead` is the earliest."""

    members: set[Report]
    lead: Report


class Copies:
    """The components of one key's reports. Each change returns the leads that are no longer, and those that are new."""

    def __init__(self, settings: ShiftSettings) -> None:
        self._shelf = Shelf(settings.copy_similarity, settings.occasion_hours)
        self._components: dict[Report, Component] = {}
        self._revisions: dict[str, set[Report]] = {}

    def lead(self, report: Report) -> Report:
        """Return the report that stands for this one: possibly itself."""
        return self._components[report].lead

    def of(self, report: Report) -> set[Report]:
        """Return the report and its copies."""
        return self._components[report].members

    def add(self, report: Report) -> tuple[set[Report], set[Report]]:
        """Take in a report that is not yet here."""
        revisions = self._revisions.setdefault(report.order[1], set())
        joined = {id(c): c for c in (self._components[twin] for twin in (*self._shelf.add(report), *revisions))}
        revisions.add(report)
        merged = Component({report}, report)
        for component in joined.values():
            small, large = sorted((merged.members, component.members), key=len)
            large |= small
            merged = Component(large, min(merged.lead, component.lead, key=lambda lead: lead.order))
        for member in merged.members:
            self._components[member] = merged
        before = {component.lead for component in joined.values()}
        return before - {merged.lead}, {merged.lead} - before

    def remove(self, gone: set[Report]) -> tuple[set[Report], set[Report]]:
        """Let go of reports. What they alone linked falls apart."""
        touched = {id(c): c for c in (self._components[report] for report in gone)}
        before = {component.lead for component in touched.values()}
        left = set().union(*(component.members for component in touched.values())) - gone
        for report in (*gone, *left):
            self._shelf.remove(report)
            del self._components[report]
            revisions = self._revisions[report.order[1]]
            revisions.discard(report)
            if not revisions:
                del self._revisions[report.order[1]]
        for report in left:
            self.add(report)
        after = {self._components[report].lead for report in left}
        return before - after, after - before


class Shelf:
    """The signatures of one key's reports in one matrix, so that a newcomer is compared with all at once."""

    def __init__(self, similarity: float, hours: float) -> None:
        self._similarity = similarity
        self._seconds = hours * HOUR
        self._signatures: dict[int, Signature] = {}
        self._times: dict[int, NDArray[np.float64]] = {}
        self._reports: dict[int, list[Report | None]] = {}
        self._slots: dict[Report, int] = {}

    def add(self, report: Report) -> list[Report]:
        """Put the report on the shelf and return the reports already there that are copies of it."""
        if report.signature is None:
            return []
        width = len(report.signature)
        if width not in self._reports:
            self._signatures[width] = np.zeros((ROOM, width), dtype=np.uint32)
            self._times[width] = np.full(ROOM, np.inf)
            self._reports[width] = []
        reports = self._reports[width]
        if len(reports) == len(self._times[width]):
            self._grow(width)
            reports = self._reports[width]
        near = np.flatnonzero(np.abs(self._times[width][: len(reports)] - report.time) <= self._seconds)
        found: list[Report] = []
        if len(near):
            agree = np.count_nonzero(self._signatures[width][near] == report.signature, axis=1)
            alike = near[agree >= self._similarity * width].tolist()
            found = [other for index in alike if (other := reports[index]) is not None]
        slot = self._slots[report] = len(reports)
        self._signatures[width][slot] = report.signature
        self._times[width][slot] = report.time
        reports.append(report)
        return found

    def remove(self, report: Report) -> None:
        """Take the report off the shelf."""
        slot = self._slots.pop(report, None)
        if report.signature is not None and slot is not None:
            width = len(report.signature)
            self._times[width][slot] = np.inf
            self._reports[width][slot] = None
        if not self._slots:
            for shelf in (self._signatures, self._times, self._reports):
                shelf.clear()

    def _grow(self, width: int) -> None:
        """Close the gaps that removed reports left, and double the room that the others need."""
        kept = [report for report in self._reports[width] if report is not None]
        room = max(ROOM, 2 * len(kept))
        signatures, times = np.zeros((room, width), dtype=np.uint32), np.full(room, np.inf)
        slots = [self._slots[report] for report in kept]
        signatures[: len(kept)] = self._signatures[width][slots]
        times[: len(kept)] = self._times[width][slots]
        self._slots.update((report, slot) for slot, report in enumerate(kept))
        self._signatures[width], self._times[width], self._reports[width] = signatures, times, list(kept)
