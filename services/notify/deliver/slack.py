"""Posts a message to a Slack incoming webhook; reads Slack's answer, and nothing else of Slack."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from services.notify.backoff import STEADY
from services.notify.deliver.post import TIMEOUT, Post, failed
from services.notify.message import Tell
from services.notify.outcome import Outcome, Verdict
from services.notify.render.slack import render_slack
from services.notify.render.trial import trial_slack
from services.notify.taste import NEWS, Taste

TASTE = Taste(every_state=False, digests=True, rules=(NEWS,))
HEADERS = {"Content-Type": "application/json; charset=utf-8"}
RETRIED = frozenset({408, 425, 429})


class Slack:
    """The channel that an incoming webhook posts to: one message a second.

    What was posted cannot be changed, so each later state of an alert is a message of its own.
    """

    schedule = STEADY
    spacing = 1.0

    def __init__(
        self,
        url: str,
        address: str,
        names: Mapping[str, str],
        timeout: float = TIMEOUT,
        name: str = "slack",
        taste: Taste = TASTE,
    ) -> None:
        self.name, self.address, self.taste = name, address, taste
        self._post, self._names = Post(url, timeout), names

    async def deliver(self, tell: Tell, now: float) -> Outcome:
        return await self._send(render_slack(tell, self._names))

    async def test(self, now: float) -> Outcome:
        return await self._send(trial_slack())

    async def close(self) -> None:
        await self._post.close()

    async def _send(self, message: Mapping[str, Any]) -> Outcome:
        answer = await self._post.send(msgspec.json.encode(message), HEADERS)
        if isinstance(answer, Outcome):
            return answer
        if 200 <= answer.status < 300:
            return Outcome(Verdict.DELIVERED)
        if 400 <= answer.status < 500 and answer.status not in RETRIED:
            # "invalid_payload", "no_service", "channel_is_archived": time mends none of these, a person may.
            word = re.fullmatch(r"[a-z_]{1,40}", answer.body.strip())
            return Outcome(Verdict.REFUSED, f"status {answer.status}" + (f" {word[0]}" if word else ""))
        return failed(answer)
