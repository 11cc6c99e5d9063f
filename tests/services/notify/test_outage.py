"""After an outage: what waited goes out at once, and what is late in one digest."""

import asyncio
from pathlib import Path

from aiohttp import web

from tests.services.notify.receiver import Received, Receiver, answers, hang, until
from tests.services.notify.samples import alert
from tests.services.notify.telling import Telling, slack, webhook

HOUR = 3600.0


def test_what_waited_for_an_outage_goes_out_as_soon_as_the_sink_answers(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as hook:
            url = hook.url
            await hook.go_down()
            async with Telling(tmp_path, [webhook(url)]) as telling:
                telling.take(alert("a"))
                await until(lambda: telling.states("webhook")["a", 0][1] != "")
                await telling.pass_time(6)
                await until(lambda: attempts_of(telling, "a") == 2)
                await hook.come_up()
                telling.take(alert("b"))
                await hook.has(2)
                assert hook.ids == ["b.0", "a.0"]

    asyncio.run(scenario())


def attempts_of(telling: Telling, id: str) -> int:
    with telling.ledger.read() as db:
        (count,) = db.execute("SELECT attempts FROM deliveries WHERE alert = ?", (id,)).fetchone()
    return int(count)


def test_after_an_outage_late_alerts_come_as_one_digest(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as chat, Receiver() as hook:
            urls = chat.url, hook.url
            await chat.go_down()
            await hook.go_down()
            async with Telling(tmp_path, [slack(urls[0]), webhook(urls[1])]) as telling:
                telling.take(alert("a"), alert("b"), alert("b", 1, "retracted"))
                await until(lambda: all(reason for _, reason in telling.states("slack").values()))
                await telling.pass_time(3 * HOUR)
                telling.take(alert("c"))
                await until(lambda: telling.states("webhook")["c", 0][1] != "")
                await telling.pass_time(9 * HOUR)
                await asyncio.sleep(0.1)
                await chat.come_up()
                await hook.come_up()
                await telling.pass_time(12 * HOUR)
                await until(lambda: {state for state, _ in telling.states("webhook").values()} == {"delivered"})
                await until(
                    lambda: {state for state, _ in telling.states("slack").values()} == {"delivered", "superseded"}
                )
                assert len(chat.seen) == len(hook.seen) == 1
                assert chat.seen[0].body["text"].startswith("3 late alerts")
                assert "It ended before it could be told" in chat.seen[0].raw.decode()
                assert hook.seen[0].body["type"] == "alert.digest"
                told = [(one["id"], one["revision"]) for one in hook.seen[0].body["data"]["alerts"]]
                assert sorted(told) == [("a", 0), ("b", 0), ("b", 1), ("c", 0)]
                assert told.index(("b", 0)) < told.index(("b", 1))

    asyncio.run(scenario())


def test_a_digest_whose_answer_was_lost_is_repeated_with_the_same_id(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver(hang) as hook, Telling(tmp_path, [webhook(hook.url, timeout=0.2)]) as telling:
            telling.take(alert("a"), alert("b"), written=telling.clock() - 7 * HOUR)
            await telling.pass_time(10)
            await hook.has(1)
            await until(lambda: telling.states("webhook")["a", 0][1] == "no answer in time")
            telling.take(alert("c"), written=telling.clock() - 7 * HOUR)
            hook.answer = answers()
            await telling.pass_time(70)
            await hook.has(3)
            assert hook.ids[0] == hook.ids[1]
            assert hook.seen[0].raw == hook.seen[1].raw
            assert hook.ids[2] == "c.0"

    asyncio.run(scenario())


def test_one_bad_part_does_not_keep_a_digest_from_slack(tmp_path: Path) -> None:
    async def scenario() -> None:
        async def refuse_digests(received: Received) -> web.StreamResponse:
            bad = "late alerts" in received.body["text"]
            return web.Response(status=400 if bad else 200, text="invalid_blocks" if bad else "ok")

        async with Receiver(refuse_digests) as chat, Telling(tmp_path, [slack(chat.url)]) as telling:
            telling.take(alert("a"), alert("b"), written=telling.clock() - 7 * HOUR)
            await telling.pass_time(10)
            await chat.has(3)
            await until(lambda: {state for state, _ in telling.states("slack").values()} == {"delivered"})

    asyncio.run(scenario())
