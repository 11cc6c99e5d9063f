"""Figures and what follows from them -> the runbook's section, between two marks; pure."""

from typing import Final

from ops.sizing.estimate import PARTITIONS, Load, estimate
from ops.sizing.figures import Figures

BEGIN: Final = "<!-- sizing: written by `.venv/bin/python -m ops.sizing --write` -->"
END: Final = "<!-- /sizing -->"
LIMIT: Final = 2.0  # Gigabytes that docker-compose.yml lets a worker have; a test holds it to that.
LOADS: Final = (Load(100_000, relevant=0.0121), Load(relevant=0.0121), Load(relevant=0.1), Load(relevant=1.0))


def render(figures: Figures) -> str:
    """Return the table of figures and the table of loads."""
    measured = [
        ("articles that the ingester judges, a second and core", f"{figures.judged:,.0f}"),
        ("relevant articles that a worker reads, a second and core", f"{figures.read:,.1f}"),
        ("statements, readings of a relevant article", f"{figures.statements:.1f}, {figures.readings:.1f}"),
        ("readings that the detector follows, a second and core", f"{figures.followed:,.0f}"),
        ("Kafka: bytes of a relevant article (value)", f"{figures.article_bytes:,.0f}"),
        ("Kafka: bytes of a reading (value)", f"{figures.reading_bytes:,.0f}"),
        ("Kafka: bytes of its row in the log of the workers' table (key and value)", f"{figures.row_bytes:,.0f}"),
        ("a worker's memory: bytes for a reading of the last month; of them its row's text",
         f"{figures.state_reading:,.0f}; {figures.state_text:,.0f}"),
        ("a worker's memory: bytes for an actor besides", f"{figures.state_actor:,.0f}"),
        ("rows that a new worker takes in, a second", f"{figures.rows_taken_in:,.0f}"),
    ]  # fmt: skip
    needs = [(load, estimate(figures, load)) for load in LOADS]
    rows: list[tuple[str, list[str]]] = [
        ("articles a day (assumed)", [f"{load.articles:,}" for load, _ in needs]),
        ("of them about the subject", [f"{load.relevant:.2%}" for load, _ in needs]),
        ("busiest hour, a second: shown; read", [f"{one.shown:,.0f}; {one.read:,.1f}" for _, one in needs]),
        ("cores: judging; reading; following",
         [f"{one.cores_judging:.2f}; {one.cores_reading:.2f}; {one.cores_following:.2f}" for _, one in needs]),
        ("readings of a month in memory", [f"{one.rows:,.0f}" for _, one in needs]),
        ("memory for them, over all workers", [f"{one.memory:,.1f} GB" for _, one in needs]),
        (f"a quarter of them within {LIMIT:g} GB",
         ["yes" if one.memory / PARTITIONS < LIMIT else "no" for _, one in needs]),
        ("a new worker takes in a quarter within", [_span(one.takeover) for _, one in needs]),
        ("disk, one copy: articles, 30 days", [f"{one.disk_articles:,.1f} GB" for _, one in needs]),
        ("disk, one copy: readings, a year", [f"{one.disk_readings_a_year:,.0f} GB" for _, one in needs]),
        ("disk, one copy: the workers' table", [f"{one.disk_rows:,.1f} GB" for _, one in needs]),
    ]  # fmt: skip
    lines = [
        BEGIN,
        f"Measured on {figures.on} ({figures.machine}) on {figures.source}; {figures.relevant} of the",
        f"{figures.articles} are about the subject:",
        "",
        "| figure | value |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in measured),
        "",
        "Bytes on Kafka are those of the records as they are sent: nothing is compressed, and each replica has them",
        "again. What Kafka adds is left out: a header of 61 bytes for the records that are sent together, some ten for",
        "each, its indexes, and in the workers' table the older rows of a key until they are compacted away. Bytes of",
        "memory are Python's own count of what a reading adds; a worker with its model and without readings is on top,",
        "and so is what the allocator keeps.",
        "",
        "What follows. Assumed are the load, four times the average in the busiest hour, and 200 actors; 1.21 % about",
        "the subject is what was measured on 61,478 headlines (README.md), the other shares are assumed.",
        "",
        "| | " + " | ".join("" for _ in needs) + " |",
        "|---" * (len(needs) + 1) + "|",
        *(f"| {name} | " + " | ".join(values) + " |" for name, values in rows),
        END,
    ]
    return "\n".join(lines)


def put_into(text: str, section: str) -> str:
    """Return the text with the section in place of what stands between the marks; ValueError without them."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the text has no {BEGIN} and {END}")
    return before + section + after


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
