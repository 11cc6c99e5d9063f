"""Makes every missing topic with the partitions and settings its contract needs; never changes one that is there."""

import logging

from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from services.broker.security import client_security
from services.errors import BrokerProblem, UsageProblem
from streams.topics import CHANGELOG, FOREVER, TOPICS, Topic

log = logging.getLogger("parley.broker")


def ensure_topics(bootstrap: str, replication: int) -> None:
    """Create what is missing of Parley's topics, dead letters and the table's changelog included.

    Raises UsageProblem when a topic exists with another number of partitions (keys would then live elsewhere than
    their state), BrokerProblem when the broker cannot be asked.
    """
    dead = [Topic(topic.dead, topic.partitions, {"retention.ms": FOREVER}) for topic in TOPICS]
    wanted = {topic.name: topic for topic in (*TOPICS, CHANGELOG, *dead)}
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap, client_id="parley-topics", request_timeout_ms=15_000, **client_security()
        )
    except KafkaError as error:
        raise BrokerProblem(f"broker {bootstrap}: cannot be reached ({type(error).__name__})") from None
    try:
        existing = {
            found["name"]: found for found in admin.describe_topics(list(set(admin.list_topics()) & set(wanted)))
        }
        for name, topic in wanted.items():
            if name not in existing:
                _create(admin, topic, replication)
            elif (found := len(existing[name]["partitions"])) != topic.partitions:
                raise UsageProblem(
                    f"topic {name} has {found} partitions and Parley needs {topic.partitions}: "
                    "partition counts are fixed for a topic version; use another broker or remove the topic"
                )
    except KafkaError as error:
        raise BrokerProblem(f"broker {bootstrap}: topics cannot be prepared ({type(error).__name__})") from None
    finally:
        admin.close()


def _create(admin: KafkaAdminClient, topic: Topic, replication: int) -> None:
    try:
        admin.create_topics([NewTopic(topic.name, topic.partitions, replication, topic_configs=topic.config)])
        log.info("created topic %s with %d partitions", topic.name, topic.partitions)
    except TopicAlreadyExistsError:
        # Another process of ours was faster; the outcome is the same.
        return
