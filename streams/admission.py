"""A reading and what is remembered -> why it moves no position, or that it counts; takes nothing in."""

from typing import Final

from streams.dossiers.emissions import is_claim_of_another, is_evidence
from streams.memory import Memory
from streams.records import Reading
from streams.rereading import is_superseded, was_evidence

# Why a reading that is a stance may move nothing. `frozen`: a frozen day counts its article already; `forgotten`: it is
# older than what is remembered; `former-model`: the model that took over has read it; `rejected`: a desk said so.
IGNORED: Final = (
    "old-quote", "limited", "reported", "withdrawn", "frozen", "forgotten", "former-model", "rejected",
)  # fmt: skip


def why_ignored(reading: Reading, kept: Reading | None, key: str, memory: Memory) -> str | None:
    """Return why the reading changes nothing: one of IGNORED, or empty where it is no stance; None where it counts."""
    if reading.old or reading.scope == "limited" or is_claim_of_another(reading):
        return "old-quote" if reading.old else "limited" if reading.scope == "limited" else "reported"
    if not is_evidence(reading) and not was_evidence(reading) and (kept is None or not is_evidence(kept)):
        return ""
    if reading.revision < memory.evidence.withdrawn(reading.article):
        return "withdrawn"
    if is_superseded(reading, kept, memory.models):
        return "former-model"
    dossier = memory.evidence.dossier(key)
    if dossier.archive.holds(reading.article, reading.revision):
        return "frozen"
    # A key that was forgotten altogether knows of nothing that it forgot, and an article may be read again.
    forgotten = dossier.covers(reading) or (kept is None and memory.has_forgotten(reading.time))
    return "forgotten" if forgotten else None
