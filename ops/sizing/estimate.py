"""Figures and a load -> what it takes: pure arithmetic, each step by itself."""

from typing import Final, NamedTuple

from ops.sizing.figures import Figures

DAY: Final = 86_400
MONTH: Final = 30
YEAR: Final = 365
PARTITIONS: Final = 4


class Load(NamedTuple):
    """What is assumed, not measured: articles a day that feeds show, how much busier the busiest hour is, how many of
    them are about the subject, and how many actors are heard."""

    articles: int = 1_000_000
    peak: float = 4.0
    relevant: float = 0.1
    actors: int = 200


class Needs(NamedTuple):
    """What that takes. Cores are busy ones in the busiest hour; gigabytes are 10^9 bytes."""

    shown: float
    read: float
    readings: float
    cores_judging: float
    cores_reading: float
    cores_following: float
    rows: float
    memory: float
    takeover: float
    disk_articles: float
    disk_readings_a_day: float
    disk_readings_a_year: float
    disk_rows: float


def estimate(figures: Figures, load: Load) -> Needs:
    """Return what the load takes on machines like the one that was measured."""
    shown = load.articles / DAY * load.peak
    read = shown * load.relevant
    readings = read * figures.readings
    relevant_a_day = load.articles * load.relevant
    readings_a_day = relevant_a_day * figures.readings
    rows = readings_a_day * MONTH
    return Needs(
        shown=shown,
        read=read,
        readings=readings,
        cores_judging=shown / figures.judged,
        cores_reading=read / figures.read,
        cores_following=readings / figures.followed,
        rows=rows,
        memory=(rows * figures.state_reading + load.actors * figures.state_actor) / 1e9,
        takeover=rows / PARTITIONS / figures.rows_taken_in,
        disk_articles=relevant_a_day * MONTH * figures.article_bytes / 1e9,
        disk_readings_a_day=readings_a_day * figures.reading_bytes / 1e9,
        disk_readings_a_year=readings_a_day * YEAR * figures.reading_bytes / 1e9,
        disk_rows=rows * figures.row_bytes / 1e9,
    )
