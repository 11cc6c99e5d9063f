"""Log lines of every process: one line an event, on standard error."""

import logging
import sys

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def start_logging(level: str) -> None:
    """Send the project's log to standard error at `level`; libraries speak from warning up."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format=FORMAT, datefmt="%Y-%m-%dT%H:%M:%S", force=True
    )
    logging.getLogger("parley").setLevel(level.upper())
