"""A reading that another version of the model made -> the same statement as this one reads it; decides what is to be
read again and who may begin to, and sends nothing.

A new version takes over where it is first met, and reads the last month again. An older one that comes back waits: it
may be a worker that an upgrade has not reached yet, and two versions that read each other's readings again would never
end. It takes over when the newer one has not been heard for a while.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from streams.canary import is_canary
from streams.dossiers.emissions import is_evidence
from streams.models_seen import ModelsSeen, Reader
from streams.records import EvidenceRecord, Former, Probabilities, Reading, Statement

# Seconds for which a newer version must not have been heard before an older one takes over again.
PATIENCE: Final = 1800.0


def statement_of(reading: Reading) -> Statement:
    """Return what was read, as the stance reader takes it."""
    return Statement(
        speaker=reading.speaker,
        actor=reading.actor,
        capacity=reading.capacity,
        quote=reading.quote,
        start=reading.start,
        end=reading.end,
        speaker_start=reading.speaker_start,
        speaker_end=reading.speaker_end,
        claim_about=reading.claim_about,
    )


def read_again(reading: Reading, probabilities: Probabilities, model: str) -> Reading:
    """Return the reading as `model` reads it, under the same id; it keeps what it replaces."""
    former = Former(model=reading.model, probabilities=reading.probabilities)
    return replace(reading, probabilities=probabilities, model=model, former=former)


def is_to_be_read_again(record: EvidenceRecord, model: str, since: datetime, withdrawn: int) -> bool:
    """Whether the record is a reading of the time from `since` on by another version, and still counts."""
    return (
        isinstance(record, Reading)
        and record.model != model
        and record.time >= since
        and record.revision >= withdrawn
        and not is_canary(record)
    )


def was_evidence(reading: Reading) -> bool:
    """Whether what the reading replaces moved a position."""
    return reading.former is not None and is_evidence(replace(reading, probabilities=reading.former.probabilities))


def takes_over(reading: Reading, models: ModelsSeen) -> bool:
    """Whether with this reading its version is the one at work: it is new, or it reads again what the last one read."""
    current = models.current()
    if reading.model not in models:
        return True
    former = reading.former
    return current is not None and former is not None and former.model == current.version != reading.model


def is_superseded(reading: Reading, kept: Reading | None, models: ModelsSeen) -> bool:
    """Whether the version at work has read the same statement already, and this reading comes from one before it."""
    current = models.current()
    if kept is None or current is None or takes_over(reading, models):
        return False
    return kept.model == current.version != reading.model


def beside(reading: Reading, kept: Reading | None) -> Reading:
    """Return the reading with what it replaces: what is kept, or what that replaced where the same version read it."""
    if kept is None or reading.former is not None:
        return reading
    if kept.model == reading.model:
        return replace(reading, former=kept.former)
    return replace(reading, former=Former(model=kept.model, probabilities=kept.probabilities))


def may_begin(
    model: str, models: ModelsSeen, heard: Mapping[str, float], began: float, now: float, patience: float = PATIENCE
) -> Reader | None:
    """Return the version at work if `model` may read again what is not its own; None where there is nothing to do yet.

    `heard` is when a reading of each version last came to this worker, `began` when the worker took the partition over;
    these and `now` are seconds of one clock, which need not be the stream's.
    """
    current = models.current()
    if current is None:
        return None
    if current.version == model:
        return current if models.newest() is not None else None
    if model not in models:
        return current
    return current if now - max(began, heard.get(current.version, began)) >= patience else None
