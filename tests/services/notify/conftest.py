"""The notifier's tests run on real receivers and a clock that they can put forward."""

from collections.abc import Iterator

import pytest

from services.broker.embedded import EmbeddedBroker
from services.notify import connect, dispatch
from streams.topics import ALERTS


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the loops look at the ledger and the clock all the time, since tests move both behind their backs."""
    monkeypatch.setattr(dispatch, "LOOK_EVERY", 0.02)


@pytest.fixture(autouse=True)
def _short_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded broker lets a second member in only when the first one's session has run out, left or not."""
    monkeypatch.setattr(connect, "SESSION_MS", 900)


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    """A broker of the test's own."""
    with EmbeddedBroker([ALERTS]) as running:
        yield running
