"""The changelog's reader against a broker that forgets, and against none."""

import asyncio
import gc
import warnings

import pytest
from aiokafka.errors import KafkaConnectionError
from kafka import KafkaProducer

from services.broker.embedded import EmbeddedBroker
from streams.changelog import Changelog, MadeAnew
from streams.topics import CHANGELOG


def fill(bootstrap: str, rows: int) -> None:
    producer = KafkaProducer(bootstrap_servers=bootstrap, api_version=(2, 3), enable_idempotence=False, acks="all")
    for number in range(rows):
        producer.send(CHANGELOG.name, b"value", f"0 row-{number}".encode(), partition=0)
    producer.flush()
    producer.close()


def test_a_log_that_ends_before_what_was_read_is_another_log() -> None:
    """As after the topic, or the broker's disk, was made anew under a worker that lives on."""
    with EmbeddedBroker() as broker:
        fill(broker.bootstrap, 5)
        found = asyncio.run(Changelog(broker.bootstrap).read(0, 0))
        assert (len(found.rows), found.following) == (5, 5)
    with EmbeddedBroker() as anew:
        fill(anew.bootstrap, 2)
        with pytest.raises(MadeAnew, match="ends at 2, and was read up to 5"):
            asyncio.run(Changelog(anew.bootstrap).read(0, found.following))


def test_a_broker_that_is_away_leaves_no_open_connection() -> None:
    with warnings.catch_warnings(record=True) as complaints:
        warnings.simplefilter("always")
        with pytest.raises(KafkaConnectionError):
            asyncio.run(Changelog("127.0.0.1:1").read(0, 0))
        gc.collect()
    assert [str(one.message) for one in complaints if "AIOKafka" in str(one.message)] == []
