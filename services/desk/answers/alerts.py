"""An alert, its proof, its states, and how often alerts were right, as the API answers it."""

from datetime import datetime

from pydantic import BaseModel, Field

from services.desk.answers.quotes import Judgement, Passage
from services.desk.answers.stands import Chances
from streams.records import AlertStatus


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


class Precision(BaseModel):
    """How often people called a judged shift alert correct; `share` is None before any is judged."""

    judged: int
    correct: int
    share: float | None
    by_kind: dict[str, int]
