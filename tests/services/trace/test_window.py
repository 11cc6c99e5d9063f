"""How much of years of readings a trace reads, on Apache Kafka, which keeps the times of records."""

import json
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer
from msgspec.structs import replace

from services.__main__ import main
from services.broker.apache import ApacheKafka
from services.broker.topics import ensure_topics
from services.trace.gather import follow_article
from services.trace.scan import Scan
from streams.records import Reading
from streams.rows import reading_row
from streams.topics import CHANGELOG, READINGS, encode
from tests.streams.made import reading

pytestmark = pytest.mark.timeout(300)

LIBS = Path(__file__).parents[3] / ".parley" / "kafka" / "libs"
NOW = datetime.now(UTC).replace(microsecond=0)
YEARS = 3 * 365
# Of readings that have gone from the table long ago, one that counted, and one that never did.
COUNTED, UNCOUNTED = 400, 700


def said(day: int) -> Reading:
    """What was read so many days ago."""
    at = NOW - timedelta(days=day)
    made = reading(f"r-{day}", 0.0, "neither" if day == UNCOUNTED else "favor")
    return replace(made, article=f"article-{day}", published=at, fetched=at)


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if shutil.which("java") is None or not (LIBS / ".done").exists():
        pytest.skip("Apache Kafka is not here: needs Java 17+ and `make kafka-jars` (Maven)")
    with ApacheKafka(LIBS, tmp_path_factory.mktemp("kafka")) as broker:
        ensure_topics(broker.bootstrap, 1)
        producer = Producer({"bootstrap.servers": broker.bootstrap})
        for day in range(YEARS, 0, -1):
            one = said(day)
            at = int(one.fetched.timestamp() * 1000)
            producer.produce(READINGS.name, encode(one), one.actor.encode(), partition=0, timestamp=at)
        row = reading_row(said(COUNTED))
        producer.produce(CHANGELOG.name, row.value, f"0 {row.key}".encode(), partition=0)
        assert producer.flush(60) == 0
        yield broker.bootstrap


class CountingScan(Scan):
    """A scan that knows how many readings it was given."""

    readings = 0

    def __enter__(self) -> "CountingScan":
        super().__enter__()
        return self

    def records(self, topic: str, partitions: list[int], *bounds: int | None) -> Iterator[Any]:
        for message in super().records(topic, partitions, *bounds):
            self.readings += topic == READINGS.name
            yield message


def test_an_article_that_is_gone_from_its_topic_is_found_by_the_table_without_reading_the_years(
    kafka: str, tmp_path: Path
) -> None:
    with CountingScan(kafka, "") as scan:
        trace = follow_article(f"article-{COUNTED}", scan, tmp_path)
    assert [one.id for one in trace.readings] == [said(COUNTED).id]
    assert trace.window is not None
    assert trace.window.told_by == "the workers' table"
    assert 0 < scan.readings <= 80 < YEARS


def test_one_that_nothing_knows_reads_no_readings_and_says_what_to_do(
    kafka: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with CountingScan(kafka, "") as scan:
        assert not follow_article(f"article-{UNCOUNTED}", scan, tmp_path).known
    assert scan.readings == 0
    code, _, err = trace(kafka, tmp_path, capsys, monkeypatch, f"article-{UNCOUNTED}")
    assert code == 1
    assert "name the day with --since" in err


def test_the_day_on_which_it_came_finds_it(
    kafka: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    day = f"{NOW - timedelta(days=UNCOUNTED + 1):%Y-%m-%d}"
    code, out, err = trace(
        kafka, tmp_path, capsys, monkeypatch, f"article-{UNCOUNTED}", "--since", day, "--json"
    )  # fmt: skip
    assert code == 0, err
    assert [one["id"] for one in json.loads(out)["read"]] == [said(UNCOUNTED).id]


def trace(
    kafka: str, state: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["parley", "trace", *arguments, "--kafka", kafka, "--state", str(state)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0), *capsys.readouterr()
