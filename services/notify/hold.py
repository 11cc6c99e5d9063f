"""Whether everything is held back, since when and why: a row of the ledger, so that no restart forgets it."""

from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from services.notify.ledger import Ledger

KEY = "held"


class Hold(NamedTuple):
    """Nothing goes out to any sink since then (seconds since the epoch)."""

    since: float
    why: str

    def __str__(self) -> str:
        return f"held since {datetime.fromtimestamp(self.since, UTC):%Y-%m-%d %H:%M} UTC" + (
            f" ({self.why})" if self.why else ""
        )


def hold(ledger: Ledger, why: str, now: float) -> Hold:
    """Hold everything back from now on; a hold that stands keeps its beginning."""
    before = read_hold(ledger)
    wanted = Hold(before.since if before else now, why or (before.why if before else ""))
    with ledger.write() as db:
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (KEY, msgspec.json.encode(wanted).decode()))
    return wanted


def release(ledger: Ledger) -> Hold | None:
    """Let everything go; returns the hold that stood."""
    before = read_hold(ledger)
    with ledger.write() as db:
        db.execute("DELETE FROM meta WHERE key = ?", (KEY,))
    return before


def read_hold(ledger: Ledger) -> Hold | None:
    """Return the hold that stands."""
    with ledger.read() as db:
        row = db.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
    return None if row is None else msgspec.json.decode(row[0], type=Hold)
