"""Records that the worker cannot handle."""

import json
from pathlib import Path

import pytest

from streams.topics import ARTICLES, READINGS, encode
from tests.faults.evidence import recovered
from tests.faults.kafka import Kafka, until
from tests.faults.running import Worker
from tests.streams.made import pulse

BROKEN = 70
GOLDEN = Path(__file__).parents[1] / "contracts" / READINGS.name
MALFORMED = [b"{", b'{"id": 7}', b'["an", "array"]', None, b"", b"\xff\xfe", b'{"id":"' + b"x" * 990_000]


@pytest.mark.fault(12, "the reader of stances raises on one article, each time")
def test_an_article_on_which_reading_fails_is_tried_again_and_then_dead_lettered(
    embedded: Kafka, tmp_path: Path
) -> None:
    inputs = embedded.put_articles(range(60))
    with Worker(embedded, tmp_path, "--raise-on", 23) as worker:
        embedded.await_done()
        assert worker.rounds("reading").count(23) >= 2
        # Nor is it stuck when it comes alone, with nothing beside it to compare with.
        alone = embedded.put_articles([23])
        embedded.await_done()
        assert worker.end() == 0
    embedded.assert_none_lost(inputs)
    places = {one.place for one in inputs + alone if one.number == 23}
    reasons = embedded.dead(ARTICLES)
    assert set(reasons) == places
    assert all(reason.startswith("read-failed: ValueError") for reason in reasons.values())


@pytest.mark.fault(12, "the reader of stances raises on everything, through four lives of the worker")
def test_a_broken_model_stops_the_worker_before_it_commits_and_blames_no_article(
    embedded: Kafka, tmp_path: Path
) -> None:
    inputs = embedded.put_articles(range(30))
    for life in range(1, 5):
        with Worker(embedded, tmp_path, "--broken") as worker:
            assert worker.await_exit() == BROKEN
            assert len(worker.events("started")) == life
    assert worker.rounds("reading") != []
    assert worker.rounds("read") == []
    assert embedded.lag(ARTICLES) == 30
    with Worker(embedded, tmp_path) as worker:
        embedded.await_done()
    embedded.assert_none_lost(inputs)
    assert embedded.dead(ARTICLES) == {}


@pytest.mark.fault(13, "bad JSON, wrong types, null, and a megabyte of it, on both topics that the worker reads")
def test_malformed_records_are_dead_lettered_and_the_next_is_not_affected(embedded: Kafka, tmp_path: Path) -> None:
    bad: dict[str, list[str]] = {ARTICLES.name: [], READINGS.name: []}
    inputs = []
    for number, value in enumerate(MALFORMED):
        for topic in (ARTICLES, READINGS):
            # Under one key, so that the good record comes after the bad one in the same partition.
            bad[topic.name] += embedded.put(topic, [(f"a{number}".encode(), value)])
        inputs += embedded.put_articles([number])
    with Worker(embedded, tmp_path) as worker:
        # The malformed ones stay in the log of evidence, so that the end of both topics is the sign.
        embedded.await_done()
        assert worker.end() == 0
    for topic in (ARTICLES, READINGS):
        assert set(embedded.dead(topic)) == set(bad[topic.name])
        assert {reason.split(":")[0] for reason in embedded.dead(topic).values()} == {"malformed"}
    by_source = {dict(letter.headers)["parley-source"].decode(): letter for letter in embedded.read(ARTICLES.dead)}
    assert [by_source[place].value for place in bad[ARTICLES.name]] == [*MALFORMED]
    read = set(worker.rounds("read"))
    assert read == set(range(len(MALFORMED)))
    assert len(inputs) == len(read)


@pytest.mark.fault(13, "a record of a kind that only a newer version knows, and one that an older version left")
def test_what_a_newer_version_sends_waits_for_one_that_knows_it(embedded: Kafka, tmp_path: Path) -> None:
    newer = b'{"record":"promise","actor":"aland","words":"invented"}'
    (place,) = embedded.put(READINGS, [(b"aland", newer)])
    _, partition, offset = place.split("/")
    # As a worker from before this kind was known has left it.
    stand = (GOLDEN / "stand.json").read_text().strip()
    embedded.put_row(int(partition), "kept 3 stand", stand)
    embedded.put(READINGS, [(b"aland", encode(pulse(1)))])
    with Worker(embedded, tmp_path) as worker:
        embedded.await_done()
        assert worker.end() == 0
    assert embedded.dead(READINGS) == {}
    rows = recovered(embedded)[int(partition)]
    assert rows[f"kept {offset} promise"] == newer.decode()
    assert "kept 3 stand" not in rows
    assert [json.loads(value)["record"] for key, value in rows.items() if key.startswith("stand ")] == ["stand"]


@pytest.mark.fault(13, "twenty malformed records in a row")
def test_twenty_dead_letters_in_a_row_stop_the_worker(embedded: Kafka, tmp_path: Path) -> None:
    embedded.put(ARTICLES, [(b"one key", b"{")] * 30)
    with Worker(embedded, tmp_path) as worker:
        assert worker.await_exit() == BROKEN
        assert "20 dead letters in a row" in worker.words()
    until(lambda: len(embedded.dead(ARTICLES)) == 19, 10, "19 were put aside")
    assert embedded.lag(ARTICLES) >= 11
