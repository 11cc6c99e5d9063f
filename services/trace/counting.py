"""An article's readings and the workers' table -> whether each counts in a position, or why it does not."""

from collections.abc import Sequence
from typing import NamedTuple

from services.trace.scan import Scan
from streams.canary import is_canary
from streams.dossiers.emissions import is_claim_of_another, is_evidence, position_key
from streams.records import Reading, Withdrawal
from streams.topics import CHANGELOG


class Counted(NamedTuple):
    """Whether a reading counts in a position, or why it does not."""

    reading: str
    counts: bool
    why: str


def count_readings(
    article: str, readings: Sequence[Reading], withdrawn: Sequence[Withdrawal], scan: Scan, partitions: list[int]
) -> list[Counted]:
    """Return what became of each; `partitions` are those in which they lie, and the table's rows of them."""
    rows = _rows(article, readings, scan, partitions) if readings else {}
    lowest = max((one.revision for one in withdrawn), default=0)
    return [_count(reading, lowest, rows) for reading in readings]


def _rows(article: str, readings: Sequence[Reading], scan: Scan, partitions: list[int]) -> dict[bytes, bytes]:
    """The rows of the evidence table in which the article is, as they stand at the end of its log."""
    rows: dict[bytes, bytes] = {}
    wanted = [f" reading {reading.id} ".encode() for reading in readings]
    for message in scan.records(CHANGELOG.name, partitions):
        key = message.key or b""
        if message.value is None:
            rows.pop(key, None)
        elif any(part in key for part in wanted) or (b" day " in key and article.encode() in message.value):
            rows[key] = message.value
        else:
            # A day's row that no longer holds the article.
            rows.pop(key, None)
    return rows


def _count(reading: Reading, lowest: int, rows: dict[bytes, bytes]) -> Counted:
    if is_canary(reading):
        return Counted(reading.id, False, "a canary counts nowhere")
    if reading.revision < lowest:
        return Counted(reading.id, False, f"withdrawn: revision {lowest} of the article took its place")
    if not is_evidence(reading):
        return Counted(reading.id, False, _why_not(reading))
    if any(f" reading {reading.id} ".encode() in key for key in rows):
        return Counted(reading.id, True, "kept verbatim")
    if any(b" day " in key and key.endswith(f" {position_key(reading)}".encode()) for key in rows):
        return Counted(reading.id, True, "kept in its day's sum, since it is over a month old")
    return Counted(reading.id, False, "not followed yet, or taken back by a desk's verdict")


def _why_not(reading: Reading) -> str:
    if reading.probabilities.label == "neither":
        return "no stance"
    if reading.old:
        return "words of another time"
    if reading.scope == "limited":
        return "about a part of the war only"
    return f"the claim of {reading.reported_by}" if is_claim_of_another(reading) else "no evidence"
