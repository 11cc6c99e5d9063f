"""The embedded broker speaks Kafka to the clients that Parley uses, and fails on demand."""

import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError

from services.broker.embedded import EmbeddedBroker
from streams.topics import ALERTS, ARTICLES, CHANGELOG, TOPICS


def producer(bootstrap: str, **options: object) -> KafkaProducer:
    return KafkaProducer(
        bootstrap_servers=bootstrap, api_version=(2, 3), enable_idempotence=False, acks="all", **options
    )


def test_every_topic_is_there_with_its_partitions() -> None:
    with EmbeddedBroker() as broker:
        consumer = KafkaConsumer(bootstrap_servers=broker.bootstrap, api_version=(2, 3))
        for topic in (*TOPICS, CHANGELOG):
            assert len(consumer.partitions_for_topic(topic.name)) == topic.partitions
        consumer.close()


def test_what_is_sent_comes_back_with_its_key() -> None:
    with EmbeddedBroker() as broker:
        sender = producer(broker.bootstrap)
        sender.send(ARTICLES.name, b"value", key=b"key").get(60)
        consumer = KafkaConsumer(
            ARTICLES.name, bootstrap_servers=broker.bootstrap, api_version=(2, 3), auto_offset_reset="earliest"
        )
        record = next(consumer)
        assert (record.key, record.value) == (b"key", b"value")
        consumer.close()
        sender.close()


def test_a_pushed_error_is_answered_and_then_gone() -> None:
    with EmbeddedBroker() as broker:
        sender = producer(broker.bootstrap, retries=0)
        sender.send(ALERTS.name, b"before").get(60)
        message_too_large, produce = 10, 0
        broker.push_errors(produce, [message_too_large])
        with pytest.raises(KafkaError):
            sender.send(ALERTS.name, b"refused").get(60)
        sender.send(ALERTS.name, b"after").get(60)
        sender.close()
