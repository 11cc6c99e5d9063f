"""Articles older than the desk keeps -> gone, their words with them; never a quote, nor what an alert rests on."""

from typing import Final

from services import metrics
from services.desk.database import Projection
from services.desk.stands import read_clock

DAY: Final = 86400.0
# In one transaction: the page waits for nobody, but what arrives does.
AT_ONCE: Final = 500


def prune_articles(projection: Projection, days: float) -> int:
    """Drop the oldest articles fetched more than `days` before the stream's clock, `AT_ONCE` at most; returns how many.

    The index of words follows by its trigger. Raises ParleyError when the file cannot be written.
    """
    with projection.write() as db:
        clock = read_clock(db)
        if clock is None:
            return 0
        gone = db.execute(
            "DELETE FROM articles WHERE number IN (SELECT number FROM articles a WHERE fetched < ? "
            "AND NOT EXISTS (SELECT 1 FROM proofs p WHERE p.article = a.id) ORDER BY fetched LIMIT ?)",
            (clock - days * DAY, AT_ONCE),
        ).rowcount
    metrics.DESK_PRUNED.inc(gone)
    return gone
