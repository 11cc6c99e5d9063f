"""What a replay went by and what it found -> lines of a run file, and back; never compares two of them.

The first line says what decides besides the articles: model, settings, thresholds. Then, in the order of the stream,
each reading that is evidence and each state of an alert.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import msgspec

from services.errors import InputProblem, UsageProblem
from streams.dossiers.emissions import is_evidence, position_key
from streams.records import Reading, ShiftAlert, Stance, Time
from streams.shift_settings import ShiftSettings
from streams.thresholds import read_table

FORMAT = 1


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="line", tag="run"):
    """What a replay went by. `thresholds` is a digest of the table."""

    format: int = FORMAT
    model: str
    settings: dict[str, object]
    thresholds: str


class Said(msgspec.Struct, frozen=True, kw_only=True, tag_field="line", tag="reading"):
    """A reading that moved the position `key`. `favor` and `against` are its probabilities, to three digits."""

    id: str
    key: str
    at: Time
    article: str
    title: str
    label: Stance
    favor: float
    against: float


class Told(msgspec.Struct, frozen=True, kw_only=True, tag_field="line", tag="alert"):
    """One state of an alert."""

    alert: ShiftAlert


_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(Header | Said | Told).decode


def make_header(model: str, settings: ShiftSettings) -> Header:
    """Return what a replay with this model version and these settings goes by."""
    table = hashlib.sha256(_encode(read_table())).hexdigest()[:12]
    return Header(model=model, settings=msgspec.json.decode(_encode(settings)), thresholds=table)


def record_reading(reading: Reading) -> Said | None:
    """Return the reading's line, None where it moves no position."""
    if not is_evidence(reading):
        return None
    return Said(
        id=reading.id,
        key=position_key(reading),
        at=reading.time,
        article=reading.article,
        title=reading.title,
        label=reading.probabilities.label,
        favor=round(reading.probabilities.favor, 3),
        against=round(reading.probabilities.against, 3),
    )


def encode_line(line: Header | Said | Told) -> bytes:
    """Return the line with its end."""
    return _encode(line) + b"\n"


@dataclass
class Run:
    """A run as it was read back; `said` by key, `told` in order."""

    header: Header
    said: dict[str, dict[str, Said]] = field(default_factory=dict)
    told: list[ShiftAlert] = field(default_factory=list)

    def take(self, line: Said | Told) -> None:
        """Add a line."""
        if isinstance(line, Said):
            self.said.setdefault(line.key, {})[line.id] = line
        else:
            self.told.append(line.alert)


class Keeper:
    """Takes a replay's lines as they come. `run` has all of them where they are collected, which costs memory."""

    def __init__(self, header: Header, lines: BinaryIO | None, collect: bool) -> None:
        self.run = Run(header)
        self._lines = lines
        self._collect = collect

    def keep(self, line: Said | Told) -> None:
        """Keep a line."""
        if self._lines is not None:
            self._lines.write(encode_line(line))
        if self._collect:
            self.run.take(line)


@contextmanager
def keep_run(path: Path | None, header: Header, apart_from: Path, collect: bool = False) -> Iterator[Keeper]:
    """Give a keeper that writes to `path`, or nowhere for None.

    The file appears when all is written, so that an interrupted replay leaves an older run as it was.
    Raises UsageProblem where it cannot be written, or would take the place of the articles, `apart_from`.
    """
    if path is None:
        yield Keeper(header, None, collect)
        return
    if path.exists() and apart_from.exists() and path.samefile(apart_from):
        raise UsageProblem(f"--run {path} would overwrite the articles; name another file")
    part = path.with_name(f"{path.name}.part")
    try:
        lines = part.open("wb")
    except OSError as error:
        raise UsageProblem(f"cannot write the run {path}: {error.strerror}") from None
    with lines:
        lines.write(encode_line(header))
        yield Keeper(header, lines, collect)
    part.replace(path)


def read_run(path: Path) -> Run:
    """Read a run file; raises UsageProblem when it is none, InputProblem when one of its lines cannot be read."""
    with path.open("rb") as lines:
        numbered = enumerate(lines, 1)
        header = _first(path, numbered)
        run = Run(header)
        for number, raw in numbered:
            line = _line(path, number, raw)
            if isinstance(line, Header):
                raise InputProblem(f"{path} line {number}: a second run begins here; give one run a file")
            run.take(line)
    return run


def _first(path: Path, numbered: Iterator[tuple[int, bytes]]) -> Header:
    wanted = "; wanted what `parley replay FILE --run RUN` wrote"
    try:
        header = _decode(next(iter(numbered), (1, b""))[1])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise UsageProblem(f"{path} is no run{wanted}") from None
    if not isinstance(header, Header) or header.format != FORMAT:
        raise UsageProblem(f"{path} is no run of this version{wanted}")
    return header


def _line(path: Path, number: int, raw: bytes) -> Header | Said | Told:
    try:
        line: Header | Said | Told = _decode(raw)
        return line
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputProblem(f"{path} line {number}: {' '.join(str(error).split())}") from None


def record_turn(readings: Iterable[Reading], alerts: Iterable[ShiftAlert]) -> Iterator[Said | Told]:
    """Yield the lines of one article's turn: what was said, then what was told of it."""
    for reading in readings:
        said = record_reading(reading)
        if said is not None:
            yield said
    for alert in alerts:
        yield Told(alert=alert)
