"""Looks for input that breaks the parser, the decoder or the reader of statements: python -m ops.fuzz [SECONDS].

Hypothesis makes the inputs and shrinks what it finds; the seed of each round is printed with a failure. One core. What
is found belongs into a test beside what it is about. Exit code 1 where something was found.
"""

import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from ops.fuzz import articles, feeds, records

# An input of some kilobytes is read in milliseconds. One that takes this long would stop a feed or a worker.
SLOW_SECONDS = 10
ROUND = 300


class TooSlow(Exception):
    """An input took longer than SLOW_SECONDS."""


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise TooSlow(f"longer than {SLOW_SECONDS} s")


def search(name: str, inputs: st.SearchStrategy[Any], check: Callable[[Any], None], seconds: float) -> bool:
    """Try inputs for so many seconds; return whether all of them held, and print what did not."""
    end, tried = time.monotonic() + seconds, 0

    def hold(found: Any) -> None:
        nonlocal tried
        tried += 1
        signal.setitimer(signal.ITIMER_REAL, SLOW_SECONDS)
        try:
            check(found)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    while time.monotonic() < end:
        number = int.from_bytes(os.urandom(4))
        run = settings(
            max_examples=ROUND, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )(given(inputs)(hold))  # fmt: skip
        try:
            seed(number)(run)()
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            print(f"{name}: after {tried} inputs (seed {number}):", flush=True)
            traceback.print_exception(error, limit=-6)
            return False
    print(f"{name}: {tried} inputs in {seconds:.0f} s, nothing found", flush=True)
    return True


def main() -> int:
    words = sys.argv[1] if len(sys.argv) > 1 else "60"
    if not words.isdecimal() or not int(words):
        print(f"parley: SECONDS={words}: not a number of seconds", file=sys.stderr)
        return 2
    signal.signal(signal.SIGALRM, _interrupt)
    warnings.simplefilter("ignore")
    each = int(words) / 3
    targets = {"parser": feeds, "decoder": records, "statements": articles}
    held = [search(name, target.INPUTS, target.check, each) for name, target in targets.items()]
    return int(not all(held))


if __name__ == "__main__":
    sys.exit(main())
