"""The broker's own identity, which state on disk is stamped with; never a topic's content.

Offsets and "already delivered" mean something only for the cluster they were made with: state of another one would
skip or repeat records without a word.
"""

import logging
import socket
import time
from contextlib import suppress

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from services.broker.security import client_security
from services.errors import BrokerProblem, UsageProblem

log = logging.getLogger("parley.broker")

TIMEOUT_MS = 5_000
AWAIT_SECONDS = 20.0
KNOCK_SECONDS = 2.0


def pinned_version(setting: str) -> tuple[int, ...] | None:
    """Turn the setting `2.3` into the `api_version` that kafka-python takes; empty means: ask the broker."""
    return tuple(int(part) for part in setting.split(".")) if setting else None


def read_cluster_id(bootstrap: str, api_version: str = "") -> str:
    """Return the id that the broker's cluster was formatted with; raises BrokerProblem when it cannot be asked.

    `bootstrap` and `api_version` are the settings `kafka` and `kafka_api_version`; raises UsageProblem where they are
    no addresses. Answers or raises within some seconds.
    """
    knock(bootstrap)
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap,
            client_id="parley-cluster",
            api_version=pinned_version(api_version),
            **client_security(),
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


def knock(bootstrap: str) -> None:
    """Make sure that one of the bootstrap servers listens; raises BrokerProblem with the reason when none does.

    kafka-python tries for half a minute, logs every refusal as an error and leaves the sockets to the garbage
    collector; it is not asked before somebody is there.
    """
    refusals = []
    for host, port in _addresses(bootstrap):
        try:
            with socket.create_connection((host, port), timeout=KNOCK_SECONDS):
                return
        except (OSError, UnicodeError) as error:
            refusals.append(f"{host}:{port}: {getattr(error, 'strerror', None) or type(error).__name__}")
    raise BrokerProblem(f"broker {bootstrap}: cannot be reached ({'; '.join(refusals)})")


def await_broker(bootstrap: str, seconds: float | None = None) -> None:
    """Wait until one of the bootstrap servers listens, for AWAIT_SECONDS if nothing else is said.

    A broker that starts with us, or is restarted, is there within that time. Says once that it waits; raises
    BrokerProblem when the time is over, UsageProblem at once where `bootstrap` is no list of addresses.
    """
    deadline = time.monotonic() + (AWAIT_SECONDS if seconds is None else seconds)
    told = False
    while True:
        try:
            knock(bootstrap)
            return
        except BrokerProblem as error:
            if time.monotonic() >= deadline:
                raise
            if not told:
                log.warning("not ready: %s; waiting", error)
                told = True
        time.sleep(min(1.0, max(0.0, deadline - time.monotonic())))


def _addresses(bootstrap: str) -> list[tuple[str, int]]:
    """Split the setting `kafka`; a server without a port has Kafka's own."""
    addresses = []
    for server in bootstrap.split(","):
        host, _, port = server.strip().rpartition(":") if not server.strip().endswith("]") else (server.strip(), "", "")
        if not host:
            host, port = port, "9092"
        number = 0
        with suppress(ValueError):
            number = int(port or "9092")
        if not host.strip("[]") or not 0 < number < 65536:
            raise UsageProblem(f"--kafka (PARLEY_KAFKA) {bootstrap!r}: not a comma-separated list of host:port")
        addresses.append((host.strip("[]"), number))
    return addresses
