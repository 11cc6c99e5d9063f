"""Where an actor stands, as the API answers it."""

from datetime import datetime

from pydantic import BaseModel, Field

from streams.records import State

Chances = dict[str, float]


class Point(BaseModel):
    """A position at one moment; `balance` is P(favor) - P(against), between -1 and 1."""

    at: datetime
    stance: State
    favor: float
    mixed: float
    against: float

    @property
    def balance(self) -> float:
        return self.favor - self.against

    @property
    def spread(self) -> float:
        """Standard deviation of the stance when favor counts 1, mixed 0 and against -1."""
        return float(max(0.0, self.favor + self.against - self.balance**2) ** 0.5)


class Stand(BaseModel):
    """Where an actor, or one of its people, stands now. `trend` is how far `balance` moved over the last 30 days."""

    key: str
    actor: str
    speaker: str | None
    name: str
    stance: State
    probability: float = Field(description="Of the stance; of the likeliest one while unknown.")
    chances: Chances
    balance: float
    trend: float
    since: datetime | None
    last_evidence: datetime | None
    at: datetime
    events: float
    outlets: int
    stale: bool
    last_known: Point | None = Field(description="Where it stood when that was last known; None where it never was.")
    recent: list[Point] = Field(description="The last year, at most one point a week.")


class Kin(BaseModel):
    """How close another actor stands: the probability that both are in the same state, now and 90 days before."""

    actor: str
    name: str
    stance: State
    agreement: float
    before: float | None
