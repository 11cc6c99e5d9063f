"""Posts a message to a Slack incoming webhook; reads Slack's answer, and nothing else of Slack."""

import re
from collections.abc import Mapping

import msgspec

from services.notify.backoff import STEADY
from services.notify.decide import Taste, Tell
from services.notify.deliver.post import TIMEOUT, Post, failed
from services.notify.outcome import Outcome, Verdict
from services.notify.render.slack import render_slack

# A first position is no shift: nobody moved.
TASTE = Taste(every_state=False, digests=True, kinds=frozenset({"shift"}))
RETRIED = frozenset({408, 425, 429})


class Slack:
    """The channel that an incoming webhook posts to: one message a second."""

    name = "slack"
    taste = TASTE
    schedule = STEADY
    spacing = 1.0

    def __init__(self, url: str, address: str, names: Mapping[str, str], timeout: float = TIMEOUT) -> None:
        self.address = address
        self._post, self._names = Post(url, timeout), names

    async def deliver(self, tell: Tell, now: float) -> Outcome:
        body = msgspec.json.encode(render_slack(tell, self._names))
        answer = await self._post.send(body, {"Content-Type": "application/json; charset=utf-8"})
        if isinstance(answer, Outcome):
            return answer
        if 200 <= answer.status < 300:
            return Outcome(Verdict.DELIVERED)
        if 400 <= answer.status < 500 and answer.status not in RETRIED:
            # "invalid_payload", "no_service", "channel_is_archived": time mends none of these, a person may.
            word = re.fullmatch(r"[a-z_]{1,40}", answer.body.strip())
            return Outcome(Verdict.REFUSED, f"status {answer.status}" + (f" {word[0]}" if word else ""))
        return failed(answer)

    async def close(self) -> None:
        await self._post.close()
