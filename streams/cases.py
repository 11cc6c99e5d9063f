"""A key's evidence at one moment -> what it says for and against a passage; names no reading, decides nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from streams.dossiers.dossier import Dossier
from streams.dossiers.emissions import Triple
from streams.dossiers.passages import UNIFORM, began, passed
from streams.positions import at_time, likeliest, recent_events, split_key
from streams.records import AlertKind, Reading, State
from streams.relations import Relations
from streams.shift_settings import DAY, STATES, ShiftSettings

INDEX = {state: index for index, state in enumerate(STATES)}
NOWHERE: Final = Relations()


# A change of conditions within so many seconds of a shift is the shift.
SAME_CHANGE: Final = 21 * DAY


def _settled() -> float | None:
    return None


def _calm() -> bool:
    return False


def _unchanged() -> Dossier | None:
    return None


@dataclass(frozen=True, slots=True)
class Case:
    """A key's evidence at one moment of the stream. `find` looks a reading up by its id.

    `cause_time` is the event time of the reading that made us look, or `now` where something else did. `kind` is the
    kind of alert that the evidence can raise; `alive` are the outlets whose feeds answer, empty where nothing is known
    of any. `new_model` returns when a model began to read that has not yet read the key's last month again, if one did;
    `former` the evidence as the model before it read it, where one took over within the last month.
    The last three are of an actor's conditions: whether its position is unknown or about to move, when it last moved,
    and where it stands.
    """

    key: str
    dossier: Dossier
    now: float
    find: Callable[[str], Reading | None]
    settings: ShiftSettings
    cause_time: float
    kind: AlertKind = "shift"
    alive: frozenset[str] = frozenset()
    relations: Relations = NOWHERE
    new_model: Callable[[], float | None] = _settled
    unsettled: Callable[[], bool] = _calm
    moved_at: float | None = None
    stance: State = "unknown"
    former: Callable[[], Dossier | None] = _unchanged

    @property
    def actor(self) -> str:
        return split_key(self.key)[0]

    @property
    def speaker(self) -> str | None:
        return split_key(self.key)[1]

    @property
    def known(self) -> bool:
        """Whether there has been evidence enough for a position."""
        return self.dossier.known is not None

    @property
    def filtered(self) -> Triple:
        """The states' probabilities after the last evidence: silence alone argues for nothing."""
        return self.dossier.nodes[-1].filtered if self.dossier.nodes else UNIFORM

    @property
    def likeliest(self) -> State:
        return STATES[likeliest(self.filtered)]

    def probability(self, state: State) -> float:
        return self.filtered[INDEX[state]]

    def passed(self, state: State, after: float) -> float:
        """Return P(in `state` now, entered later than `after`)."""
        return passed(self.dossier.nodes, INDEX[state], after)

    def since(self, state: State) -> datetime:
        """Return the time of the first evidence of the present stay in `state`."""
        return at_time(self.dossier.entered(INDEX[state]))

    def since_between(self, state: State) -> tuple[datetime, datetime]:
        """Return the interval in which the present stay in `state` began, with probability 0.8."""
        low, high = began(self.dossier.nodes, INDEX[state])
        likeliest = self.since(state)
        return min(at_time(low), likeliest), max(at_time(high), likeliest)

    def chances_before(self, state: State) -> Triple:
        """Return what was known just before the present stay in `state` began."""
        first = self.first_of(state)
        return self.dossier.nodes[first - 1].filtered if first > 0 else UNIFORM

    def is_held(self) -> bool:
        """Whether an alert would have to wait: nobody can be heard, a new model reads, or the position is moving."""
        return self.unsettled() or self.new_model() is not None or not self.heard()

    def formerly(self) -> "Case | None":
        """Return the case as the model before the present one read it; None where the same one did."""
        dossier = self.former()
        return None if dossier is None or not dossier.nodes else replace(self, dossier=dossier, former=_unchanged)

    def is_told_by_a_shift(self, after: State) -> bool:
        """Whether the change came with the position's own, which is told by another alert."""
        return self.moved_at is not None and abs(self.since(after).timestamp() - self.moved_at) <= SAME_CHANGE

    def contradicts_stance(self, reading: Reading) -> bool:
        """Whether the reading, of an actor's conditions, takes the other side: then it is the stance that may move."""
        return self.stance in ("favor", "against") and reading.probabilities.label != self.stance

    def heard(self) -> bool:
        """Whether the outlets that carried most of the last 90 days' reports can be heard."""
        if not self.alive:
            return True
        carried, heard = 0, 0
        edge = self.dossier.latest - self.settings.known_days * DAY
        for event in reversed(self.dossier.events):
            if event.start < edge:
                break
            carried += len(event.leads)
            heard += sum(report.outlet in self.alive for report in event.leads)
        return heard >= self.settings.heard * carried

    def is_echo(self, reading: Reading, after: State) -> bool:
        """Whether the new stay is one event after a silence, or one that comes late: not enough to raise an alert."""
        first, events = self.first_of(after), self.dossier.events
        if sum(event.count for event in events[first:]) >= self.settings.events_after_silence:
            return False
        gap = events[first].start - events[first - 1].latest if first > 0 else 0.0
        late = self.now - reading.time.timestamp()
        return gap > self.settings.stale_days * DAY or late > self.settings.late_days * DAY

    @contextmanager
    def without(self, reading: Reading) -> Iterator[None]:
        """The case as it would stand had the reading never come, for as long as the context lasts."""
        self.dossier.forget(reading.id, (reading.time.timestamp(), reading.article, reading.revision))
        self.dossier.refresh()
        try:
            yield
        finally:
            self.dossier.add(reading)
            self.dossier.refresh()

    def rate(self) -> float:
        """Return the effective events per day, over the last 90 days."""
        return recent_events(self.dossier, self.now)[0] / self.settings.known_days

    def events_since(self, state: State) -> float:
        """Return the effective events of the present stay in `state`."""
        return sum(event.count for event in self.dossier.events[self.first_of(state) :])

    def first_of(self, state: State) -> int:
        """Return the index of the first event of the present stay in `state`."""
        return self.dossier.nodes[-1].since[INDEX[state]]
