"""The projection -> the first page, an actor's page, and how far the desk has read; reads only."""

import sqlite3

from services.desk.alerts import list_alerts, measure_precision
from services.desk.answers.health import Status
from services.desk.answers.stands import Stand
from services.desk.answers.views import ActorView, Overview
from services.desk.consume import Reader
from services.desk.names import name_of
from services.desk.quotes import when
from services.desk.stands import list_kin, list_stands, read_clock, read_stand
from services.desk.timelines import choices

ALERTS_SHOWN = 30


def view_overview(db: sqlite3.Connection) -> Overview:
    """Return every actor's position now, and the newest alerts."""
    clock = read_clock(db)
    return Overview(
        clock=None if clock is None else when(clock),
        stands=list_stands(db),
        alerts=list_alerts(db, limit=ALERTS_SHOWN),
        precision=measure_precision(db),
    )


def view_actor(db: sqlite3.Connection, actor: str) -> ActorView | None:
    """Return the actor, its people and how the others stand to it; None where nobody was read to speak for it."""
    outlets, speakers, capacities = choices(db, actor)
    stand = read_stand(db, actor)
    if stand is None and not outlets:
        return None
    stand = stand or _unknown(db, actor)
    return ActorView(
        stand=stand,
        people=list_stands(db, actor),
        kin=list_kin(db, stand, list_stands(db)),
        alerts=list_alerts(db, actor=actor, limit=100),
        outlets=outlets,
        speakers=speakers,
        capacities=capacities,
    )


def _unknown(db: sqlite3.Connection, actor: str) -> Stand:
    """An actor that was quoted, and never with a stance."""
    third = 1 / 3
    return Stand(
        key=actor,
        actor=actor,
        speaker=None,
        name=name_of(actor),
        stance="unknown",
        probability=third,
        chances=dict.fromkeys(("favor", "mixed", "against"), third),
        balance=0.0,
        trend=0.0,
        since=None,
        last_evidence=None,
        at=when(read_clock(db) or 0.0),
        events=0.0,
        outlets=0,
        stale=False,
        last_known=None,
        recent=[],
    )


def view_status(db: sqlite3.Connection, reader: Reader) -> Status:
    """Return how far the desk has read."""
    clock = read_clock(db)
    counts = [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("readings", "articles", "alerts")]  # noqa: S608
    return Status(
        caught_up=reader.caught_up.is_set(),
        problem=reader.problem,
        clock=None if clock is None else when(clock),
        readings=counts[0],
        articles=counts[1],
        alerts=counts[2],
    )
