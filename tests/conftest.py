"""What every test leaves as it found it."""

import logging
import sys
import threading
from collections.abc import Iterator

import pytest

from services import logs


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Give the process its own logging back: a verb that is run in it logs to a stream that ends with its test."""
    root, ours = logging.getLogger(), logging.getLogger("parley")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    hooks, secrets = (sys.excepthook, threading.excepthook), set(logs._secrets)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])
    sys.excepthook, threading.excepthook = hooks
    logging.captureWarnings(False)
    logs._secrets.clear()
    logs._secrets.update(secrets)
