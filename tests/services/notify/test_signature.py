"""Webhook messages carry the headers of the Standard Webhooks specification."""

import asyncio
import base64
import json
import time
from pathlib import Path

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from tests.services.notify.receiver import Receiver, answers, until
from tests.services.notify.samples import alert, evidence
from tests.services.notify.telling import Telling, webhook


def test_the_signature_verifies_with_the_reference_package_for_every_key(tmp_path: Path) -> None:
    keys = ["whsec_" + base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2, 3)]

    async def scenario() -> None:
        async with Receiver() as hook, Telling(tmp_path, [webhook(hook.url, keys[:2])]) as telling:
            telling.take(alert("a", quotes=(evidence("Naïve «quotes» & <tags> 🙂"),)))
            await hook.has(1)
            (received,) = hook.seen
            for key in keys[:2]:
                assert Verifier(key).verify(received.raw, received.headers)["type"] == "alert.pending"
            with pytest.raises(WebhookVerificationError):
                Verifier(keys[2]).verify(received.raw, received.headers)
            with pytest.raises(WebhookVerificationError):
                Verifier(keys[0]).verify(received.raw.replace(b"favor", b"other"), received.headers)

    asyncio.run(scenario())


def test_without_a_key_a_message_is_sent_unsigned(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as hook, Telling(tmp_path, [webhook(hook.url)]) as telling:
            telling.take(alert("a"))
            await hook.has(1)
            assert "webhook-signature" not in hook.seen[0].headers
            assert hook.ids == ["a.0"]
            assert abs(int(hook.seen[0].headers["webhook-timestamp"]) - time.time()) < 5

    asyncio.run(scenario())


def test_the_body_is_the_same_at_every_attempt(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver(answers(500)) as hook, Telling(tmp_path, [webhook(hook.url)]) as telling:
            telling.take(alert("a"))
            await hook.has(1)
            await until(lambda: telling.states("webhook")["a", 0][1] == "status 500")
            await telling.pass_time(6)
            await hook.has(2)
            first, second = hook.seen
            assert first.raw == second.raw
            assert json.loads(first.raw)["data"]["id"] == "a"
            assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]

    asyncio.run(scenario())
