"""Silences in the ledger: makes, lists and ends them; works beside a running notifier, and never decides by them."""

from services.errors import InputProblem
from services.notify.ledger import Ledger
from services.notify.taste import Silence


def add_silence(ledger: Ledger, actor: str, kind: str, sink: str, until: float, why: str, now: float) -> Silence:
    """Keep alerts that match from being told until then; an empty text matches any."""
    with ledger.write() as db:
        number = db.execute(
            "INSERT INTO silences (actor, kind, sink, until, why, made) VALUES (?, ?, ?, ?, ?, ?)",
            (actor, kind, sink, until, why, now),
        ).lastrowid
    return Silence(int(number or 0), actor, kind, sink, until, why, now)


def read_silences(ledger: Ledger, now: float) -> list[Silence]:
    """Return the silences in force, the first to end first."""
    with ledger.read() as db:
        rows = db.execute(
            "SELECT number, actor, kind, sink, until, why, made FROM silences WHERE until > ? ORDER BY until, number",
            (now,),
        ).fetchall()
    return [Silence(*row) for row in rows]


def end_silence(ledger: Ledger, number: int, now: float) -> None:
    """End a silence now; raises InputProblem where there is none of that number in force."""
    with ledger.write() as db:
        ended = db.execute("UPDATE silences SET until = ? WHERE number = ? AND until > ?", (now, number, now)).rowcount
    if not ended:
        raise InputProblem(f"no silence {number} is in force; `parley notify --silences` lists those that are")


def count_silenced(ledger: Ledger, number: int) -> int:
    """Return how many states the silence has kept back."""
    with ledger.read() as db:
        (count,) = db.execute(
            "SELECT count(*) FROM deliveries WHERE state = 'silenced' AND (reason = ? OR reason LIKE ?)",
            (f"silence {number}", f"silence {number}:%"),
        ).fetchone()
    return int(count)
