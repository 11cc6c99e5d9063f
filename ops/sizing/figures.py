"""The figures that sizing rests on, each with its unit and what it was measured on; kept in figures.json beside."""

from pathlib import Path
from typing import Final

import msgspec

FILE: Final = Path(__file__).parent / "figures.json"


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Rates are of one core. `source` says which articles were read, `machine` on what, `on` when."""

    on: str
    machine: str
    source: str
    articles: int
    relevant: int
    judged: float
    """Articles a second that the ingester judges: about the subject or not."""
    article_bytes: float
    """Of a relevant article's record on its topic: the value alone, once, as it is sent (nothing is compressed)."""
    statements: float
    """Statements of a relevant article that the model reads, on average."""
    read: float
    """Relevant articles a second through the worker's reading: statements found, the model asked, readings made."""
    readings: float
    """Readings of a relevant article, on average."""
    reading_bytes: float
    """Of a reading's record on its topic, counted likewise."""
    row_bytes: float
    """Of a reading's row in the log of the workers' table: key and value."""
    followed: float
    """Readings a second through the detector, of a month that is full."""
    state_reading: float
    """Bytes of a worker's memory for each reading of the last month: the row's text, and all that is made of it."""
    state_text: float
    """Of these, the row's text as Python holds it: two bytes a character where one of them is beyond Latin-1."""
    state_actor: float
    """Bytes of a worker's memory for each actor besides."""
    rows_taken_in: float
    """Rows a second that a new worker takes in, from text to memory."""


def read_figures() -> Figures:
    return msgspec.json.decode(FILE.read_bytes(), type=Figures)


def write_figures(figures: Figures) -> None:
    FILE.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=1) + b"\n")
