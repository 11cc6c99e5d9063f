"""A Slack channel with a bot's token: one message an alert, brought up to date, and a thread of what came of it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from services.notify.addresses import fingerprint
from services.notify.deliver.slack import TASTE
from services.notify.deliver.slack_bot import SlackBot
from services.notify.taste import Taste
from tests.services.notify.receiver import until
from tests.services.notify.samples import NAMES, alert
from tests.services.notify.slack_api import CHANNEL, TOKEN, SlackServer
from tests.services.notify.telling import Telling

Step = Callable[[SlackServer, Telling], Awaitable[None]]


def bot(api: str, taste: Taste = TASTE, token: str = TOKEN) -> SlackBot:
    channel = SlackBot(api, token, CHANNEL, fingerprint(api), NAMES, "desk", taste, 30.0)
    channel.spacing = 0.0
    return channel


def run(state: Path, step: Step, taste: Taste = TASTE, token: str = TOKEN) -> None:
    async def scenario() -> None:
        async with SlackServer() as slack, Telling(state, [bot(slack.api, taste, token)]) as telling:
            await step(slack, telling)

    asyncio.run(scenario())


async def delivered(telling: Telling, *keys: tuple[str, int]) -> None:
    await until(lambda: all(telling.states("desk").get(key, ("",))[0] == "delivered" for key in keys), 60)


def test_a_confirmed_alert_updates_its_message_and_says_so_in_its_thread(tmp_path: Path) -> None:
    async def step(slack: SlackServer, telling: Telling) -> None:
        telling.take(alert("a"))
        await delivered(telling, ("a", 0))
        telling.take(alert("a", 1, "confirmed"))
        await delivered(telling, ("a", 1))
        (root,) = slack.roots
        assert root.text == "Shift confirmed: Ruritania, against → favor"
        assert root.edits == 1
        (reply,) = slack.replies(root)
        assert reply.broadcast
        assert reply.text == "Shift confirmed: Ruritania, against → favor"
        assert "a.1" in json.dumps(reply.blocks)

    run(tmp_path, step)


def test_a_retraction_is_never_left_to_an_edit_alone(tmp_path: Path) -> None:
    async def step(slack: SlackServer, telling: Telling) -> None:
        telling.take(alert("a"))
        await delivered(telling, ("a", 0))
        telling.take(alert("a", 1, "retracted"))
        await delivered(telling, ("a", 1))
        (root,) = slack.roots
        assert root.text.startswith("Shift retracted")
        assert [reply.text for reply in slack.replies(root)] == [root.text]

    run(tmp_path, step)


def test_a_restarted_notifier_goes_on_in_the_same_thread(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with SlackServer() as slack:
            async with Telling(tmp_path, [bot(slack.api)]) as telling:
                telling.take(alert("a"))
                await delivered(telling, ("a", 0))
            async with Telling(tmp_path, [bot(slack.api)]) as telling:
                telling.take(alert("a", 1, "confirmed"))
                await delivered(telling, ("a", 1))
            (root,) = slack.roots
            assert len(slack.replies(root)) == 1

    asyncio.run(scenario())


def test_a_message_that_somebody_deleted_is_begun_anew(tmp_path: Path) -> None:
    async def step(slack: SlackServer, telling: Telling) -> None:
        telling.take(alert("a"))
        await delivered(telling, ("a", 0))
        slack.channel.clear()
        telling.take(alert("a", 1, "confirmed"))
        await delivered(telling, ("a", 1))
        (root,) = slack.channel
        telling.take(alert("a", 2, "retracted"))
        await delivered(telling, ("a", 2))
        assert len(slack.replies(root)) == 1

    run(tmp_path, step)


def test_a_message_that_may_not_be_edited_still_gets_its_reply(tmp_path: Path) -> None:
    async def step(slack: SlackServer, telling: Telling) -> None:
        telling.take(alert("a"))
        await delivered(telling, ("a", 0))
        slack.errors = ["edit_window_closed"]
        telling.take(alert("a", 1, "retracted"))
        await delivered(telling, ("a", 1))
        (root,) = slack.roots
        assert root.edits == 0
        assert len(slack.replies(root)) == 1

    run(tmp_path, step)


def test_a_retraction_of_an_alert_told_in_a_digest_is_told_in_its_thread(tmp_path: Path) -> None:
    async def step(slack: SlackServer, telling: Telling) -> None:
        telling.take(alert("a"), alert("b"), written=telling.clock() - 7 * 3600)
        await telling.pass_time(10)
        await delivered(telling, ("a", 0), ("b", 0))
        (digest,) = slack.roots
        assert digest.text.startswith("2 late alerts")
        telling.take(alert("b", 1, "retracted"))
        await delivered(telling, ("b", 1))
        (reply,) = slack.replies(digest)
        assert reply.text.startswith("Shift retracted")
        assert digest.edits == 0

    run(tmp_path, step)


def test_a_digest_brings_the_messages_up_to_date_that_it_tells_on(tmp_path: Path) -> None:
    async def step(slack: SlackServer, telling: Telling) -> None:
        for id in "ab":
            telling.take(alert(id))
            await delivered(telling, (id, 0))
        telling.take(alert("a", 1, "retracted"), alert("b", 1, "confirmed"), written=telling.clock() - 7 * 3600)
        await telling.pass_time(10)
        await delivered(telling, ("a", 1), ("b", 1))
        first, second, digest = slack.roots
        assert digest.text.startswith("2 late alerts")
        assert sorted([first.text.split(":")[0], second.text.split(":")[0]]) == ["Shift confirmed", "Shift retracted"]

    run(tmp_path, step)


def test_slacks_pause_is_kept_and_costs_no_attempt(tmp_path: Path) -> None:
    async def step(slack: SlackServer, telling: Telling) -> None:
        slack.rate_limit = 1
        telling.take(alert("a"))
        await until(lambda: telling.states("desk")["a", 0][1] == "status 429", 60)
        assert slack.channel == []
        await telling.pass_time(4)
        await delivered(telling, ("a", 0))
        assert slack.calls == ["chat.postMessage"] * 2

    run(tmp_path, step)


def test_what_a_person_has_to_mend_is_parked_by_its_word_and_passing_trouble_is_tried_again(tmp_path: Path) -> None:
    async def step(slack: SlackServer, telling: Telling) -> None:
        slack.errors = ["not_in_channel", "internal_error"]
        telling.take(alert("a"))
        await until(lambda: telling.states("desk")["a", 0] == ("parked", "not_in_channel"), 60)
        telling.take(alert("b"))
        await until(lambda: telling.states("desk")["b", 0] == ("waiting", "internal_error"), 60)
        await telling.pass_time(6)
        await delivered(telling, ("b", 0))

    run(tmp_path, step)


def test_a_wrong_token_is_named_without_showing_it(tmp_path: Path) -> None:
    async def step(slack: SlackServer, telling: Telling) -> None:
        telling.take(alert("a"))
        await until(lambda: telling.states("desk")["a", 0] == ("parked", "invalid_auth"), 60)

    run(tmp_path, step, token="xoxb-WRONG")
