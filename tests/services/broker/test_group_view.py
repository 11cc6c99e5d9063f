"""A group's places as they are seen from outside."""

from contextlib import closing

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.structs import OffsetAndMetadata

from services.broker.embedded import API_VERSION, EmbeddedBroker
from services.broker.group_view import GroupView, Waits
from streams.topics import ARTICLES

GROUP = "a-group"


def test_it_sees_what_waits_and_what_can_be_read_of_it() -> None:
    with EmbeddedBroker() as broker:
        options = {"bootstrap_servers": broker.bootstrap, "api_version": (2, 3)}
        with closing(KafkaProducer(**options, enable_idempotence=False)) as producer:
            for number in range(3):
                producer.send(ARTICLES.name, str(number).encode(), partition=1).get(60)
        with closing(GroupView(broker.bootstrap, API_VERSION, GROUP, [ARTICLES.name])) as view:
            assert view.waiting() == {Waits(ARTICLES.name, 1, 0)}
            assert view.readable(Waits(ARTICLES.name, 1, 0))
            assert view.readable(Waits(ARTICLES.name, 1, 2))
            with closing(KafkaConsumer(**options, group_id=GROUP, enable_auto_commit=False)) as consumer:
                place = TopicPartition(ARTICLES.name, 1)
                consumer.assign([place])
                consumer.commit({place: OffsetAndMetadata(2, "", -1)})
                assert view.waiting() == {Waits(ARTICLES.name, 1, 2)}
                consumer.commit({place: OffsetAndMetadata(3, "", -1)})
                assert view.waiting() == set()
            assert not view.readable(Waits(ARTICLES.name, 1, 3))
