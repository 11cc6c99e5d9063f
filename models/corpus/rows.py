"""Reads the corpus: one JSON object a line, all files under `rows/`; and says which rows are held out, by group."""

import codecs
import datetime
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec

from models.spans import Span
from streams.records import Stance

HERE: Final = Path(__file__).parent
ROWS: Final = HERE / "rows"
SEEDS: Final = HERE / "seeds"
LABELS: Final[tuple[Stance, ...]] = ("favor", "against", "neither")
HELD_OUT_PERCENT: Final = 10


class BadRow(ValueError):
    """A line of the corpus or of a labelled file is not a row; the message says which line and why."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One labelled statement. `start` and `end` are offsets into `text` of the speaker's words, both -1 if absent.

    Rows of one `group` share actor, vocabulary and form and differ in meaning, so they are never split between
    training and test. `date` (ISO) is known only for rows of labelled real texts, never in the corpus.
    """

    text: str
    label: Literal["favor", "against", "neither"]
    actor: str = ""
    speaker: str = ""
    start: int = -1
    end: int = -1
    capacity: str = ""
    voice: str = ""
    trap: str = ""
    style: str = ""
    group: str = ""
    provenance: str = ""
    date: str = ""

    @property
    def span(self) -> Span | None:
        """The speaker's words as offsets, or None where the text does not name the speaker."""
        return (self.start, self.end) if self.start >= 0 else None

    @property
    def day(self) -> datetime.date | None:
        """The row's date, or None where it has none; raises BadRow where it is no date."""
        try:
            return datetime.date.fromisoformat(self.date[:10]) if self.date else None
        except ValueError:
            raise BadRow(f"date {self.date!r} of {self.text[:60]!r} is not of the form 2025-05-21") from None

    @property
    def held_out(self) -> bool:
        """Whether the row's group is kept apart from training; depends on the group's name alone."""
        return int(hashlib.sha256(self.group.encode()).hexdigest(), 16) % 100 < HELD_OUT_PERCENT


_decoder = msgspec.json.Decoder(Row)


def read_file(path: Path) -> Iterator[Row]:
    """Yield the rows of one JSON-lines file; raises BadRow with the line's number."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield _decoder.decode(line.removeprefix(codecs.BOM_UTF8))
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                raise BadRow(f"{path}, line {number}: {error}") from None


def read_corpus(directory: Path = ROWS) -> list[Row]:
    """Return every row of every file under `directory`, in the order of file names and lines."""
    return [row for path in corpus_files(directory) for row in read_file(path)]


def corpus_files(directory: Path = ROWS) -> list[Path]:
    """The files that make up the corpus, sorted by name."""
    return sorted(directory.glob("*.jsonl"))


def corpus_hash(rows: Iterable[Row]) -> str:
    """Twelve hexadecimal digits of all that training sees of the rows, whatever their order or file.

    A corrected trap or style changes no weight, and so leaves a model the model of this corpus.
    """
    lines = sorted(f"{row.text}\0{row.label}\0{row.start}\0{row.end}\0{row.group}" for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
