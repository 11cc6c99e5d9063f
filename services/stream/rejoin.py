"""A group's refusal that nobody expects -> the worker asks for its place again; never touches a record or an offset.

aiokafka's coordinator stops at such an answer until its user has fetched the error. Faust fetches it only while it
reads, and a worker that was refused its place has nothing to read: it would wait, not ready, until somebody started it
anew. The embedded broker refuses so (INVALID_REQUEST) each follower whose SyncGroup comes after the leader's.
"""

import logging
import threading
import time
from contextlib import suppress
from typing import Any, Final

import faust
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from services.logs import about

log = logging.getLogger("parley.stream")

ASK_EVERY: Final = 1.0


def watch_membership(app: faust.App) -> None:
    """Look each second, for as long as the process lives, whether the group has refused this worker."""

    def look() -> None:
        while True:
            time.sleep(ASK_EVERY)
            thread, consumer = _clients(app)
            if consumer is not None:
                # Whatever touches the consumer has to run in the loop that owns it. The loop may have ended since.
                with suppress(RuntimeError):
                    thread.thread_loop.call_soon_threadsafe(_fetch, consumer)

    # A thread of our own, since Faust starts its timers only when the worker has its place.
    threading.Thread(target=look, name="membership", daemon=True).start()


def own_partitions(app: faust.App) -> set[tuple[str, int]]:
    """Return the partitions that the group has given this worker, as its client knows; may be called in any thread."""
    _, consumer = _clients(app)
    return {(place.topic, place.partition) for place in consumer.assignment()} if consumer is not None else set()


def _clients(app: faust.App) -> tuple[Any, AIOKafkaConsumer | None]:
    # Not `app.consumer`, which would make one where there is none yet.
    thread: Any = getattr(app._consumer, "_thread", None)
    return thread, getattr(thread, "_consumer", None)


def _fetch(consumer: AIOKafkaConsumer) -> None:
    refusal = fetch_refusal(consumer)
    if refusal is not None:
        log.warning("the group refused this worker (%s); it joins again", refusal, extra=about("group-refused"))


def fetch_refusal(consumer: Any) -> KafkaError | None:
    """Return the error at which the consumer's coordinator stands still, if any; with that, it goes on and joins again.

    Has to be called in the consumer's own event loop.
    """
    coordinator = consumer._coordinator
    # Without a group there is a coordinator of another kind, which has nothing to wait for.
    if getattr(coordinator, "_pending_exception", None) is None:
        return None
    try:
        coordinator.check_errors()
    except KafkaError as error:
        return error
    return None
