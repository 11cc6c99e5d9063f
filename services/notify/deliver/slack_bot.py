"""Posts to a Slack channel with a bot's token, and keeps to the message: what comes of an alert is told in its thread.

The original message is brought up to date, and a reply in its thread, shown in the channel as well, says what changed:
an update alone notifies nobody. Uses `chat.postMessage` and `chat.update`, and nothing else of Slack.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from services.logs import about
from services.notify.backoff import STEADY
from services.notify.deliver.post import TIMEOUT, Post, failed
from services.notify.deliver.slack import TASTE
from services.notify.message import Story, Tell
from services.notify.outcome import Outcome, Verdict
from services.notify.render.slack import render_follow_up, render_slack
from services.notify.render.trial import trial_slack
from services.notify.taste import Taste

log = logging.getLogger("parley.notify")

# Slack answers with the whole message, which may be long.
ANSWER_MOST: Final = 4 * 1024 * 1024
# The message is gone: what follows starts a new one.
GONE: Final = frozenset({"message_not_found", "thread_not_found"})
# The message is there, and stays as it is.
FIXED: Final = frozenset({"cant_update_message", "edit_window_closed"})
# Slack's own trouble; everything else is ours to mend (a token, a channel, a scope), and time does not.
PASSING: Final = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "rate_limited"}
)
TOO_FAST: Final = frozenset({"ratelimited", "message_limit_exceeded"})
PAUSE: Final = 30.0


class Reply(msgspec.Struct, frozen=True):
    """The part of Slack's answers that matters here."""

    ok: bool = False
    error: str = ""
    channel: str = ""
    ts: str = ""


class SlackBot:
    """One channel of one workspace: one message a second."""

    schedule = STEADY
    spacing = 1.0

    def __init__(
        self,
        api: str,
        token: str,
        channel: str,
        address: str,
        names: Mapping[str, str],
        name: str,
        taste: Taste = TASTE,
        timeout: float = TIMEOUT,
    ) -> None:
        self.name, self.address, self.taste = name, address, taste
        self._names, self._channel = names, channel
        self._post = Post(f"{api.rstrip('/')}/chat.postMessage", timeout, ANSWER_MOST)
        self._update = Post(f"{api.rstrip('/')}/chat.update", timeout, ANSWER_MOST)
        self._headers = {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {token}"}

    async def deliver(self, tell: Tell, now: float) -> Outcome:
        story = tell.stories[0]
        if tell.digest or not story.newest.message:
            outcome = await self._say(render_slack(tell, self._names))
            if outcome.verdict is Verdict.DELIVERED and tell.digest:
                await self._refresh(tell)
            return outcome
        return await self._follow_up(story)

    async def test(self, now: float) -> Outcome:
        return await self._say(trial_slack())

    async def close(self) -> None:
        await self._post.close()
        await self._update.close()

    async def _follow_up(self, story: Story) -> Outcome:
        """Bring the original up to date and say so in its thread; a repetition after a failure changes nothing."""
        root = story.newest.message
        channel, _, ts = root.partition("/")
        gone = False
        if not story.newest.in_digest:
            updated = await self._bring_up_to_date(story)
            gone = updated.reason in GONE
            if updated.verdict is not Verdict.DELIVERED and not gone and updated.reason not in FIXED:
                return updated
        if not gone:
            thread = {"channel": channel, "thread_ts": ts, "reply_broadcast": True}
            said = await self._call(self._post, render_follow_up(story, self._names) | thread)
            if said.reason not in GONE:
                return Outcome(Verdict.DELIVERED, message=root) if said.verdict is Verdict.DELIVERED else said
        return await self._say(render_slack(Tell((story,), "due"), self._names))

    async def _refresh(self, tell: Tell) -> None:
        """Bring the messages up to date whose alerts a digest has told on. The digest tells them; this is a service."""
        for story in tell.stories:
            if story.newest.message and not story.newest.in_digest:
                outcome = await self._bring_up_to_date(story)
                if outcome.verdict is not Verdict.DELIVERED:
                    state = story.newest.state
                    extra = about("message-not-updated", sink=self.name, alert=state.id, revision=state.revision)
                    line = "%s: the message of alert %s was not brought up to date: %s"
                    log.warning(line, self.name, state.id, outcome.reason, extra=extra)

    async def _bring_up_to_date(self, story: Story) -> Outcome:
        channel, _, ts = story.newest.message.partition("/")
        message = render_slack(Tell((story,), "due"), self._names)
        return await self._call(self._update, message | {"channel": channel, "ts": ts})

    async def _say(self, message: dict[str, Any]) -> Outcome:
        return await self._call(self._post, message | {"channel": self._channel})

    async def _call(self, method: Post, message: Mapping[str, Any]) -> Outcome:
        answer = await method.send(msgspec.json.encode(message), self._headers)
        if isinstance(answer, Outcome):
            return answer
        if answer.status != 200:
            return failed(answer)
        try:
            reply = msgspec.json.decode(answer.body, type=Reply)
        except msgspec.MsgspecError:
            return Outcome(Verdict.FAILED, "the answer is not Slack's", unknown=True)
        if reply.ok:
            return Outcome(Verdict.DELIVERED, message=f"{reply.channel}/{reply.ts}")
        word = reply.error if re.fullmatch(r"[a-z_]{1,60}", reply.error) else "no reason given"
        if word in TOO_FAST:
            return Outcome(Verdict.THROTTLED, word, answer.retry_after or PAUSE)
        return Outcome(Verdict.FAILED if word in PASSING else Verdict.REFUSED, word)
