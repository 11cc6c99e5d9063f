"""Receivers that fail: what is tried again and when, what is parked, what ends."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from prometheus_client import REGISTRY

from services.notify.parked import replay_parked
from tests.services.notify.receiver import Received, Receiver, answers, hang, until
from tests.services.notify.samples import alert
from tests.services.notify.telling import Telling, attempts, slack, webhook

HOUR = 3600.0


def test_retry_after_of_a_429_is_honoured_and_everything_is_delivered(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with (
            Receiver(answers((429, {"Retry-After": "1"}, "rate_limited"))) as chat,
            Telling(tmp_path, [slack(chat.url)]) as telling,
        ):
            telling.take(alert("a"), alert("b"))
            await chat.has(3)
            first, second, third = (received.at for received in chat.seen)
            assert second - first >= 1.0
            assert third > second
            await until(lambda: {state for state, _ in telling.states("slack").values()} == {"delivered"})

    asyncio.run(scenario())


def test_a_request_for_a_long_pause_holds_everything_back_until_then(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with (
            Receiver(answers((503, {"Retry-After": "120"}, ""))) as hook,
            Telling(tmp_path, [webhook(hook.url)]) as telling,
        ):
            telling.take(alert("a"))
            await hook.has(1)
            await until(lambda: telling.states("webhook")["a", 0][1] == "status 503")
            telling.take(alert("b"))
            await telling.pass_time(110)
            assert hook.ids == ["a.0"]
            await telling.pass_time(30)
            await hook.has(3)
            assert sorted(hook.ids[1:]) == ["a.0", "b.0"]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("status", "text"), [(400, "invalid_payload"), (403, "no_service"), (404, ""), (410, "channel_is_archived")]
)
def test_what_slack_refuses_is_parked_and_the_next_alert_is_tried(status: int, text: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        refused = attempts("slack", "refused")
        async with Receiver(answers((status, {}, text))) as chat, Telling(tmp_path, [slack(chat.url)]) as telling:
            telling.take(alert("a"), alert("b"))
            await chat.has(2)
            await until(lambda: telling.states("slack")["b", 0][0] == "delivered")
            assert telling.states("slack")["a", 0] == ("parked", f"status {status} {text}".strip())
            assert attempts("slack", "refused") == refused + 1

    asyncio.run(scenario())


@pytest.mark.parametrize("status", [500, 502, 408, 302])
def test_what_may_pass_is_tried_again(status: int, tmp_path: Path) -> None:
    async def scenario() -> None:
        elsewhere = (status, {"Location": "http://127.0.0.1:1/stolen"}, "")
        async with Receiver(answers(elsewhere)) as hook, Telling(tmp_path, [webhook(hook.url)]) as telling:
            telling.take(alert("a"))
            await hook.has(1)
            await until(lambda: telling.states("webhook")["a", 0][1].startswith(f"status {status}"))
            await telling.pass_time(6)
            await hook.has(2)
            assert hook.ids == ["a.0", "a.0"]
            await until(lambda: telling.states("webhook")["a", 0][0] == "delivered")

    asyncio.run(scenario())


def test_a_timeout_is_tried_again_with_the_same_id(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver(hang) as hook, Telling(tmp_path, [webhook(hook.url, timeout=0.2)]) as telling:
            telling.take(alert("a"))
            await hook.has(1)
            await until(lambda: telling.states("webhook")["a", 0] == ("waiting", "no answer in time"))
            hook.answer = answers()
            await telling.pass_time(6)
            await hook.has(2)
            assert hook.ids == ["a.0", "a.0"]

    asyncio.run(scenario())


def test_a_sink_that_is_down_past_the_last_retry_parks_and_can_be_replayed(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as hook:
            url = hook.url
            await hook.go_down()
            async with Telling(tmp_path, [webhook(url)]) as telling:
                unreachable = attempts("webhook", "unreachable")
                telling.take(alert("a"))
                for attempt in range(1, 11):
                    await until(lambda done=unreachable + attempt: attempts("webhook", "unreachable") == done)  # type: ignore[misc]
                    await telling.pass_time(27 * HOUR)
                await until(lambda: telling.states("webhook")["a", 0][0] == "parked")
                await until(lambda: REGISTRY.get_sample_value("parley_deliveries_parked", {"sink": "webhook"}) == 1)
                await hook.come_up()
                assert replay_parked(telling.ledger, telling.clock()) == 1
                await hook.has(1)
                assert hook.ids == ["a.0"]

    asyncio.run(scenario())


def test_a_410_ends_the_webhooks_subscription_until_it_is_replayed(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver(answers(410)) as hook:
            async with Telling(tmp_path, [webhook(hook.url)]) as telling:
                telling.take(alert("a"))
                await until(lambda: telling.states("webhook")["a", 0][0] == "parked")
            async with Telling(tmp_path, [webhook(hook.url)]) as telling:
                telling.take(alert("b"))
                await until(lambda: telling.states("webhook")["b", 0][0] == "parked")
                assert hook.ids == ["a.0"]
                replay_parked(telling.ledger, telling.clock())
                await hook.has(3)
                assert sorted(hook.ids) == ["a.0", "a.0", "b.0"]

    asyncio.run(scenario())


def test_another_address_is_another_subscription(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver(answers(410)) as old, Receiver() as new:
            async with Telling(tmp_path, [webhook(old.url)]) as telling:
                telling.take(alert("a"))
                await until(lambda: telling.states("webhook")["a", 0][0] == "parked")
            async with Telling(tmp_path, [webhook(new.url)]) as telling:
                telling.take(alert("b"))
                await new.has(1)
                assert new.ids == ["b.0"]

    asyncio.run(scenario())


def test_an_endless_answer_is_not_read(tmp_path: Path) -> None:
    async def scenario() -> None:
        async def endless(received: Received) -> web.StreamResponse:
            response = web.StreamResponse(status=500)
            await response.prepare(received.request)
            while True:
                await response.write(b"x" * 65536)

        async with Receiver(endless) as hook, Telling(tmp_path, [webhook(hook.url)]) as telling:
            telling.take(alert("a"))
            await until(lambda: telling.states("webhook")["a", 0][1] == "status 500")

    asyncio.run(scenario())
