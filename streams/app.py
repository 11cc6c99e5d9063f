"""The Faust application: its broker, its settings and its guards against silent loss; never what a record means."""

from pathlib import Path
from typing import Any

import faust

from streams.produce import LARGEST
from streams.topics import GROUP

SESSION_SECONDS = 30.0
REQUEST_SECONDS = 40.0


def create_app(
    bootstrap: str,
    state: Path,
    replication: int = 1,
    session_seconds: float = SESSION_SECONDS,
    credentials: Any = None,
) -> faust.App:
    """Return an application without agents.

    `credentials` are Faust's, for brokers that want TLS or a name; None for those that do not.
    A worker that is not heard of for `session_seconds` has lost its partitions.

    Topics are made beforehand (`topic_allow_declare`), since a topic that Faust makes up has the wrong partitions.
    Nothing listens: Faust's own web pages have no authentication. The fetch buffer is bounded, because an article can
    be large. Sessions are shorter than the defaults, so that a frozen worker's partitions move within the half minute.
    """
    return faust.App(
        GROUP,
        broker=[f"kafka://{address.strip()}" for address in bootstrap.split(",")],
        broker_credentials=credentials,
        store="memory://",
        datadir=str(state / "faust"),
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        topic_replication_factor=replication,
        processing_guarantee="at_least_once",
        consumer_auto_offset_reset="earliest",
        stream_buffer_maxsize=256,
        stream_wait_empty=False,
        broker_commit_interval=1.0,
        broker_session_timeout=session_seconds,
        broker_heartbeat_interval=session_seconds / 10,
        broker_request_timeout=REQUEST_SECONDS,
        producer_acks=-1,
        producer_request_timeout=REQUEST_SECONDS,
        producer_max_request_size=LARGEST,
        producer_linger=0.0,
    )
