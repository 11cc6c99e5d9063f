"""How many requests a host may get from us at once and how close together; holds no connection and reads no clock."""

from typing import Final

from msgspec import Struct

# Hosts that have been quiet for this long are forgotten, so that years of running do not fill memory.
FORGET_AFTER: Final = 3600.0


class _Host(Struct):
    running: int = 0
    free_at: float = 0.0


class Courtesy:
    """At most `at_once` requests to a host, `delay` seconds between the starts of two. Times are monotonic seconds."""

    def __init__(self, at_once: int, delay: float) -> None:
        self._at_once = at_once
        self._delay = delay
        self._hosts: dict[str, _Host] = {}
        self._swept = 0.0

    def claim(self, host: str, now: float) -> float:
        """Take a turn at `host` and return 0, or return after how many seconds to ask again."""
        self._sweep(now)
        state = self._hosts.setdefault(host, _Host())
        if state.free_at > now:
            return state.free_at - now
        if state.running >= self._at_once:
            return max(self._delay, 0.05)
        state.running += 1
        state.free_at = now + self._delay
        return 0.0

    def release(self, host: str) -> None:
        """Give the turn back; every claim that returned 0 needs one."""
        self._hosts[host].running -= 1

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that are remembered."""
        return tuple(self._hosts)

    def _sweep(self, now: float) -> None:
        if now - self._swept < FORGET_AFTER:
            return
        self._swept = now
        self._hosts = {
            name: host for name, host in self._hosts.items() if host.running or now - host.free_at < FORGET_AFTER
        }
