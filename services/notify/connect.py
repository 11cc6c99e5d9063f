"""A connection to `alerts.v1` with every setting that its contract needs; reads nothing itself."""

from typing import Final

from kafka import KafkaConsumer
from kafka.structs import MemberState

from services.broker.cluster import knock, pinned_version
from services.broker.security import client_security
from services.errors import BrokerProblem
from streams.topics import ALERTS

GROUP: Final = "parley-notify"
SESSION_MS = 10_000  # How long alerts wait when a notifier was killed and another one starts.


def open_consumer(bootstrap: str, api_version: str) -> KafkaConsumer:
    """Return a member of the notifiers' group. Nothing is committed but what is committed by hand.

    A group rather than fixed partitions, so that a second notifier, started by mistake or as a spare, shares the alerts
    instead of telling each of them again.
    """
    return KafkaConsumer(
        ALERTS.name,
        bootstrap_servers=bootstrap,
        api_version=pinned_version(api_version),
        **client_security(),
        client_id="parley-notify",
        group_id=GROUP,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        allow_auto_create_topics=False,
        session_timeout_ms=SESSION_MS,
        heartbeat_interval_ms=SESSION_MS // 3,
        max_partition_fetch_bytes=8 * 1024 * 1024,
        metadata_max_age_ms=30_000,
        # After an outage the default may wait half a minute longer than the broker needs.
        reconnect_backoff_max_ms=2_000,
    )


def is_member(consumer: KafkaConsumer) -> bool:
    """Whether the group has taken this consumer in; one that has no partition of its own may be a member too."""
    return bool(consumer.group_metadata().state == MemberState.STABLE)


def join_most() -> float:
    """Return how many seconds joining may take.

    A request that the broker lost is not sent again for five minutes, and kafka-python's metadata loop ends for good
    when a connection closes under it; a new connection mends both.
    """
    return 3 * SESSION_MS / 1000


def listens(bootstrap: str) -> bool:
    """Whether one of the bootstrap servers takes connections."""
    try:
        knock(bootstrap)
    except BrokerProblem:
        return False
    return True
