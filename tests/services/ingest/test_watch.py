"""Who is visited when, and that nobody stops anybody."""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest
from msgspec.structs import replace
from prometheus_client import REGISTRY

from services.ingest import watch as watch_module
from services.ingest.courtesy import Courtesy
from services.ingest.feed import Bounds, Feed
from services.ingest.opml import Source
from services.ingest.watch import Watch

BOUNDS = Bounds(0.05, 0.2)
READ = Feed(read=True, delay=0.05)


class Visits:
    """Stands where the visitor does: notes who came when, gives the turn back, and answers what a test says."""

    def __init__(self, courtesy: Courtesy) -> None:
        self.courtesy = courtesy
        self.seen: Counter[str] = Counter()
        self.times: list[float] = []
        self.running = self.most = 0
        self.answers: dict[str, Callable[[Feed], Awaitable[Feed]]] = {}

    async def visit(self, source: Source, feed: Feed) -> tuple[Feed, int]:
        self.seen[source.outlet] += 1
        self.times.append(time.monotonic())
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(0.001)
            answer = self.answers.get(source.outlet)
            return (await answer(feed) if answer else READ), 1
        finally:
            self.running -= 1
            self.courtesy.release(source.url.split("/")[2])


def sources(count: int, hosts: int = 1000) -> list[Source]:
    return [Source(f"https://host{n % hosts}/feed/{n}", f"Outlet {n}") for n in range(count)]


class Scene:
    """A watch over feeds that `visits` answers for, and the news it was told of."""

    def __init__(
        self, feeds: list[Source], remembered: dict[str, Feed] | None = None, concurrency: int = 8, delay: float = 0.0
    ) -> None:
        courtesy = Courtesy(2, delay)
        self.visits = Visits(courtesy)
        self.stop = asyncio.Event()
        self.news = 0
        self.watch = Watch(
            feeds, remembered or {}, self.visits.visit, courtesy, concurrency, BOUNDS, time.time, self._added
        )

    def _added(self) -> None:
        self.news += 1

    async def run(self, seconds: float) -> None:
        task = asyncio.create_task(self.watch.visit_when_due(self.stop))
        await asyncio.sleep(seconds)
        self.stop.set()
        await asyncio.wait_for(task, 60)


def gauge(state: str) -> float:
    return REGISTRY.get_sample_value("parley_feeds", {"state": state}) or 0.0


def test_every_feed_is_visited_once_and_then_it_ends() -> None:
    async def test() -> None:
        scene = Scene(sources(200))
        await asyncio.wait_for(scene.watch.visit_all(scene.stop), 60)
        assert set(scene.visits.seen.values()) == {1}
        assert len(scene.visits.seen) == scene.news == 200
        assert scene.visits.most == 8

    asyncio.run(test())


def test_feeds_come_round_again_when_they_are_due() -> None:
    async def test() -> None:
        scene = Scene(sources(3))
        await scene.run(0.5)
        assert all(5 <= visits <= 11 for visits in scene.visits.seen.values())

    asyncio.run(test())


def test_a_host_is_spared_while_the_others_go_on() -> None:
    async def test() -> None:
        scene = Scene([*sources(20, hosts=1), Source("https://other/feed", "Other")], delay=0.1)
        await scene.run(0.55)
        crowded = sum(visits for outlet, visits in scene.visits.seen.items() if outlet != "Other")
        assert 4 <= crowded <= 6
        assert scene.visits.seen["Other"] >= 4

    asyncio.run(test())


def test_a_feed_that_hangs_or_breaks_stops_no_other() -> None:
    async def test() -> None:
        scene = Scene(sources(10), concurrency=4)

        async def hang(_: Feed) -> Feed:
            await asyncio.sleep(60)
            raise AssertionError

        async def breaks(_: Feed) -> Feed:
            raise RuntimeError("a fault of ours")

        scene.visits.answers = {"Outlet 0": hang, "Outlet 1": breaks}
        await scene.run(0.5)
        assert scene.visits.seen["Outlet 0"] == 1
        assert scene.visits.seen["Outlet 1"] >= 2
        assert all(scene.visits.seen[f"Outlet {n}"] >= 3 for n in range(2, 10))

    asyncio.run(test())


def test_a_disk_that_fails_stops_everything() -> None:
    async def test() -> None:
        scene = Scene(sources(10))

        async def breaks(_: Feed) -> Feed:
            raise sqlite3.OperationalError("database or disk is full")

        scene.visits.answers = {"Outlet 3": breaks}
        with pytest.raises(sqlite3.OperationalError):
            await asyncio.wait_for(scene.watch.visit_when_due(scene.stop), 60)

    asyncio.run(test())


