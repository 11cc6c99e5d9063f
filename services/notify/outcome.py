"""What an attempt to deliver came to, as a channel sees it: whether to try again, never how or when."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """One attempt's result; also the `outcome` label of the deliveries metric."""

    DELIVERED = "delivered"
    FAILED = "failed"  # The sink answered that it could not: try again later.
    THROTTLED = "throttled"  # The sink asked for a pause: everything for it waits.
    UNREACHABLE = "unreachable"  # No answer. When the sink answers again, what waited for it goes out at once.
    REFUSED = "refused"  # This message will never be taken: put it aside.
    GONE = "gone"  # The sink wants nothing more from us.


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict with its reason in a few words, which never hold an address or a secret.

    `retry_after` is in seconds. `unknown` says that the sink may have taken the message although no answer came, so
    that the next attempt must carry the same id. `message` is what the sink calls the message it took, where it does.
    """

    verdict: Verdict
    reason: str = ""
    retry_after: float | None = None
    unknown: bool = False
    message: str = ""
