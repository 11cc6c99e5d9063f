"""JSON lines of articles to articles, and readings to JSON lines; says which line it could not read."""

import codecs
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

import msgspec

from streams.records import Article, Reading, content_id


class Line(msgspec.Struct, frozen=True):
    """One article as the caller gives it; other keys are ignored, and every one of these may be missing or null."""

    id: str | int | None = None
    title: str | None = None
    text: str | None = None
    published: str | None = None
    outlet: str | None = None
    url: str | None = None


class Numbered(NamedTuple):
    """The article on one line, or what is wrong with the line."""

    number: int
    article: Article | None
    problem: str = ""


YEARS: Final = range(1970, 2101)
_decoder = msgspec.json.Decoder(Line)


def read_lines(lines: Iterable[tuple[int, bytes]], now: datetime) -> Iterator[Numbered]:
    """Yield each numbered line as an article; one without a date counts as published `now`."""
    for number, raw in lines:
        try:
            line = _decoder.decode(raw.removeprefix(codecs.BOM_UTF8))
            yield Numbered(number, _article(number, line, now))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
            yield Numbered(number, None, f"line {number}: {' '.join(str(error).split())}")


def _article(number: int, line: Line, now: datetime) -> Article:
    published = parse_time(line.published) if line.published and line.published.strip() else now
    title, text = line.title or "", line.text or ""
    return Article(
        id=str(line.id) if line.id not in (None, "") else content_id(line.url or "", title, text, number),
        url=line.url or "",
        outlet=line.outlet or "",
        title=title,
        text=text,
        published=published,
        fetched=max(now, published),
    )


def parse_time(text: str) -> datetime:
    """Read a date, an ISO time or a feed's RFC 822 time; without a zone it is UTC.

    Raises ValueError, also for a year in which no article can have been published: such a date would carry the clock
    of a replay with it, and everything after it would be old.
    """
    text = text.strip()
    try:
        time = _parse_time(text)
        if time.year not in YEARS:
            raise ValueError
    except (ValueError, OverflowError):
        raise ValueError(f"published is {text[:40]!r}; wanted a date such as 2025-05-21 or an ISO time") from None
    return time


def _parse_time(text: str) -> datetime:
    if len(text) == 10:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        # RFC 822, whose weekday is optional.
        time = parsedate_to_datetime(text)
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def render_readings(readings: Sequence[Reading]) -> bytes:
    """Return the readings as JSON lines; marks (`old`, `scope`, …) stand only where they apply."""
    return b"".join(msgspec.json.encode(_fields(reading)) + b"\n" for reading in readings)


def _fields(reading: Reading) -> dict[str, object]:
    fields: dict[str, object] = {
        "article": reading.article,
        "speaker": reading.speaker,
        "actor": reading.actor,
        "capacity": reading.capacity,
        "label": reading.probabilities.label,
        "probabilities": reading.probabilities,
        "quote": reading.quote,
        "start": reading.start,
        "end": reading.end,
        "condition": reading.condition,
    }
    marks = {
        "scope": reading.scope,
        "terms": reading.terms,
        "reported_by": reading.reported_by,
        "claim_about": reading.claim_about,
    }
    if reading.old:
        fields["old"] = True
    return fields | {name: value for name, value in marks.items() if value is not None}
