"""Readings made up for tests: every sentence, outlet and stance in here is invented."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from streams.evidence import Outcome, follow
from streams.memory import Memory
from streams.records import (
    Capacity,
    EvidenceRecord,
    Position,
    Probabilities,
    Pulse,
    Reading,
    ShiftAlert,
    Stance,
    content_id,
)
from streams.rows import Row

START = datetime(2025, 3, 1, tzinfo=UTC)
SURE: dict[Stance, Probabilities] = {
    "favor": Probabilities(favor=0.9, against=0.03, neither=0.07),
    "against": Probabilities(favor=0.03, against=0.9, neither=0.07),
    "neither": Probabilities(favor=0.03, against=0.02, neither=0.95),
}


def signature(text: str) -> tuple[int, ...]:
    """A signature that no other text shares; `resign` makes it a near copy's."""
    return tuple(int(content_id(text, place)[:8], 16) for place in range(64))


def resign(one: tuple[int, ...], changed: int) -> tuple[int, ...]:
    """The signature of a rewriting that differs in `changed` of the 64 places."""
    return tuple(value ^ 1 if place < changed else value for place, value in enumerate(one))


def reading(
    article: str,
    day: float,
    label: Stance = "favor",
    outlet: str = "Daily Lantern",
    *,
    actor: str = "ruritania",
    speaker: str = "President Example",
    capacity: Capacity = "leader",
    revision: int = 0,
    start: int = 0,
    like: tuple[int, ...] | None = None,
    title: str | None = None,
    probabilities: Probabilities | None = None,
    fetched: float | None = None,
    backfill: bool = False,
    old: bool = False,
    scope: str | None = None,
    reported_by: str | None = None,
) -> Reading:
    """One reading, `day` days after START. Articles have nothing in common unless `like` or `title` say so."""
    when = START + timedelta(days=day)
    quote = f"invented words {article}"
    return Reading(
        id=content_id(article, revision, actor, speaker, start),
        article=article,
        revision=revision,
        actor=actor,
        speaker=speaker,
        capacity=capacity,
        quote=quote,
        start=start,
        end=start + len(quote),
        probabilities=probabilities or SURE[label],
        model="made",
        outlet=outlet,
        url=f"https://news.example/{article}",
        title=title if title is not None else f"No. {article}",
        published=when,
        fetched=when if fetched is None else START + timedelta(days=fetched),
        signature=signature(article) if like is None else like,
        backfill=backfill,
        old=old,
        scope=scope,
        reported_by=reported_by,
    )


def pulse(day: float, alive: Iterable[str] = ()) -> Pulse:
    return Pulse(minute=(START + timedelta(days=day)).replace(second=0, microsecond=0), alive=tuple(alive))


@dataclass
class Worker:
    """Does what the readings agent does, in memory: rows, alerts, states, in that order; and remembers it all."""

    memory: Memory = field(default_factory=Memory)
    rows: dict[str, str] = field(default_factory=dict)
    alerts: list[ShiftAlert] = field(default_factory=list)
    positions: dict[str, Position] = field(default_factory=dict)

    def take(self, *records: EvidenceRecord) -> "Worker":
        for record in records:
            outcome = follow(record, self.memory)
            self.keep(outcome.rows)
            self.send(outcome)
            self.memory.put(outcome.states)
            self.keep(outcome.states)
            # What allies are told comes back on the log.
            self.take(*outcome.stands)
        return self

    def send(self, outcome: Outcome) -> None:
        self.alerts += outcome.alerts
        for position in outcome.positions:
            self.positions["/".join(filter(None, (position.actor, position.speaker)))] = position

    def keep(self, rows: Iterable[Row]) -> None:
        for key, value in rows:
            if value is None:
                self.rows.pop(key, None)
            else:
                self.rows[key] = value

    def restart(self, order: Callable[[list[Row]], list[Row]] = list) -> "Worker":
        """A new worker that has nothing but the rows of this one."""
        other = Worker(memory=Memory(self.memory.settings), rows=dict(self.rows))
        other.memory.put(order([Row(key, value) for key, value in self.rows.items()]))
        return other

    @property
    def history(self) -> list[tuple[str, str, str]]:
        """Status, before and after of every alert state so far."""
        return [(alert.status, alert.before, alert.after) for alert in self.alerts]


def weeks_of(
    label: Stance, first: float, days: int, every: float = 1.0, outlets: str = "ABC", actor: str = "ruritania"
) -> list[Reading]:
    """A steady voice: one statement each `every` days, outlets taking turns."""
    count = int(days / every)
    return [
        reading(f"{actor}-{label}-{first:g}-{i}", first + i * every, label, outlets[i % len(outlets)], actor=actor)
        for i in range(count)
    ]
