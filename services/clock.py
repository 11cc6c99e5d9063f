"""What time it is: the machine's, or the sample newsroom's own, which jumps; never how long to sleep."""

import asyncio
import contextlib
import logging
from datetime import UTC, datetime
from typing import Final, Protocol

import aiohttp
import msgspec

from services.errors import InputProblem

log = logging.getLogger("parley.clock")

# Real seconds between two looks at the newsroom's clock.
LOOK_EVERY: Final = 0.15
LOOK_TIMEOUT: Final = 5.0
ANSWER_CAP: Final = 10_000


class Clock(Protocol):
    """Tells the time that articles and pulses are stamped with. Waiting is always on the machine's time."""

    def now(self) -> datetime:
        """Return the time, aware and in UTC; never earlier than the time returned before, on the newsroom's clock."""

    async def refresh(self) -> None:
        """Make sure that `now` is not behind an answer received before this call."""


class WallClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def refresh(self) -> None:
        return


class NewsroomTime(msgspec.Struct, frozen=True):
    """The answer of `GET /clock`: the newsroom's time, and whether its timeline has ended."""

    now: datetime
    done: bool = False


class NewsroomClock:
    """Follows `GET url` of the sample newsroom; an async context manager that looks every 0.15 s until it is left."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._last: NewsroomTime | None = None
        self._heard = asyncio.Event()
        self._session: aiohttp.ClientSession | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "NewsroomClock":
        timeout = aiohttp.ClientTimeout(total=LOOK_TIMEOUT)
        self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        self._task = asyncio.create_task(self._follow())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._session is not None:
            await self._session.close()

    def now(self) -> datetime:
        """The newsroom's time as last heard; raises InputProblem before its first answer (see `ready`)."""
        if self._last is None:
            raise InputProblem("the newsroom's clock has not answered yet")
        return self._last.now

    @property
    def done(self) -> bool:
        """Whether the newsroom's timeline has ended."""
        return self._last is not None and self._last.done

    async def ready(self) -> None:
        """Wait for the first answer."""
        await self._heard.wait()

    async def refresh(self) -> None:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, msgspec.MsgspecError):
            await self._look()

    async def _follow(self) -> None:
        heard = True
        while True:
            try:
                await self._look()
                heard = True
            except (aiohttp.ClientError, TimeoutError, msgspec.MsgspecError) as error:
                if heard:
                    log.warning(
                        "the newsroom's clock does not answer (%s); its time stands still", type(error).__name__
                    )
                heard = False
            await asyncio.sleep(LOOK_EVERY)

    async def _look(self) -> None:
        if self._session is None:
            raise InputProblem("the newsroom's clock is used outside its context")
        async with self._session.get(self._url) as response:
            response.raise_for_status()
            heard = msgspec.json.decode(await response.content.read(ANSWER_CAP), type=NewsroomTime)
        moment = heard.now if heard.now.tzinfo else heard.now.replace(tzinfo=UTC)
        heard = NewsroomTime(moment.astimezone(UTC), heard.done)
        # Two looks may overlap; an older answer that arrives later must not turn time back.
        if self._last is None or heard.now >= self._last.now:
            self._last = heard
            self._heard.set()
