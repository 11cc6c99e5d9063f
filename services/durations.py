"""Lengths of time as people write them: "90s", "10m", "2h", "1d12h" to seconds and back; never a point in time."""

import re
from typing import Final

UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_WHOLE: Final = re.compile(r"(?:\s*\d+(?:\.\d+)?\s*[smhd])+\s*", re.ASCII)
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])", re.ASCII)


def read_duration(text: str) -> float:
    """Return the seconds; raises ValueError, which says how to write it, for what is no length of time."""
    if not _WHOLE.fullmatch(text):
        raise ValueError("write a length of time as 90s, 10m, 2h or 1d")
    return sum(float(number) * UNITS[unit] for number, unit in _PART.findall(text))


def show_duration(seconds: float) -> str:
    """Write a length of time in its two largest units."""
    left = max(0, round(seconds))
    parts: list[str] = []
    for unit, size in sorted(UNITS.items(), key=lambda item: -item[1]):
        if left >= size and len(parts) < 2:
            parts.append(f"{left // size}{unit}")
            left %= size
    return "".join(parts) or "0s"
