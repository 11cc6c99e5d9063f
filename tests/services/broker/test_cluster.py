"""Whether a broker is there: asked with a knock, before any client library is."""

import logging
import socket
import threading
import time

import pytest

from services.broker import cluster
from services.broker.cluster import await_broker
from services.errors import BrokerProblem, UsageProblem
from services.ports import free_port


def test_a_broker_that_is_not_there_is_two_clear_lines(caplog: pytest.LogCaptureFixture) -> None:
    """One at once, which says that it waits, and one at the end."""
    port = free_port()
    with caplog.at_level(logging.DEBUG), pytest.raises(BrokerProblem, match=f"127.0.0.1:{port}: cannot be reached"):
        await_broker(f"127.0.0.1:{port}", 1.5)
    assert len(caplog.records) == 1
    assert "waiting" in caplog.text


def test_a_broker_that_comes_late_is_waited_for() -> None:
    port = free_port()
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)

    def listen() -> None:
        listening.bind(("127.0.0.1", port))
        listening.listen()

    timer = threading.Timer(1.0, listen)
    timer.start()
    with listening:
        await_broker(f"127.0.0.1:{port}", 60)
        timer.join()


def test_what_is_no_address_is_not_waited_for() -> None:
    started = time.monotonic()
    with pytest.raises(UsageProblem, match="host:port"):
        await_broker("broker:none")
    assert time.monotonic() - started < cluster.AWAIT_SECONDS
