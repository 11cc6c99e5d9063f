"""Whether an article's page may be fetched, by its host's robots.txt; asked for seldom and remembered for a while."""

import asyncio
import re
import time
from collections import OrderedDict
from typing import Final, NamedTuple

from yarl import URL

from services.ingest.digest import page_allowed
from services.ingest.fetch import Fetcher
from services.ingest.sandbox import Sandbox, SandboxFailure

# RFC 9309: at least 500 KiB must be read, a copy should not be used for longer than a day.
SIZE_CAP: Final = 512 * 1024
KEEP: Final = 24 * 3600.0
# Where the file could not be had, the whole host is off limits (section 2.3.1.4), but not for long.
KEEP_UNREACHABLE: Final = 600.0
HOSTS: Final = 4096


class _Rules(NamedTuple):
    text: bytes
    allowed: bool  # Where there is no text: everything, or nothing.
    until: float


class Robots:
    """The robots.txt of every host met, at most 4,096 of them."""

    def __init__(self, fetcher: Fetcher, sandbox: Sandbox, agent: str) -> None:
        self._fetcher = fetcher
        self._sandbox = sandbox
        # The product token, which is what rules name (RFC 9309, section 2.2.1).
        self._agent = re.split(r"[/\s]", agent, maxsplit=1)[0]
        self._rules: OrderedDict[str, _Rules] = OrderedDict()
        self._asking: dict[str, asyncio.Lock] = {}

    async def allow(self, url: str) -> bool:
        """Whether `url` may be fetched; False also where the host's rules cannot be read."""
        try:
            origin = str(URL(url).origin())
        except ValueError:
            return False
        rules = await self._known(origin)
        if not rules.text:
            return rules.allowed
        try:
            return await self._sandbox.run(page_allowed, rules.text, url, self._agent)
        except SandboxFailure:
            return False

    async def _known(self, origin: str) -> _Rules:
        lock = self._asking.setdefault(origin, asyncio.Lock())
        try:
            async with lock:
                rules = self._rules.get(origin)
                if rules is None or rules.until <= time.monotonic():
                    rules = self._rules[origin] = await self._ask(origin)
                self._rules.move_to_end(origin)
                while len(self._rules) > HOSTS:
                    self._rules.popitem(last=False)
                return rules
        finally:
            if not lock.locked():
                self._asking.pop(origin, None)

    async def _ask(self, origin: str) -> _Rules:
        answer, _, _, body, _ = await self._fetcher.fetch(f"{origin}/robots.txt", kind="robots", limit=SIZE_CAP)
        now = time.monotonic()
        if answer.outcome == "fresh":
            return _Rules(body, True, now + KEEP)
        if answer.outcome == "gone" or (answer.reason.startswith("http-4") and answer.reason != "http-429"):
            # Section 2.3.1.3: a host without the file has nothing against us.
            return _Rules(b"", True, now + KEEP)
        return _Rules(b"", False, now + KEEP_UNREACHABLE)
