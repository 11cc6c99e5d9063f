"""The broker's own identity, which state on disk is stamped with; never a topic's content.

Offsets and "already delivered" mean something only for the cluster they were made with: state of another one would
skip or repeat records without a word.
"""

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from services.errors import BrokerProblem

TIMEOUT_MS = 5_000


def pinned_version(setting: str) -> tuple[int, ...] | None:
    """Turn the setting `2.3` into the `api_version` that kafka-python takes; empty means: ask the broker."""
    return tuple(int(part) for part in setting.split(".")) if setting else None


def read_cluster_id(bootstrap: str, api_version: str = "") -> str:
    """Return the id that the broker's cluster was formatted with; raises BrokerProblem when it cannot be asked.

    `api_version` is the setting `kafka_api_version`. Answers or raises within some five seconds.
    """
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap,
            client_id="parley-cluster",
            api_version=pinned_version(api_version),
            bootstrap_timeout_ms=TIMEOUT_MS,
            request_timeout_ms=TIMEOUT_MS,
        )
    except KafkaError as error:
        raise BrokerProblem(f"broker {bootstrap}: cannot be reached ({type(error).__name__})") from None
    try:
        found = admin.describe_cluster().get("cluster_id")
    except KafkaError as error:
        raise BrokerProblem(f"broker {bootstrap}: does not answer ({type(error).__name__})") from None
    finally:
        admin.close()
    if not found:
        raise BrokerProblem(f"broker {bootstrap}: names no cluster id")
    return str(found)
