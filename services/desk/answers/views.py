"""What stands, quotes and alerts are joined to: the first page, an actor, its time line, as the API answers it."""

from datetime import datetime

from pydantic import BaseModel, Field

from services.desk.answers.alerts import AlertSummary, Precision
from services.desk.answers.quotes import Quote
from services.desk.answers.stands import Kin, Point, Stand


class Overview(BaseModel):
    """The first page."""

    clock: datetime | None
    stands: list[Stand]
    alerts: list[AlertSummary]
    precision: Precision


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
