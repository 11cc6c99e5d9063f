"""An archive of headlines -> articles in the order in which they were first seen.

A line of the archive is {"first_seen", "title", "outlet"}, gzipped. It says nothing of texts or addresses.
"""

import gzip
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from models.predict import StanceReader
from services.ingest.articles import sign_article
from services.ingest.relevance import judge
from services.read.lines import parse_time
from services.replay import ReadBatch
from services.settings import read_settings
from streams.batch import read_batch
from streams.catalogue import read_catalogue
from streams.records import Article, content_id

ARCHIVE = Path(__file__).resolve().parents[3] / "shared" / "data" / "headlines-2025-2026.jsonl.gz"


def read_articles(path: Path) -> Iterator[Article]:
    """Yield the archive's headlines about a settlement, as articles without text."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            if not judge(row["title"], "").relevant:
                continue
            seen = parse_time(row["first_seen"])
            yield Article(
                id=content_id(row["title"], row["outlet"], number),
                url="",
                outlet=row["outlet"],
                title=row["title"],
                text="",
                published=seen,
                fetched=seen,
                signature=sign_article(row["title"], ""),
            )


def load_reader() -> ReadBatch:
    """Return the shipped way from articles to readings."""
    reader = StanceReader.load(read_settings().model)
    return partial(read_batch, catalogue=read_catalogue(), read_stances=reader.read, model=reader.version)
