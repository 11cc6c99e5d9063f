"""What routes, silences, a hold and many alerts at once do to what a desk is told; with the ledger and real sinks."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from services.notify.account import explain, read_account
from services.notify.addresses import fingerprint
from services.notify.deliver.canary import Canaries
from services.notify.deliver.channel import Channel
from services.notify.deliver.slack import TASTE, Slack
from services.notify.deliveries import read_unknown_sinks
from services.notify.hold import hold, read_hold, release
from services.notify.ledger import open_ledger
from services.notify.silences import add_silence, count_silenced, end_silence, read_silences
from services.notify.taste import EVERYTHING, Grouping, Rule, Taste
from streams.canary import make_canary
from tests.services.notify.receiver import Receiver, until
from tests.services.notify.samples import NAMES, alert
from tests.services.notify.telling import ShiftedClock, Telling, attempts, slack, webhook

CONFIRMED = Taste(False, True, (Rule(statuses=frozenset({"confirmed"})),))
SURE = Taste(False, True, (Rule(probability=0.9),))


def sink(url: str, name: str, taste: Taste = TASTE) -> Slack:
    channel = Slack(url, fingerprint(url), NAMES, 30.0, name, taste)
    channel.spacing = 0.0
    return channel


def texts(receiver: Receiver) -> list[str]:
    return [received.body["text"] for received in receiver.seen]


async def settled(telling: Telling, name: str) -> None:
    await until(lambda: all(state != "waiting" for state, _ in telling.states(name).values()), 60)


def test_each_sink_is_told_what_its_routes_name(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as one, Receiver() as other:
            east = Taste(False, True, (Rule(actors=frozenset({"graustark"})),))
            async with Telling(tmp_path, [sink(one.url, "one", east), sink(other.url, "other", CONFIRMED)]) as telling:
                telling.take(alert("a"), alert("b", actor="graustark"), alert("c", status="confirmed"))
                await one.has(1, 60)
                await other.has(1, 60)
                await settled(telling, "one")
                await settled(telling, "other")
            assert texts(one) == ["Possible shift: Graustark, against → favor"]
            assert texts(other) == ["Shift confirmed: Ruritania, against → favor"]

    asyncio.run(scenario())


def test_whoever_was_told_of_an_alert_is_told_of_its_retraction_whatever_the_route_says(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as hook, Telling(tmp_path, [sink(hook.url, "desk", SURE)]) as telling:
            telling.take(alert("a"), replace(alert("b"), probability=0.5))
            await hook.has(1, 60)
            await settled(telling, "desk")
            late = [replace(alert(id, 1, "retracted"), probability=0.1) for id in "ab"]
            telling.take(*late)
            await hook.has(2, 60)
            await settled(telling, "desk")
            assert texts(hook)[1].startswith("Shift retracted")
            assert telling.states("desk")["b", 1] == ("skipped", "not wanted")

    asyncio.run(scenario())


def test_nobody_is_told_of_the_end_of_what_they_never_heard_of(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as hook, Telling(tmp_path, [sink(hook.url, "desk", SURE)]) as telling:
            telling.take(replace(alert("a"), probability=0.5), replace(alert("a", 1, "closed"), probability=0.95))
            await settled(telling, "desk")
            assert telling.states("desk")["a", 1] == ("skipped", "its beginning was not told here")
            assert hook.seen == []

    asyncio.run(scenario())


def test_editing_the_routes_tells_nothing_twice(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as hook:
            for taste in (CONFIRMED, Taste(False, True, (EVERYTHING,)), CONFIRMED._replace(grouping=Grouping(60.0, 1))):
                async with Telling(tmp_path, [sink(hook.url, "desk", taste), sink(hook.url, "more", taste)]) as telling:
                    telling.take(alert("a", status="confirmed"), alert("b"))
                    await hook.has(2, 60)
                    await settled(telling, "desk")
                    await settled(telling, "more")
            assert texts(hook) == ["Shift confirmed: Ruritania, against → favor"] * 2

    asyncio.run(scenario())


def test_a_sink_under_a_new_name_is_told_nothing_old_and_the_old_ones_debts_are_named(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as hook:
            ledger = open_ledger(tmp_path)
            hold(ledger, "", 0.0)
            ledger.close()
            async with Telling(tmp_path, [sink(hook.url, "old")]) as telling:
                telling.take(alert("a"))
            async with Telling(tmp_path, [sink(hook.url, "new")]) as telling:
                telling.take(alert("a"))
                assert telling.states("new") == {}
                assert read_unknown_sinks(telling.ledger, ["new"]) == {"old": 1}

    asyncio.run(scenario())


def test_many_alerts_at_once_are_one_message_and_each_is_accounted_for_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        taste = TASTE._replace(grouping=Grouping(600.0, 2))
        async with Receiver() as hook, Telling(tmp_path, [sink(hook.url, "desk", taste)]) as telling:
            telling.take(*(alert(f"{number}") for number in range(7)))
            await telling.pass_time(6)
            await hook.has(1, 60)
            await settled(telling, "desk")
            (text,) = texts(hook)
            assert text.startswith("7 alerts (7 pending)")
            assert "https://news.example/2024/talks?id=7" in hook.seen[0].raw.decode()
            entries = read_account(telling.ledger)
            assert sorted(entry.alert for entry in entries) == list("0123456")
            assert len({explain(entry) for entry in entries}) == 1
            assert explain(entries[0]).startswith("told in digest burst.")
            telling.take(alert("3", 1, "retracted"))
            await hook.has(2, 60)
            assert texts(hook)[1].startswith("Shift retracted")

    asyncio.run(scenario())


def test_few_alerts_are_told_one_by_one_and_the_next_ones_wait_for_the_window(tmp_path: Path) -> None:
    async def scenario() -> None:
        taste = TASTE._replace(grouping=Grouping(600.0, 2))
        async with Receiver() as hook, Telling(tmp_path, [sink(hook.url, "desk", taste)]) as telling:
            for id in "ab":
                telling.take(alert(id))
                await until(lambda id=id: telling.states("desk")[id, 0][0] == "delivered", 60)  # type: ignore[misc]
            telling.take(alert("c"), alert("d"), alert("e"))
            await telling.pass_time(300)
            await asyncio.sleep(0.3)
            assert len(hook.seen) == 2
            await telling.pass_time(301)
            await hook.has(3, 60)
            await settled(telling, "desk")
            assert texts(hook)[2].startswith("3 alerts (3 pending)")

    asyncio.run(scenario())


def test_a_silence_keeps_back_what_it_names_until_it_ends_and_that_is_counted(tmp_path: Path) -> None:
    async def scenario() -> None:
        before = attempts("desk", "silenced")
        async with Receiver() as hook, Telling(tmp_path, [sink(hook.url, "desk")]) as telling:
            now = telling.clock()
            made = add_silence(telling.ledger, "ruritania", "shift", "", now + 3600, "a bad day", now)
            telling.take(alert("a"), alert("b", actor="graustark"))
            await settled(telling, "desk")
            assert telling.states("desk")["a", 0] == ("silenced", f"silence {made.number}: a bad day")
            assert count_silenced(telling.ledger, made.number) == 1
            assert attempts("desk", "silenced") == before + 1
            await telling.pass_time(3601)
            assert read_silences(telling.ledger, telling.clock()) == []
            telling.take(alert("c"))
            await settled(telling, "desk")
            assert texts(hook) == [
                "Possible shift: Graustark, against → favor", "Possible shift: Ruritania, against → favor",
            ]  # fmt: skip

    asyncio.run(scenario())


def test_a_silence_keeps_no_retraction_from_those_who_were_told_the_alert(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as hook, Telling(tmp_path, [sink(hook.url, "desk")]) as telling:
            telling.take(alert("a"))
            await settled(telling, "desk")
            add_silence(telling.ledger, "", "", "", telling.clock() + 3600, "", telling.clock())
            telling.take(alert("b"), alert("b", 1, "retracted"), alert("a", 1, "retracted"))
            await settled(telling, "desk")
            assert [text.split(":")[0] for text in texts(hook)] == ["Possible shift", "Shift retracted"]
            assert telling.states("desk")["b", 1][0] == "silenced"

    asyncio.run(scenario())


def test_a_silence_for_one_sink_is_none_for_another_and_can_be_ended(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as one, Receiver() as other:
            channels = [sink(one.url, "one"), sink(other.url, "other")]
            async with Telling(tmp_path, channels) as telling:
                made = add_silence(telling.ledger, "", "", "one", telling.clock() + 3600, "", telling.clock())
                telling.take(alert("a"))
                await other.has(1, 60)
                await settled(telling, "one")
                assert one.seen == []
                end_silence(telling.ledger, made.number, telling.clock())
                telling.take(alert("b"))
                await one.has(1, 60)

    asyncio.run(scenario())


class InterruptedClock(ShiftedClock):
    """Does what it is given right after the next time it was asked, as if the machine had paused there."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], None] | None = None

    def __call__(self) -> float:
        now = super().__call__()
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return now


