"""The notifier's tests run on real receivers and a clock that they can put forward."""

import pytest

from services.notify import dispatch


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the loops look at the ledger and the clock all the time, since tests move both behind their backs."""
    monkeypatch.setattr(dispatch, "LOOK_EVERY", 0.02)
