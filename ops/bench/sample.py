"""The sample timeline's score: each true shift with the days until it was confirmed, precision and recall.

.venv/bin/parley newsroom --dump | .venv/bin/parley replay - | .venv/bin/python -m ops.bench.sample
"""

import sys
from collections.abc import Iterable

from services.newsroom.timeline import Expected, read_expected
from streams.records import ShiftAlert
from streams.topics import decode_alert


def confirmed_shifts(lines: Iterable[bytes]) -> list[ShiftAlert]:
    """Return the confirmed shifts of states among lines that `parley replay` wrote, oldest first."""
    alerts = [decode_alert(line) for line in lines]
    shifts = [one for one in alerts if one.kind == "shift" and one.status == "confirmed" and one.speaker is None]
    return sorted(shifts, key=lambda one: one.at)


def score(found: list[ShiftAlert], expected: Expected) -> list[str]:
    """Return a line per true shift, a line per false alert, and the two shares."""
    lines, right = [], 0
    left = list(found)
    for shift in expected.shifts:
        own = [
            one
            for one in left
            if (one.actor, one.before, one.after) == (shift.actor, shift.before, shift.after)
            and shift.since <= one.at.date() <= shift.until
        ]
        if own:
            left.remove(own[0])
            right += 1
        when = f"confirmed {own[0].at:%Y-%m-%d}, {(own[0].at.date() - shift.since).days} days" if own else "missed"
        lines.append(f"{shift.actor}: {shift.before} -> {shift.after} from {shift.since}: {when}")
    lines += [f"false: {one.actor}: {one.before} -> {one.after}, {one.at:%Y-%m-%d}" for one in left]
    lines.append(f"precision {right / len(found):.2f}, recall {right / len(expected.shifts):.2f}" if found else "none")
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join(score(confirmed_shifts(sys.stdin.buffer), read_expected())) + "\n")
