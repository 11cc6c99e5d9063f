"""Reads the annotated seed documents, checks that what is annotated stands in them, and never reads a stance itself."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Final

import msgspec

from models.corpus.rows import SEEDS, BadRow
from models.corpus.validate import NO_STATE
from streams.records import Capacity, Stance

ANNOTATIONS: Final = SEEDS / "annotations.jsonl"
# An author who is named nowhere in the text.
AUTHOR: Final = "author"
_STAND_INS: Final = frozenset({"he", "she", "they", "it"})
_DESCRIPTIONS: Final = ("the ", "a ", "an ")


class Annotation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One statement, or one reported act, of one actor in a seed document.

    `start` and `end` are character offsets into the document's text, and `quote` is that slice. `speaker_start` and
    `speaker_end` are offsets into the same text of the words inside the quote that stand for the speaker (a name, a
    description, a pronoun), or both -1 where the name stands outside. `date` is the document's, worked out from what it
    says. The label follows the codebook: the speaker's own stance at the time of speaking.
    """

    document: str
    date: date
    start: int
    end: int
    quote: str
    speaker: str
    speaker_start: int
    speaker_end: int
    actor: str
    capacity: Capacity
    label: Stance
    condition: str | None
    reported_by: str | None
    old: bool


_decoder = msgspec.json.Decoder(Annotation)


def read_seeds(directory: Path = SEEDS) -> dict[str, str]:
    """Return the text of each seed document by its file name, in order."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(directory.glob("*.txt"))}


def read_annotations(path: Path = ANNOTATIONS) -> list[Annotation]:
    """Return every annotation in the order of the file; raises BadRow with the line's number."""
    annotations = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            annotations.append(_decoder.decode(line))
        except msgspec.MsgspecError as error:
            raise BadRow(f"{path}, line {number}: {error}") from None
    return annotations


def check_annotations(
    annotations: Sequence[Annotation], texts: Mapping[str, str], actors: Collection[str]
) -> Iterator[str]:
    """Yield what is wrong, one line each: offsets, speakers, actors, dates, and annotations that contradict each other.

    `texts` are the documents by name, `actors` those that the catalogue knows.
    """
    dates: dict[str, date] = {}
    for each in annotations:
        where = f"{each.document} {each.start}:{each.end}"
        text = texts.get(each.document)
        if text is None:
            yield f"{where}: no such document"
            continue
        if not 0 <= each.start < each.end <= len(text) or text[each.start : each.end] != each.quote:
            yield f"{where}: not {each.quote[:40]!r}"
        yield from (f"{where}: {problem}" for problem in _check_speaker(each, text))
        if each.actor not in actors and each.actor not in NO_STATE:
            yield f"{where}: unknown actor {each.actor!r}"
        if each.condition is not None and each.condition not in each.quote:
            yield f"{where}: the condition {each.condition!r} is not in the quote"
        if each.reported_by is not None and each.reported_by not in each.quote:
            yield f"{where}: {each.reported_by!r}, who reports it, is not in the quote"
        if dates.setdefault(each.document, each.date) != each.date:
            yield f"{where}: dated {each.date}, and {dates[each.document]} before"
    yield from _check_overlaps(annotations)


def _check_speaker(each: Annotation, text: str) -> Iterator[str]:
    """The words that stand for the speaker are in the quote and name the speaker; a name stands in the document."""
    if (each.speaker_start, each.speaker_end) == (-1, -1):
        if each.speaker not in text and each.speaker != AUTHOR:
            yield f"{each.speaker!r} is nowhere in the document"
        return
    if not each.start <= each.speaker_start < each.speaker_end <= each.end:
        yield f"the speaker's words {each.speaker_start}:{each.speaker_end} are not in the quote"
        return
    words = text[each.speaker_start : each.speaker_end]
    standing_in = words.lower() in _STAND_INS or words.lower().startswith(_DESCRIPTIONS)
    if words != each.speaker and not (standing_in and each.speaker in text):
        yield f"the words {words!r} do not name {each.speaker!r}"


def _check_overlaps(annotations: Sequence[Annotation]) -> Iterator[str]:
    """One speaker's words for one actor are annotated once."""
    for one, two in combinations(annotations, 2):
        if (one.document, one.actor, one.speaker) != (two.document, two.actor, two.speaker):
            continue
        if max(one.start, two.start) < min(one.end, two.end):
            kind = "twice" if one.label == two.label else f"as {one.label} and as {two.label}"
            yield f"{one.document} {two.start}:{two.end}: {two.speaker} ({two.actor}) is annotated {kind}"
