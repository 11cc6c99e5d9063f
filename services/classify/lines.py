"""JSON lines of statements in, JSON lines of stances out; keeps the order, and says which line it could not read."""

import codecs
import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

import msgspec

from streams.records import Probabilities, Statement

LINES: Final = 64
CHUNK: Final = 1 << 16


class Line(msgspec.Struct, frozen=True):
    """One statement as the caller gives it; other keys are ignored."""

    text: str
    actor: str | None = None
    speaker: str | None = None
    date: datetime.date | None = None


class Source(Protocol):
    """A buffered binary stream."""

    def read1(self, size: int, /) -> bytes: ...


Make = Callable[[Line], Statement]
Read = Callable[[Sequence[Statement]], Sequence[Probabilities]]
_decoder = msgspec.json.Decoder(Line)


def lines_as_they_come(source: Source) -> Iterator[list[tuple[int, bytes]]]:
    """Yield numbered lines as soon as they have arrived, at most 64 at a time; blank lines are left out."""
    number = 0
    rest: list[bytes] = []
    while True:
        chunk = source.read1(CHUNK)
        # A line may be longer than a chunk; its parts are joined once, so that a huge line takes linear time.
        pieces = chunk.split(b"\n")
        complete: list[bytes] = []
        rest.append(pieces[0])
        for piece in pieces[1:]:
            complete.append(b"".join(rest))
            rest = [piece]
        if not chunk:
            complete = [b"".join(rest)]
        numbered = [(number + place, line) for place, line in enumerate(complete, 1) if line.strip()]
        number += len(complete)
        for start in range(0, len(numbered), LINES):
            yield numbered[start : start + LINES]
        if not chunk:
            return


def answer(lines: Sequence[tuple[int, bytes]], make: Make, read: Read) -> tuple[list[bytes], list[str]]:
    """Return one answer for each line, in order, and a message for each that could not be read."""
    statements: list[Line | None] = []
    problems: list[str] = []
    for number, raw in lines:
        try:
            statements.append(_decoder.decode(raw.removeprefix(codecs.BOM_UTF8)))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            statements.append(None)
            problems.append(f"line {number}: {error}; wanted {{'text': …, 'actor'?: …, 'speaker'?: …}}")
    found = iter(read([make(statement) for statement in statements if statement is not None]))
    failed = iter(problems)
    return [_failed(next(failed)) if statement is None else _stance(next(found)) for statement in statements], problems


def _stance(probabilities: Probabilities) -> bytes:
    return msgspec.json.encode({"label": probabilities.label, "probabilities": probabilities}) + b"\n"


def _failed(problem: str) -> bytes:
    return msgspec.json.encode({"error": problem}) + b"\n"