def test_a_silence_that_ends_while_a_sink_looks_keeps_back_nothing_that_came_after(tmp_path: Path) -> None:
    async def scenario() -> None:
        clock = InterruptedClock()
        async with Receiver() as hook, Telling(tmp_path, [sink(hook.url, "desk")], clock) as telling:
            made = add_silence(telling.ledger, "", "", "desk", telling.clock() + 3600, "", telling.clock())

            def end_and_take() -> None:
                end_silence(telling.ledger, made.number, telling.clock())
                telling.take(alert("b"))

            clock.meanwhile = end_and_take
            await telling.pass_time(0)
            await hook.has(1, 60)

    asyncio.run(scenario())


def test_a_hold_stops_everything_survives_a_restart_and_loses_nothing(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as chat, Receiver() as hook:
            channels: list[Channel] = [slack(chat.url), webhook(hook.url)]
            async with Telling(tmp_path, channels) as telling:
                hold(telling.ledger, "wrong quotes", telling.clock())
                telling.take(alert("a"))
            channels = [slack(chat.url), webhook(hook.url)]
            async with Telling(tmp_path, channels) as telling:
                telling.take(alert("b"))
                await asyncio.sleep(0.3)
                assert chat.seen == hook.seen == []
                held = read_hold(telling.ledger)
                assert held is not None
                assert str(held).endswith("UTC (wrong quotes)")
                assert release(telling.ledger) == held
                await chat.has(2, 60)
                await hook.has(2, 60)
                await settled(telling, "slack")
            assert sorted(hook.ids) == ["a.0", "b.0"]

    asyncio.run(scenario())


def test_a_canary_reaches_its_own_sink_and_nobody_else(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as chat, Receiver() as hook:
            channels: list[Channel] = [slack(chat.url), webhook(hook.url), Canaries()]
            async with Telling(tmp_path, channels) as telling:
                canary = replace(alert("c", kind="canary"), since=make_canary(alert().at).fetched)
                telling.take(canary, alert("a"))
                await chat.has(1, 60)
                await hook.has(1, 60)
                await until(lambda: telling.states("canary").get(("c", 0)) == ("delivered", ""), 60)
                assert telling.states("slack").keys() == telling.states("webhook").keys() == {("a", 0)}
                assert {entry.alert for entry in read_account(telling.ledger)} == {"a"}
            assert b"canary" not in chat.seen[0].raw + hook.seen[0].raw

    asyncio.run(scenario())
