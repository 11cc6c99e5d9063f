"""What every request of one desk shares; made once by the composition root."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from services.desk.access import Access
from services.desk.consume import Reader
from services.desk.database import Projection
from services.desk.live import Hub
from services.desk.say import Pen
from services.settings import Settings


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts; `now` is the machine's clock, which verdicts are stamped with."""

    settings: Settings
    projection: Projection
    reader: Reader
    hub: Hub
    pen: Pen
    access: Access
    now: Callable[[], datetime]


def desk_of(request: Request) -> Desk:
    found: Desk = request.app.state.desk
    return found


def database_of(request: Request) -> sqlite3.Connection:
    """This thread's connection for reading."""
    return desk_of(request).projection.reader


Database = Annotated[sqlite3.Connection, Depends(database_of)]
TheDesk = Annotated[Desk, Depends(desk_of)]
