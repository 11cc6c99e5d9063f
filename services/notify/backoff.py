"""How long to wait before the next attempt: the one place that knows; pure, randomness and time come in."""

from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from random import Random
from typing import Final

MINUTE: Final = 60.0
HOUR: Final = 3600.0
JITTER: Final = 0.1
LONGEST_PAUSE: Final = 24 * HOUR  # A server that asks for more is mistaken or hostile; both are asked again.


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds between one attempt and the next; the first attempt is made at once."""

    delays: tuple[float, ...]

    @property
    def attempts(self) -> int:
        """How many attempts the schedule holds."""
        return len(self.delays) + 1


# The Standard Webhooks recommendation: ten attempts over three days.
STANDARD: Final = Schedule((5, 5 * MINUTE, 30 * MINUTE, *(h * HOUR for h in (2, 5, 10, 14, 20, 24))))
# A chat channel has no such recommendation, and a desk waits in it: after the first minutes, ask every five for as
# many days.
STEADY: Final = Schedule((5, 30, 2 * MINUTE, *(5 * MINUTE,) * round(sum(STANDARD.delays) / (5 * MINUTE))))
# For so long after its first attempt, what is not the message's fault costs it none: a sink that asks for patience,
# or an outage that has ended. After that everything counts, so that nothing is tried for ever.
FORGIVING: Final = sum(STANDARD.delays)


def next_attempt(
    schedule: Schedule, attempts: int, now: float, retry_after: float | None, random: Random
) -> float | None:
    """Return when to try again after `attempts` that failed; None is: give up.

    The jitter spreads retries by a tenth each way, and only ever lengthens a pause that the sink asked for.
    """
    if attempts >= schedule.attempts:
        return None
    wait = schedule.delays[max(attempts, 1) - 1] * random.uniform(1 - JITTER, 1 + JITTER)
    return now + max(wait, pause(retry_after, random))


def pause(retry_after: float | None, random: Random) -> float:
    """Return how long a sink that asked for `retry_after` seconds is left alone."""
    return min(retry_after or 0.0, LONGEST_PAUSE) * random.uniform(1, 1 + JITTER)


def parse_retry_after(value: str | None, now: float) -> float | None:
    """Read a Retry-After header, in seconds or as an HTTP date; None where there is none that can be read."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_PAUSE)
    try:
        date = parsedate_to_datetime(text)
        # A date without a zone is in UTC by the standard (RFC 9110, 5.6.7).
        at = date.replace(tzinfo=date.tzinfo or UTC).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(0.0, at - now), LONGEST_PAUSE)
