"""`parley dead-letters` on a real broker: what it lists, what it puts back, and what it remembers."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer

from services.broker.embedded import API_VERSION, EmbeddedBroker
from services.dead_letters import DeadLetters, Filter
from streams.topics import ALERTS, ARTICLES, DEAD_REASON, DEAD_SOURCE, Topic
from tests.services.received import read_embedded

EVERYTHING = Filter()


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker([ARTICLES, ALERTS]) as running:
        yield running


def put(
    broker: EmbeddedBroker, topic: Topic, partition: int, offset: int, reason: str, value: bytes | None = b"{"
) -> None:
    """Put a dead letter where the worker would have."""
    headers = [(DEAD_REASON, reason.encode()), (DEAD_SOURCE, f"{topic.name}/{partition}/{offset}".encode())]
    produce(broker, topic.dead, value, partition, headers)


def produce(
    broker: EmbeddedBroker,
    topic: str,
    value: bytes | None,
    partition: int,
    headers: list[tuple[str, bytes]],
    key: bytes | None = b"key",
) -> None:
    producer = KafkaProducer(
        bootstrap_servers=broker.bootstrap, api_version=(2, 3), enable_idempotence=False, max_request_size=10_000_000
    )
    producer.send(topic, value, key, headers, partition).get(60)
    producer.close()


def records(broker: EmbeddedBroker, topic: Topic, partition: int) -> list[Any]:
    """All that is on the partition."""
    return [record for record in read_embedded(broker.bootstrap, topic.name) if record.partition == partition]


def letters(broker: EmbeddedBroker, wanted: Filter = EVERYTHING) -> list[tuple[str, int, int]]:
    with DeadLetters(broker.bootstrap, API_VERSION) as dead:
        return [letter.source for letter in dead.waiting(wanted)]


def parley(broker: EmbeddedBroker, *arguments: str) -> "subprocess.CompletedProcess[str]":
    where = ["--kafka", broker.bootstrap, "--kafka-api-version", API_VERSION]
    return subprocess.run(
        [sys.executable, "-m", "services", "dead-letters", *arguments, *where],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[2],
    )


def test_letters_are_listed_with_place_source_reason_key_and_the_beginning_of_the_value(broker: EmbeddedBroker) -> None:
    put(broker, ARTICLES, 2, 17, "malformed: Expected `object`", b"\x1b[31m" + b"x" * 1000)
    result = parley(broker, "list")
    assert result.returncode == 0, result.stderr
    assert "articles.v1.dead/2/0 · from articles.v1/2/17" in result.stdout
    assert "malformed: Expected `object` · key key" in result.stdout
    assert "x" * 100 in result.stdout
    assert "x" * 120 not in result.stdout
    assert "\x1b" not in result.stdout
    assert "1 dead letters wait" in result.stderr
    row = json.loads(parley(broker, "list", "--json").stdout)
    assert row["source"] == "articles.v1/2/17"
    assert row["reason"] == "malformed: Expected `object`"


def test_a_replayed_letter_is_on_its_source_again_byte_for_byte_and_no_longer_waits(broker: EmbeddedBroker) -> None:
    put(broker, ARTICLES, 3, 5, "malformed: x", b"\x00\xff{")
    result = parley(broker, "replay", "--offset", "5")
    assert (result.returncode, result.stdout) == (0, "1 dead letters replayed\n")
    (again,) = records(broker, ARTICLES, 3)
    assert (again.key, again.value, again.headers) == (b"key", b"\x00\xff{", [])
    assert letters(broker) == []
    assert parley(broker, "replay", "--all").stdout == "0 dead letters replayed\n"
    assert len(records(broker, ARTICLES, 3)) == 1


def test_a_letter_without_a_key_is_put_back_and_no_longer_waits(broker: EmbeddedBroker) -> None:
    headers = [(DEAD_REASON, b"malformed: x"), (DEAD_SOURCE, b"articles.v1/1/4")]
    produce(broker, ARTICLES.dead, b"{", 1, headers, key=None)
    assert parley(broker, "replay", "--all").stdout == "1 dead letters replayed\n"
    (again,) = records(broker, ARTICLES, 1)
    assert (again.key, again.value) == (None, b"{")
    assert letters(broker) == []


def test_dropping_one_letter_leaves_those_before_and_after_it(broker: EmbeddedBroker) -> None:
    for offset in range(3):
        put(broker, ARTICLES, 0, offset, "malformed: x")
    result = parley(broker, "drop", "--topic", "articles.v1", "--offset", "1")
    assert result.stdout == "1 dead letters dropped\n"
    assert letters(broker) == [("articles.v1", 0, 0), ("articles.v1", 0, 2)]
    assert records(broker, ARTICLES, 0) == []


def test_filters_choose_by_topic_reason_partition_and_offset(broker: EmbeddedBroker) -> None:
    put(broker, ARTICLES, 0, 1, "malformed: x")
    put(broker, ARTICLES, 1, 1, "killed-the-worker: x")
    put(broker, ALERTS, 1, 2, "malformed: x")
    assert len(letters(broker)) == 3
    assert letters(broker, Filter(topics=frozenset({"alerts.v1"}))) == [("alerts.v1", 1, 2)]
    assert letters(broker, Filter(topics=frozenset({"alerts.v1.dead"}))) == [("alerts.v1", 1, 2)]
    assert letters(broker, Filter(reasons=frozenset({"killed-the-worker"}))) == [("articles.v1", 1, 1)]
    assert letters(broker, Filter(partitions=frozenset({0}))) == [("articles.v1", 0, 1)]
    assert letters(broker, Filter(offsets=frozenset({2}))) == [("alerts.v1", 1, 2)]
    assert letters(broker, Filter(offsets=frozenset({3}))) == []


def test_a_value_that_was_too_large_for_its_letter_is_taken_from_the_source(broker: EmbeddedBroker) -> None:
    large = b"x" * 900_000
    produce(broker, ALERTS.name, large, 1, [])
    put(broker, ALERTS, 1, 0, "malformed: y (value of 900000 bytes left out)", None)
    with DeadLetters(broker.bootstrap, API_VERSION) as dead:
        for letter in dead.waiting(EVERYTHING):
            dead.replay(letter)
    assert [record.value for record in records(broker, ALERTS, 1)] == [large, large]


def test_a_replay_cut_off_before_its_mark_is_replayed_again_and_never_lost(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(broker, ARTICLES, 0, 0, "malformed: x")
    with DeadLetters(broker.bootstrap, API_VERSION) as dead:
        (letter,) = dead.waiting(EVERYTHING)
        monkeypatch.setattr(dead, "_mark", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            dead.replay(letter)
    assert len(letters(broker)) == 1
    assert len(records(broker, ARTICLES, 0)) == 1


def test_a_letter_that_does_not_say_where_it_came_from_can_only_be_dropped(broker: EmbeddedBroker) -> None:
    produce(broker, ARTICLES.dead, b"?", 0, [])
    result = parley(broker, "replay", "--all")
    assert result.returncode == 1
    assert "can only be dropped" in result.stderr
    assert parley(broker, "drop", "--all").returncode == 0
    assert letters(broker) == []


@pytest.mark.parametrize("verb", ["replay", "drop"])
def test_nothing_is_seen_to_unless_it_is_said_which(broker: EmbeddedBroker, verb: str) -> None:
    put(broker, ARTICLES, 0, 0, "malformed: x")
    result = parley(broker, verb)
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "--all" in result.stderr
    assert len(letters(broker)) == 1


def test_a_broker_that_is_not_there_is_one_clear_line() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "services", "dead-letters", "list", "--kafka", "127.0.0.1:1"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "127.0.0.1:1" in result.stderr
