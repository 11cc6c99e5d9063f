"""What the API answers, as types: the OpenAPI document is written from them; holds no logic."""

from datetime import datetime

from pydantic import BaseModel, Field

from streams.records import AlertStatus, Capacity, Stance, State, VerdictKind

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


class Judgement(BaseModel):
    """The latest word of a desk on something."""

    what: VerdictKind
    at: datetime


class Quote(BaseModel):
    """A reading: somebody's words, verbatim, and how they were read."""

    id: str
    article: str
    actor: str
    actor_name: str
    speaker: str
    speaker_name: str
    capacity: Capacity
    outlet: str
    url: str
    title: str
    quote: str
    label: Stance
    favor: float
    against: float
    neither: float
    time: datetime
    counts: bool = Field(description="False for what moves no position: old, limited, reported, or no stance.")
    withdrawn: bool = Field(description="A later revision of the article replaced it.")
    verdict: Judgement | None


class Passage(BaseModel):
    """A quote where it stands. `before` and `after` are the rest of its paragraph; None where the text is not kept."""

    before: str
    quote: str
    after: str
    complete: bool


class EvidenceView(BaseModel):
    """A reading as it stands in an alert."""

    reading: str
    article: str
    outlet: str
    url: str
    title: str
    published: datetime
    speaker: str
    speaker_name: str
    capacity: str
    label: str
    probability: float
    weight: float
    condition: str | None
    passage: Passage
    first_party: bool = Field(description="The actor's own words or its own outlet.")
    without: float | None = Field(description="The alert's probability, had this reading not been there.")
    status_without: str | None = Field(description="What the alert would be then; `none` where there would be none.")
    verdict: Judgement | None


class AlertState(BaseModel):
    """One state that an alert has been in."""

    revision: int
    status: str
    at: datetime
    probability: float
    since: datetime


class AlertSummary(BaseModel):
    """An alert as it stands now."""

    id: str
    kind: str
    actor: str
    speaker: str | None
    name: str
    before: str
    after: str
    other: str | None = Field(description="The ally, or own government, that was left; by its name.")
    condition_before: str | None
    condition_after: str | None
    since: datetime
    since_from: datetime | None = Field(description="The change lies between here and `since_to`, by 0.8.")
    since_to: datetime | None
    at: datetime
    raised: datetime
    probability: float
    status: AlertStatus
    revision: int
    headline: str
    lead: EvidenceView | None
    verdict: Judgement | None


class AlertView(AlertSummary):
    """An alert with its proof, every state it has been in, and what else its record says."""

    evidence: list[EvidenceView]
    states: list[AlertState]
    before_chances: Chances | None
    after_chances: Chances | None
    more: dict[str, str] = Field(description="Fields of the record that this version does not know.")


class Kin(BaseModel):
    """How close another actor stands: the probability that both are in the same state, now and 90 days before."""

    actor: str
    name: str
    stance: State
    agreement: float
    before: float | None


class ActorView(BaseModel):
    """An actor, its people and how the others stand to it."""

    stand: Stand
    people: list[Stand]
    kin: list[Kin]
    alerts: list[AlertSummary]
    outlets: list[str]
    speakers: dict[str, str]
    capacities: list[str]


class Timeline(BaseModel):
    """An actor's positions and readings over time, oldest first, and the alerts that mark its changes."""

    actor: str
    name: str
    points: list[Point]
    readings: list[Quote]
    changes: list[AlertSummary]
    left_out: int = Field(description="Readings older than the newest 2,000 that match.")


class ArticleView(BaseModel):
    """An article as it was fetched, and what was read in it."""

    id: str
    revision: int
    outlet: str
    url: str
    title: str
    text: str
    published: datetime
    fetched: datetime
    readings: list[Quote]


class Hit(BaseModel):
    """An article that a search found."""

    id: str
    outlet: str
    title: str
    url: str
    published: datetime
    excerpt: list[tuple[str, bool]] = Field(description="Parts of the text; True where the words searched for stand.")


class Found(BaseModel):
    """What a search found, newest first."""

    query: str
    quotes: list[Quote]
    articles: list[Hit]


class FeedView(BaseModel):
    """A feed of the list and what is known of it; None where the ingester's state is not on this machine.

    There, `state` is what the stream tells of the outlet: `heard` or `silent`.
    """

    key: str
    outlet: str
    url: str
    paused: bool
    state: str | None
    failures: int | None
    reason: str
    last_success: datetime | None
    next_visit: datetime | None
    heard: datetime | None = Field(description="The last minute in which the stream counted the outlet as alive.")
    articles_per_day: float


class FeedList(BaseModel):
    """Every feed; `editable` is False where the list is not a file that the desk may write."""

    feeds: list[FeedView]
    editable: bool
    note: str


class Precision(BaseModel):
    """How often people called a judged shift alert correct; `share` is None before any is judged."""

    judged: int
    correct: int
    share: float | None
    by_kind: dict[str, int]


class Overview(BaseModel):
    """The first page."""

    clock: datetime | None
    stands: list[Stand]
    alerts: list[AlertSummary]
    precision: Precision


class Status(BaseModel):
    """Whether the desk shows all that the topics hold."""

    caught_up: bool
    problem: str
    clock: datetime | None
    readings: int
    articles: int
    alerts: int


class Accepted(BaseModel):
    """What was written to the log."""

    written: int
