"""A feed server's status and headers to what to do next; never touches the network, a clock or a body."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Literal, NamedTuple

Outcome = Literal["fresh", "unchanged", "redirect", "gone", "failed"]

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR

# A server may ask us to stay away for a day at most: a mistaken "a year" must not lose an outlet for good.
RETRY_CAP: Final = DAY
# Publishers set max-age for browsers' sake, often to a day; news that old is no news, and a conditional request
# past the first hour costs the server next to nothing.
FRESH_CAP: Final = HOUR
# A validator is echoed with every visit and stored; one that is longer than this is abuse.
VALIDATOR_CAP: Final = 1024


class Validators(NamedTuple):
    """What a conditional request sends back: `ETag` as `If-None-Match`, `Last-Modified` as `If-Modified-Since`."""

    etag: str = ""
    modified: str = ""

    def headers(self) -> dict[str, str]:
        """The request headers, none where there is nothing to compare."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in pairs.items() if value}

    def updated(self, newer: "Validators") -> "Validators":
        """These, with what a 304 said anew."""
        return Validators(newer.etag or self.etag, newer.modified or self.modified)


NO_VALIDATORS: Final = Validators()


class Answer(NamedTuple):
    """What a response means for us.

    `reason` is empty unless the outcome is "failed" and comes from a bounded set, so that it can label a metric.
    `location` is the redirect's target as sent, `permanent` says that it is to be remembered. `fresh_for` is how
    many seconds the server calls this response fresh, `retry_after` how many it asks us to stay away.
    """

    outcome: Outcome
    reason: str = ""
    validators: Validators = NO_VALIDATORS
    location: str = ""
    permanent: bool = False
    fresh_for: float = 0.0
    retry_after: float = 0.0


def failed(reason: str) -> Answer:
    """The answer that stands for a visit without a usable response."""
    return Answer("failed", reason)


def weigh(status: int, headers: Mapping[str, str], now: datetime) -> Answer:
    """Return what to do after a response with that status and those headers (names in any case); never raises."""
    fields = {name.lower(): value.strip() for name, value in headers.items()}
    retry_after = _retry_after(fields.get("retry-after", ""), now)
    if status in (301, 302, 303, 307, 308):
        location = fields.get("location", "")
        if not location:
            return Answer("failed", "redirect-without-location", retry_after=retry_after)
        return Answer("redirect", location=location, permanent=status in (301, 308), retry_after=retry_after)
    if status == 410:
        return Answer("gone")
    if status in (204, 205, 304):
        return Answer("unchanged", "", _validators(fields), fresh_for=_fresh_for(fields, now), retry_after=retry_after)
    if 200 <= status < 300 and status != 206:
        return Answer("fresh", "", _validators(fields), fresh_for=_fresh_for(fields, now), retry_after=retry_after)
    return Answer("failed", f"http-{status}" if 200 <= status <= 599 else "http-other", retry_after=retry_after)


def _validators(fields: Mapping[str, str]) -> Validators:
    etag, modified = fields.get("etag", ""), fields.get("last-modified", "")
    return Validators(_echoable(etag), _echoable(modified))


def _echoable(value: str) -> str:
    # Sent back verbatim, so nothing that could end the header line or that a server could not have meant.
    return value if len(value) <= VALIDATOR_CAP and value.isascii() and value.isprintable() else ""


def _retry_after(value: str, now: datetime) -> float:
    if value.isascii() and value.isdecimal():
        return min(float(value[:9]), RETRY_CAP)
    return min(max(0.0, _seconds_until(value, now)), RETRY_CAP)


def _fresh_for(fields: Mapping[str, str], now: datetime) -> float:
    """RFC 9111, section 4.2.1, as a private cache: max-age less Age, else Expires less Date."""
    directives: dict[str, str] = {}
    for part in fields.get("cache-control", "").lower().split(","):
        name, _, value = part.strip().partition("=")
        directives.setdefault(name, value.strip('" '))
    if "no-cache" in directives or "no-store" in directives:
        return 0.0
    age = directives.get("max-age", "")
    if age.isascii() and age.isdecimal():
        spent = fields.get("age", "")
        lived = float(spent[:9]) if spent.isascii() and spent.isdecimal() else 0.0
        return min(max(0.0, float(age[:9]) - lived), FRESH_CAP)
    if "expires" in fields:
        # The server's own Date, where it has one: its clock may be wrong in both.
        start = _date(fields.get("date", "")) or now
        return min(max(0.0, _seconds_until(fields["expires"], start)), FRESH_CAP)
    return 0.0


def _seconds_until(value: str, now: datetime) -> float:
    moment = _date(value)
    return (moment - now).total_seconds() if moment else 0.0


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, IndexError, OverflowError):
        return None
    # "-0000" means "UTC, place unknown" and comes back naive.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
