"""The machine's clock, and the sample newsroom's."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from aiohttp import web

from services.clock import NewsroomClock, WallClock
from services.errors import InputProblem
from tests.services.ingest.server import Site, site


def follow(test: Callable[[Site, NewsroomClock], Awaitable[None]]) -> None:
    async def run() -> None:
        async with site() as place, NewsroomClock(f"{place.url}/clock") as clock:
            await test(place, clock)

    asyncio.run(run())


def test_the_machines_clock_is_in_utc() -> None:
    assert abs(WallClock().now() - datetime.now(UTC)) < timedelta(seconds=1)
    assert WallClock().now().tzinfo is UTC


def test_there_is_no_time_before_the_newsroom_has_answered() -> None:
    async def test(place: Site, clock: NewsroomClock) -> None:
        with pytest.raises(InputProblem):
            clock.now()
        await asyncio.sleep(0.3)
        place.serve("/clock", '{"now": "2025-03-01T12:00:00Z", "done": false}')
        await asyncio.wait_for(clock.ready(), 60)
        assert clock.now() == datetime(2025, 3, 1, 12, tzinfo=UTC)
        assert not clock.done

    follow(test)


def test_the_newsrooms_time_jumps_when_it_says_so() -> None:
    async def test(place: Site, clock: NewsroomClock) -> None:
        place.serve("/clock", '{"now": "2025-03-01T12:00:00+02:00"}')
        await clock.ready()
        assert clock.now() == datetime(2025, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))
        assert clock.now().tzinfo is UTC
        place.serve("/clock", '{"now": "2025-04-01T12:00:00Z", "done": true}')
        await clock.refresh()
        assert clock.now() == datetime(2025, 4, 1, 12, tzinfo=UTC)
        assert clock.done

    follow(test)


def test_it_follows_by_itself() -> None:
    async def test(place: Site, clock: NewsroomClock) -> None:
        minute = 0

        async def page(_: web.Request) -> web.Response:
            nonlocal minute
            minute += 1
            return web.json_response({"now": f"2025-03-01T12:{minute:02d}:00Z"})

        place.pages["/clock"] = page
        await clock.ready()
        first = clock.now()
        await asyncio.sleep(0.5)
        assert clock.now() > first

    follow(test)


@pytest.mark.parametrize("answer", ["", "{}", '{"now": "yesterday"}', '{"now": "1999-01-01T00:00:00Z"}', "[" * 9000])
def test_an_answer_that_makes_no_sense_leaves_time_where_it_was(answer: str) -> None:
    async def test(place: Site, clock: NewsroomClock) -> None:
        place.serve("/clock", '{"now": "2025-03-01T12:00:00Z"}')
        await clock.ready()
        place.serve("/clock", answer)
        await clock.refresh()
        await asyncio.sleep(0.3)
        assert clock.now() == datetime(2025, 3, 1, 12, tzinfo=UTC)
        place.serve("/clock", '{"now": "2025-03-02T12:00:00Z"}')
        await clock.refresh()
        assert clock.now() == datetime(2025, 3, 2, 12, tzinfo=UTC)

    follow(test)
