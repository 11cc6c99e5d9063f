"""Reports that are no copies -> events: what was said on one occasion, and how much it counts together.

An event opens with a report that no open event claims. It claims what comes within its first 12 hours, one turn of the
news, and up to 72 hours what retells its first report. The m statements of an event are not independent: each counts
1 / (1 + (m - 1) rho), the effective size of a cluster with intra-class correlation rho (Kish 1965).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from streams.dossiers.emissions import Triple
from streams.dossiers.reports import Order, Report, retells
from streams.shift_settings import HOUR, ShiftSettings


@dataclass(slots=True, eq=False)
class Event:
    """One occasion. `count` is the effective number of independent statements, `share` what each of them counts.

    `evidence` is the log-likelihood of the whole event under favor, mixed and against; `latest` the time of its last
    report. All but `leads` is set by `weigh`.
    """

    leads: list[Report] = field(default_factory=list)
    count: float = 0.0
    share: float = 0.0
    evidence: Triple = (0.0, 0.0, 0.0)
    outlets: frozenset[str] = frozenset()
    latest: float = 0.0
    frozen: bool = False

    @property
    def order(self) -> Order:
        return self.leads[0].order

    @property
    def start(self) -> float:
        return self.leads[0].order[0]

    def counts_like(self, other: "Event") -> bool:
        """Whether the other holds the same reports, and says the same to the last bit."""
        return [one.order for one in self.leads] == [one.order for one in other.leads] and (
            (self.count, self.evidence, self.outlets) == (other.count, other.evidence, other.outlets)
        )

    def weigh(self, rho: float) -> None:
        """Set what the event counts, from its reports in their order."""
        size, sums = 0.0, [0.0, 0.0, 0.0]
        for report in self.leads:
            weight, means = report.sum_up()
            size += weight
            for state in range(3):
                sums[state] += weight * means[state]
        share = 1.0 / (1.0 + max(0.0, size - 1.0) * rho)
        self.share, self.count = share, size * share
        self.outlets = frozenset([report.outlet for report in self.leads])
        self.latest = self.leads[-1].order[0]
        self.evidence = (sums[0] * share, sums[1] * share, sums[2] * share)


def claim(report: Report, open_events: Sequence[Event], settings: ShiftSettings) -> Event | None:
    """Return which of the events that started in the 72 hours before the report claims it; they come in order."""
    for event in open_events:
        if retells(report.words, event.leads[0].words, settings.retelling_overlap):
            return event
    if open_events and report.time - open_events[-1].start <= settings.cycle_hours * HOUR:
        return open_events[-1]
    return None


def gather(leads: Iterable[Report], settings: ShiftSettings) -> list[Event]:
    """Return the events of `leads`, which come in order.

    Only its first report decides what an event claims: a later one can neither widen nor narrow it. Events therefore
    start more than one cycle apart, and whoever knows that a report joined no earlier event may leave those out.
    """
    made: list[Event] = []
    open_events: list[Event] = []
    for report in leads:
        open_events = [e for e in open_events if report.time - e.start <= settings.occasion_hours * HOUR]
        event = claim(report, open_events, settings)
        if event is None:
            event = Event()
            made.append(event)
            open_events.append(event)
        event.leads.append(report)
    for event in made:
        event.weigh(settings.rho)
    return made