def test_the_end_does_not_wait_for_a_slow_visit() -> None:
    async def test() -> None:
        scene = Scene(sources(1))

        async def hang(_: Feed) -> Feed:
            await asyncio.sleep(60)
            raise AssertionError

        scene.visits.answers = {"Outlet 0": hang}
        started = time.monotonic()
        await scene.run(0.1)
        assert time.monotonic() - started < 20.0

    asyncio.run(test())


def test_gone_feeds_are_left_alone_and_states_are_shown() -> None:
    async def test() -> None:
        feeds = sources(4)
        scene = Scene(feeds, {feeds[0].key: Feed(gone=True)})

        async def fails(feed: Feed) -> Feed:
            return replace(READ, failures=feed.failures + 1)

        async def goes(_: Feed) -> Feed:
            return Feed(read=True, gone=True)

        scene.visits.answers = {"Outlet 1": fails, "Outlet 2": goes}
        await scene.run(0.4)
        assert scene.visits.seen["Outlet 0"] == 0
        assert scene.visits.seen["Outlet 2"] == 1
        assert [gauge(state) for state in ("live", "failing", "gone")] == [1, 1, 2]
        # Three failures in a row: it can no longer be heard.
        assert scene.watch.alive() == ("Outlet 3",)

    asyncio.run(test())


def test_a_restart_goes_on_where_it_was() -> None:
    async def test() -> None:
        feeds = sources(3)
        now = time.time()
        remembered = {
            feeds[0].key: replace(READ, due=now + 3600, delay=3600.0),
            feeds[1].key: replace(READ, due=now - 3600, delay=3600.0),
            feeds[2].key: replace(READ, due=now + 10**9, delay=0.1),
        }
        scene = Scene(feeds, remembered)
        assert scene.watch.alive() == ("Outlet 0", "Outlet 1", "Outlet 2")
        await scene.run(0.15)
        # The first is not due for an hour, but the longest interval asked for is now a fifth of a second. The third
        # has a due time from a clock that was wrong.
        assert scene.visits.seen == {
            "Outlet 1": scene.visits.seen["Outlet 1"],
            "Outlet 2": scene.visits.seen["Outlet 2"],
        }
        assert scene.visits.seen["Outlet 1"] >= 2

    asyncio.run(test())


def test_nobody_is_called_deaf_before_the_first_round_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        scene = Scene(sources(2))
        ready = asyncio.Event()

        async def waits(_: Feed) -> Feed:
            await ready.wait()
            return READ

        scene.visits.answers = {"Outlet 1": waits}
        task = asyncio.create_task(scene.watch.visit_when_due(scene.stop))
        await asyncio.sleep(0.1)
        assert scene.watch.alive() is None
        ready.set()
        await asyncio.sleep(0.1)
        assert scene.watch.alive() == ("Outlet 0", "Outlet 1")
        scene.stop.set()
        await task
        monkeypatch.setattr(watch_module, "FIRST_ROUND", 0.0)
        late = Scene(sources(1))
        late.visits.answers = {"Outlet 0": waits}
        ready.clear()
        task = asyncio.create_task(late.watch.visit_when_due(late.stop))
        await asyncio.sleep(0.1)
        assert late.watch.alive() == ()
        late.stop.set()
        await task

    asyncio.run(test())


async def until(true: Callable[[], object]) -> None:
    """Wait until something is true; the caller sets the deadline."""
    while not true():  # noqa: ASYNC110  What is waited for tells nobody.
        await asyncio.sleep(0.005)


def test_a_list_that_changes_is_followed_without_a_restart() -> None:
    async def test() -> None:
        first, second, third = sources(3)
        scene = Scene([first, second])
        working = asyncio.create_task(scene.watch.visit_when_due(scene.stop))
        async with asyncio.timeout(60):
            await until(lambda: scene.visits.seen[first.outlet] and scene.visits.seen[second.outlet])
            scene.watch.relist([first, third])
            await until(lambda: scene.visits.seen[third.outlet])
            gone = scene.visits.seen[second.outlet]
            seen = scene.visits.seen[first.outlet]
            await until(lambda: scene.visits.seen[first.outlet] >= seen + 3)
            # A visit that was under way as the list changed may have ended since; none began.
            assert scene.visits.seen[second.outlet] <= gone + 1
            later = scene.visits.seen[second.outlet]
            scene.watch.relist([first, second, third])
            await until(lambda: scene.visits.seen[second.outlet] > later)
        scene.stop.set()
        await working

    asyncio.run(test())


def test_a_list_that_was_empty_is_followed_too() -> None:
    async def test() -> None:
        scene = Scene([])
        working = asyncio.create_task(scene.watch.visit_when_due(scene.stop))
        await asyncio.sleep(0)
        scene.watch.relist(sources(1))
        async with asyncio.timeout(60):
            await until(scene.visits.seen.total)
        scene.stop.set()
        await working

    asyncio.run(test())
