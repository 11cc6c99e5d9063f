"""How the feeds and the desk itself do, as the API answers it."""

from datetime import datetime

from pydantic import BaseModel, Field


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


class Status(BaseModel):
    """Whether the desk shows all that the topics hold."""

    caught_up: bool
    problem: str
    clock: datetime | None
    readings: int
    articles: int
    alerts: int
