"""What a user writes for a time -> seconds since the epoch, and back to a date; the present comes in."""

from datetime import UTC, datetime

from services.durations import read_duration
from services.errors import UsageProblem
from services.notify.render.wording import clean


def read_moment(text: str, now: float, direction: int, option: str) -> float:
    """Return a length of time from now on, or back from now, or a point in time (UTC where it names no zone).

    Raises UsageProblem, which names the option.
    """
    try:
        return now + direction * read_duration(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise UsageProblem(f"{option} {clean(text)}: write 8h, 2d or 2026-11-23T08:00") from None
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()


def at(seconds: float) -> datetime:
    """The second, in UTC."""
    return datetime.fromtimestamp(int(seconds), UTC)
