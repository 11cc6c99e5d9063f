"""An older version of a topic -> the present one, with more partitions; the older one stays as it is.

Order within a key is kept, and so is its place among the pulses: with a multiple of the partitions, each new partition
holds a part of exactly one old one. What goes to every partition (a record without a key) goes to each of the parts.
"""

from typing import Any, Final, NamedTuple

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from services.broker.cluster import knock
from services.broker.partitions import WITHIN, partition_of, read_batches
from services.broker.security import client_security
from services.errors import BrokerProblem, InputProblem, UsageProblem
from streams.topics import Topic

LARGEST: Final = 16 * 1024 * 1024
BATCH: Final = 1000


class Carried(NamedTuple):
    """How many records were read from the older version, and how many they are on the present one."""

    read: int
    written: int


def places_of(key: bytes | None, partition: int, before: int, after: int) -> list[int]:
    """Where a record of `partition` of `before` belongs among `after` partitions, a multiple of `before`."""
    if key is not None:
        return [partition_of(key, after)]
    return list(range(partition, after, before))


def carry_over(bootstrap: str, older: str, topic: Topic) -> Carried:
    """Copy every record of the topic `older` to `topic`, with its key, value, headers and time.

    Raises UsageProblem where there is no such topic, where the partitions are no multiple, or where `topic` has records
    already: half a copy, or one among other records, would have another order. Raises InputProblem where somebody else
    wrote to it meanwhile, and BrokerProblem where the broker does not do.
    """
    if older == topic.name:
        raise UsageProblem(f"--from {older}: that is the version in use; name an older one")
    knock(bootstrap)
    options: dict[str, Any] = {"bootstrap_servers": bootstrap, "client_id": "parley-topics"}
    try:
        consumer = KafkaConsumer(
            **options,
            **client_security(),
            enable_auto_commit=False,
            fetch_max_bytes=LARGEST,
            max_partition_fetch_bytes=LARGEST,
        )
        try:
            producer = KafkaProducer(
                **options,
                **client_security(),
                acks="all",
                # One at a time, so that a second try cannot overtake; a repetition is harmless, since ids follow from
                # content.
                enable_idempotence=False,
                max_in_flight_requests_per_connection=1,
                max_request_size=LARGEST,
                linger_ms=5,
            )
            try:
                return _carry(consumer, producer, older, topic)
            finally:
                producer.close(timeout=WITHIN)
        finally:
            consumer.close(autocommit=False)
    except KafkaError as error:
        raise BrokerProblem(f"{older}: cannot be carried over to {topic.name} ({type(error).__name__})") from None


def _carry(consumer: KafkaConsumer, producer: KafkaProducer, older: str, topic: Topic) -> Carried:
    before = len(consumer.partitions_for_topic(older) or ())
    if not before:
        raise UsageProblem(f"--from {older}: there is no such topic")
    if topic.partitions % before:
        raise UsageProblem(
            f"--from {older}: {topic.partitions} partitions of {topic.name} are no multiple of its {before}, and what "
            "is in one of them would be mixed out of order with another's"
        )
    targets = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
    if any(consumer.end_offsets(targets).values()):
        raise UsageProblem(
            f"{topic.name} has records already; delete it, make it anew with `parley topics`, and try again while "
            "nothing else of Parley runs"
        )
    written = [0] * topic.partitions
    read = 0
    for partition in range(before):
        place = TopicPartition(older, partition)
        start, end = consumer.beginning_offsets([place])[place], consumer.end_offsets([place])[place]
        for records in read_batches(consumer, place, start, end, BATCH):
            read += len(records)
            sent = []
            for record in records:
                for target in places_of(record.key, partition, before, topic.partitions):
                    written[target] += 1
                    sent.append(
                        producer.send(
                            topic.name, record.value, record.key, record.headers, target, timestamp_ms=record.timestamp
                        )
                    )
            for future in sent:
                future.get(timeout=WITHIN)
    found = consumer.end_offsets(targets)
    strange = sum(found.values()) - sum(written)
    if strange:
        raise InputProblem(
            f"{topic.name} has {strange} records more than were carried over: something else of Parley runs; stop it, "
            f"delete {topic.name} and begin again"
        )
    return Carried(read, sum(written))
