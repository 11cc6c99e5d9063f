"""Real headlines: an agency's "… — X" is X's, and quotes in real articles are exact."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from streams.records import Article
from streams.statements import find_statements
from tests.streams.statements.sample import catalogue

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
NAMED = re.compile(
    r" [—–-] (Kremlin|Lavrov|Putin|Foreign Ministry|Trump|Szijjarto|Orban|Peskov|Zakharova|Rubio|Macron)$"
)

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.exists(), reason="the real headlines are not beside this checkout (../shared/data)"),
]


def articles() -> Iterator[Article]:
    for file, date in (("headlines-2025-2026.jsonl.gz", "first_seen"), ("articles-2025-05-21.jsonl.gz", "")):
        with gzip.open(DATA / file, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                row = json.loads(line)
                day = datetime.fromisoformat(row[date][:10] if date else "2025-05-21").replace(tzinfo=UTC)
                title, text = row["title"] or "", "" if date else row["text"] or ""
                yield Article(
                    id=f"{file}-{number}", url="", outlet="", title=title, text=text, published=day, fetched=day
                )


def test_an_agency_headline_is_the_words_of_the_one_behind_the_dash() -> None:
    named = [(one, found.group(1)) for one in articles() if (found := NAMED.search(one.title))]
    right = [
        name in {each.speaker for each in find_statements(one, catalogue()) if each.end <= len(one.title)}
        for one, name in named
    ]
    assert len(named) >= 12
    assert sum(right) >= 0.97 * len(right)


def test_every_quote_of_real_articles_is_exact() -> None:
    found = 0
    for one in articles():
        if not one.text:
            continue
        for each in find_statements(one, catalogue()):
            assert one.body[each.start : each.end] == each.quote
            found += 1
    assert found > 300
