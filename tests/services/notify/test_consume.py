"""From `alerts.v1` into the ledger, on a real broker."""

import asyncio
import json
import time
from pathlib import Path

import pytest
from aiohttp import web

from services.broker.embedded import EmbeddedBroker
from services.errors import ParleyError
from services.notify import dispatch, run
from services.notify.consume import BAD_IN_A_ROW
from services.notify.deliveries import write_settlement
from services.notify.ledger import open_ledger
from services.notify.record import Arrival, record
from services.notify.settle import Settlement
from streams.topics import ALERTS, DEAD_REASON, DEAD_SOURCE, encode
from tests.services.notify.receiver import Received, Receiver, hang, until
from tests.services.notify.samples import alert
from tests.services.notify.serving import Serving, committed, metric, publish, read_dead, total_lag
from tests.services.notify.telling import webhook

OFFSET_COMMIT = 8
UNKNOWN_MEMBER, REBALANCING = 25, 27


def test_an_alert_on_the_topic_is_told_and_then_committed(broker: EmbeddedBroker, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as hook, Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]):
            await asyncio.to_thread(publish, broker.bootstrap, alert(), alert(revision=1, status="confirmed"))
            await hook.has(2)
            assert hook.ids == ["0123456789abcdef.0", "0123456789abcdef.1"]
            assert metric("parley_ready") == 1
            await until(lambda: total_lag() == 0)
        assert await asyncio.to_thread(committed, broker.bootstrap) == 2

    asyncio.run(scenario())


def test_an_alert_is_told_as_soon_as_it_is_recorded(
    broker: EmbeddedBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "LOOK_EVERY", 60.0)

    async def scenario() -> None:
        async with Receiver() as hook, Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]):
            await until(lambda: metric("parley_ready") == 1)
            await asyncio.to_thread(publish, broker.bootstrap, alert("a"))
            await hook.has(1)

    asyncio.run(scenario())


def test_a_dead_sink_delays_no_poll(broker: EmbeddedBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "GRACE", 0.1)

    async def scenario() -> None:
        async with Receiver(hang) as hook, Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]):
            await asyncio.to_thread(publish, broker.bootstrap, alert("a"))
            await hook.has(1)
            await asyncio.to_thread(publish, broker.bootstrap, *(alert(f"{number:03}") for number in range(50)))
            await until(lambda: metric("parley_deliveries_pending", sink="webhook") == 51)

    asyncio.run(scenario())


def test_an_alert_that_comes_again_is_sent_once(broker: EmbeddedBroker, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as hook:
            async with Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]):
                await asyncio.to_thread(publish, broker.bootstrap, alert("a"), alert("a"))
                await hook.has(1)
            async with Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]):
                await asyncio.to_thread(publish, broker.bootstrap, alert("a"), alert("b"))
                await hook.has(2)
            assert hook.ids == ["a.0", "b.0"]

    asyncio.run(scenario())


@pytest.mark.parametrize("error", [UNKNOWN_MEMBER, REBALANCING])
def test_a_commit_that_fails_sends_nothing_twice(error: int, broker: EmbeddedBroker, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as hook:
            broker.push_errors(OFFSET_COMMIT, [error] * 2)
            async with Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]):
                await asyncio.to_thread(publish, broker.bootstrap, alert("a"))
                await hook.has(1)
            async with Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]):
                await asyncio.to_thread(publish, broker.bootstrap, alert("b"))
                await hook.has(2)
            assert hook.ids == ["a.0", "b.0"]

    asyncio.run(scenario())


def test_what_is_not_an_alert_goes_to_the_dead_letters_and_the_next_is_not_affected(
    broker: EmbeddedBroker, tmp_path: Path
) -> None:
    wrong = json.loads(encode(alert()))
    bad = [b"\xff\xfe", b"{", b"[]", json.dumps(wrong | {"probability": 7}).encode(), None]

    async def scenario() -> None:
        counted = metric("parley_dead_letters_total", topic=ALERTS.name, reason="malformed")
        async with Receiver() as hook, Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]):
            await asyncio.to_thread(publish, broker.bootstrap, alert("a"), *bad, alert("b"))
            await hook.has(2)
            assert hook.ids == ["a.0", "b.0"]
        assert metric("parley_dead_letters_total", topic=ALERTS.name, reason="malformed") == counted + len(bad)
        dead = await asyncio.to_thread(read_dead, broker.bootstrap, len(bad))
        assert [(record.key, record.value) for record in dead] == [(b"ruritania", value) for value in bad]
        sources = [dict(record.headers)[DEAD_SOURCE].decode() for record in dead]
        (partition,) = {source.split("/")[1] for source in sources}
        assert sources == [f"alerts.v1/{partition}/{offset}" for offset in range(1, 6)]
        assert b"probability" in dict(dead[3].headers)[DEAD_REASON]

    asyncio.run(scenario())


def test_twenty_bad_records_in_a_row_stop_the_notifier_before_it_commits(
    broker: EmbeddedBroker, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with Receiver() as hook, Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]) as serving:
            await asyncio.to_thread(publish, broker.bootstrap, *[b"x"] * BAD_IN_A_ROW)
            assert serving.task is not None
            await asyncio.wait([serving.task], timeout=60)

    with pytest.raises(ParleyError, match="in a row cannot be read"):
        asyncio.run(scenario())
    assert committed(broker.bootstrap) < BAD_IN_A_ROW


def test_a_topic_that_is_read_again_from_its_start_is_not_told_again(broker: EmbeddedBroker, tmp_path: Path) -> None:
    """Kafka forgets a group's offsets after a week without it."""

    async def scenario() -> None:
        await asyncio.to_thread(publish, broker.bootstrap, alert("a"), alert("b"))
        async with Receiver() as hook:
            channel = webhook(hook.url)
            ledger = open_ledger(tmp_path)
            record(ledger, [Arrival(alert("a"), time.time())], {"webhook": channel.taste}, time.time())
            write_settlement(ledger, "webhook", Settlement(delivered=(("a", 0),)), "", time.time())
            ledger.close()
            async with Serving(broker.bootstrap, tmp_path, [channel]):
                await hook.has(1)
                await until(lambda: total_lag() == 0)
                assert hook.ids == ["b.0"]

    asyncio.run(scenario())


def test_an_attempt_under_way_is_given_time_to_end(broker: EmbeddedBroker, tmp_path: Path) -> None:
    async def slowly(_: Received) -> web.StreamResponse:
        await asyncio.sleep(0.5)
        return web.Response()

    async def scenario() -> None:
        async with Receiver(slowly) as hook, Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]):
            await asyncio.to_thread(publish, broker.bootstrap, alert("a"))
            await hook.has(1)
        ledger = open_ledger(tmp_path)
        with ledger.read() as db:
            assert db.execute("SELECT state FROM deliveries").fetchall() == [("delivered",)]
        ledger.close()

    asyncio.run(scenario())
