"""Deliveries to real receivers on loopback: all of it arrives, nobody waits for another, no secret is told."""

import asyncio
import base64
import time
from datetime import timedelta
from pathlib import Path

import pytest

from services.notify.deliver import webhook as webhook_module
from services.notify.deliver.channel import Channel
from services.notify.deliver.slack import Slack
from services.notify.deliveries import count_states
from services.notify.message import Tell
from services.notify.render.webhook import Event, render_webhook
from tests.services.notify.receiver import Receiver, answers, hang, until
from tests.services.notify.samples import NOON, alert
from tests.services.notify.telling import Telling, closed_port, slack, webhook


def test_an_alert_reaches_slack_and_the_webhook(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with (
            Receiver() as chat,
            Receiver() as hook,
            Telling(tmp_path, [slack(chat.url), webhook(hook.url)]) as telling,
        ):
            telling.take(alert())
            await chat.has(1)
            await hook.has(1)
            assert chat.seen[0].body["text"] == "Possible shift: Ruritania, against → favor"
            assert chat.seen[0].headers["content-type"].startswith("application/json")
            assert hook.seen[0].body["data"]["actor"] == "ruritania"
            await until(lambda: telling.states("slack") == {(alert().id, 0): ("delivered", "")})

    asyncio.run(scenario())


@pytest.mark.parametrize("dead", ["hangs", "closed", "fails"])
def test_a_dead_webhook_does_not_delay_slack(dead: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as chat, Receiver(hang if dead == "hangs" else answers(*[500] * 99)) as hook:
            url = closed_port() if dead == "closed" else hook.url
            async with Telling(tmp_path, [webhook(url), slack(chat.url)]) as telling:
                started = time.monotonic()
                telling.take(alert("a"))
                await chat.has(1)
                assert time.monotonic() - started < 5.0
                assert telling.states("webhook")["a", 0][0] == "waiting"

    asyncio.run(scenario())


def test_slack_gets_one_message_a_second(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as chat, Telling(tmp_path, [slack(chat.url, Slack.spacing)]) as telling:
            telling.take(alert("a"), alert("b"), alert("c"))
            await chat.has(3)
            times = [received.at for received in chat.seen]
            assert min(times[1] - times[0], times[2] - times[1]) >= 0.95

    asyncio.run(scenario())


def test_a_confirmation_behind_a_stuck_pending_is_not_lost_and_keeps_the_order(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver(answers(500)) as hook, Telling(tmp_path, [webhook(hook.url)]) as telling:
            telling.take(alert("a"))
            await until(lambda: telling.states("webhook")["a", 0][1] == "status 500")
            telling.take(alert("a", 1, "confirmed"))
            await hook.has(3)
            assert hook.ids == ["a.0", "a.0", "a.1"]

    asyncio.run(scenario())


def test_slack_hears_the_confirmation_with_what_it_missed(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver(answers(500)) as chat, Telling(tmp_path, [slack(chat.url)]) as telling:
            telling.take(alert("a"))
            await until(lambda: telling.states("slack")["a", 0][1] == "status 500")
            telling.take(alert("a", 1, "confirmed", at=NOON + timedelta(hours=5)))
            await chat.has(2)
            assert chat.seen[1].body["text"].startswith("Shift confirmed")
            assert "Before this, without a message: pending" in chat.seen[1].raw.decode()
            await until(lambda: telling.states("slack")["a", 1][0] == "delivered")
            assert telling.states("slack")["a", 0][0] == "superseded"

    asyncio.run(scenario())


def test_an_alert_that_cannot_be_worded_does_not_stop_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_for_a(tell: Tell) -> Event:
        if tell.states[0].state.id == "a":
            raise ZeroDivisionError
        return render_webhook(tell)

    monkeypatch.setattr(webhook_module, "render_webhook", fail_for_a)

    async def scenario() -> None:
        async with Receiver() as hook, Telling(tmp_path, [webhook(hook.url)]) as telling:
            telling.take(alert("a"), alert("b"))
            await hook.has(1)
            await until(lambda: telling.states("webhook")["b", 0][0] == "delivered")
            assert telling.states("webhook")["a", 0] == ("parked", "not sent: ZeroDivisionError")
            assert count_states(telling.ledger, "webhook") == (0, 1)

    asyncio.run(scenario())


def test_secrets_are_in_no_log_line_and_not_in_the_ledger(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    key = "whsec_" + base64.b64encode(b"k" * 32).decode()

    async def scenario() -> None:
        async with Receiver(answers(500, 302, (429, {"Retry-After": "1"}, ""))) as hook, Receiver(answers(404)) as chat:
            channels: list[Channel] = [webhook(hook.url, [key]), slack(chat.url)]
            assert "SECRETPATH" not in repr(channels) + repr([vars(channel) for channel in channels])
            async with Telling(tmp_path, channels) as telling:
                telling.take(alert("a"))
                for _ in range(3):
                    await asyncio.sleep(0.1)
                    await telling.pass_time(400)
                await hook.go_down()
                telling.take(alert("b"))
                await until(lambda: telling.states("webhook")["b", 0][1] != "")

    caplog.set_level("DEBUG")
    asyncio.run(scenario())
    assert "was not taken" in caplog.text
    written = caplog.text.encode() + b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (b"SECRETPATH", key.encode(), key.removeprefix("whsec_").encode()):
        assert secret not in written
