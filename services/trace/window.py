"""When an article came -> the stretch of the evidence log in which its readings can be; so that years are not read.

Its readings follow its fetching within minutes, or within the days of an outage; edits and alerts that it raised or
that quote it within weeks. Where neither the article's topic (30 days) nor the ingester (which forgets what feeds have
not shown for months) says when it came, the workers' table does, if it counted: it is as large as what they hold in
memory.
"""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from services.trace.scan import Scan
from streams.topics import CHANGELOG

BEFORE: Final = timedelta(days=2)
AFTER: Final = timedelta(days=75)


class Window(NamedTuple):
    """From when to when the log is read, and what said so."""

    since: datetime
    until: datetime
    told_by: str

    @property
    def bounds(self) -> tuple[int, int]:
        """Both in milliseconds, as Kafka has times."""
        return int(self.since.timestamp() * 1000), int(self.until.timestamp() * 1000)


def find_window(id: str, came: datetime | None, since: datetime | None, scan: Scan) -> Window | None:
    """Return where to look, by what is known of when it came, by `since`, or by the workers' table; None by nothing."""
    if since is not None:
        return Window(since, since + AFTER, "--since")
    if came is not None:
        return Window(came - BEFORE, came + AFTER, "its fetching")
    fetched = _counted_at(id, scan)
    return None if fetched is None else Window(fetched - BEFORE, fetched + AFTER, "the workers' table")


def _counted_at(id: str, scan: Scan) -> datetime | None:
    """When the table's earliest row that holds the article is from."""
    found: datetime | None = None
    needle = id.encode()
    for message in scan.records(CHANGELOG.name, scan.partitions(CHANGELOG.name)):
        if message.value is None or needle not in message.value:
            continue
        at = _time_of((message.key or b"").decode(errors="replace").split(" "), message.value)
        if at is not None and (found is None or at < found):
            found = at
    return found


def _time_of(key: list[str], value: bytes) -> datetime | None:
    """A reading's own time of fetching, or the day of a day's row (`PARTITION KIND …`)."""
    with suppress(ValueError, KeyError, IndexError, TypeError):
        if key[1] == "reading":
            record: dict[str, Any] = json.loads(value)
            return datetime.fromisoformat(record["fetched"])
        if key[1] == "day":
            return datetime.fromisoformat(key[2]).replace(tzinfo=UTC)
    return None
