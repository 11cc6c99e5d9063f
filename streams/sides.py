"""A case, or what an ally's worker told of it -> one side of an accord; decides nothing."""

from dataclasses import dataclass
from functools import cached_property

from streams.cases import INDEX, Case
from streams.dossiers.emissions import Triple
from streams.positions import DIGITS, at_time
from streams.records import Evidence, Stand, State
from streams.support import evidence_for


@dataclass
class OwnSide:
    """A side whose evidence is here. Its case must be known."""

    case: Case
    who: str

    @property
    def name(self) -> str:
        return self.who

    @cached_property
    def state(self) -> State:
        return self.case.likeliest

    @cached_property
    def chances(self) -> Triple:
        return self.case.filtered

    @cached_property
    def since(self) -> float:
        return self.case.dossier.entered(INDEX[self.state])

    @cached_property
    def latest(self) -> float:
        return self.case.dossier.latest

    @cached_property
    def events(self) -> float:
        return self.case.events_since(self.state)

    @cached_property
    def drifted(self) -> bool:
        return has_drifted(self.case)

    def evidence(self, before: State) -> tuple[Evidence, ...]:
        return evidence_for(self.case, self.state, None if before == self.state else before)


@dataclass
class ToldSide:
    """A side whose evidence is elsewhere."""

    stand: Stand

    @property
    def name(self) -> str:
        return self.stand.actor

    @property
    def state(self) -> State:
        return self.stand.stance

    @property
    def chances(self) -> Triple:
        return self.stand.probabilities

    @property
    def since(self) -> float:
        return self.stand.since.timestamp()

    @property
    def latest(self) -> float:
        return self.stand.last_evidence.timestamp()

    @property
    def events(self) -> float:
        return self.stand.events

    @property
    def drifted(self) -> bool:
        return self.stand.drifted

    def evidence(self, before: State) -> tuple[Evidence, ...]:
        return self.stand.evidence


def has_drifted(case: Case) -> bool:
    """Whether the model before the present one read another position in the same words."""
    before = case.formerly()
    return before is not None and before.likeliest != case.likeliest


def make_stand(case: Case, to: str) -> Stand:
    """Return where the case's actor stands, as its ally `to` is told. The case must be known."""
    state = case.likeliest
    favor, mixed, against = (round(chance, DIGITS) for chance in case.filtered)
    last = case.dossier.events[-1]
    reading = max(item.reading for report in last.leads for item in report.items.values()) if last.leads else ""
    return Stand(
        to=to,
        actor=case.actor,
        stance=state,  # type: ignore[arg-type]
        probabilities=(favor, mixed, against),
        since=case.since(state),
        last_evidence=at_time(case.dossier.latest),
        at=at_time(case.now),
        reading=reading,
        rate=round(case.rate(), DIGITS),
        events=round(case.events_since(state), DIGITS),
        evidence=evidence_for(case, state, None),
        drifted=has_drifted(case),
    )
