"""A broker that is away, comes back, or is another one than before."""

import asyncio
import time
from pathlib import Path

import pytest

from services.broker.cluster import read_cluster_id
from services.broker.embedded import EmbeddedBroker
from services.errors import BrokerProblem, UsageProblem
from services.notify import connect, consume, decide
from services.notify.ledger import open_ledger
from services.notify.record import Arrival, record
from streams.topics import ALERTS
from tests.services.notify.receiver import Receiver, answers, until
from tests.services.notify.samples import alert
from tests.services.notify.serving import Serving, metric, publish
from tests.services.notify.telling import closed_port, slack, webhook

JOIN_GROUP = 11


def test_a_ledger_of_another_broker_is_refused_with_the_way_out(broker: EmbeddedBroker, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Receiver() as hook, Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]) as serving:
            assert serving.task is not None
            await asyncio.wait([serving.task], timeout=60)

    ledger = open_ledger(tmp_path)
    ledger.stamp("another-cluster")
    ledger.close()
    with pytest.raises(UsageProblem, match=r"notify\.sqlite belongs to another broker.*--fresh"):
        asyncio.run(scenario())


def test_the_notifier_waits_for_a_broker_that_is_down_and_goes_on_when_it_is_back(
    broker: EmbeddedBroker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        await asyncio.to_thread(publish, broker.bootstrap, alert("a"))
        broker.take_down()
        async with Receiver() as hook, Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]) as serving:
            await until(lambda: "alerts cannot be read" in caplog.text)
            assert metric("parley_ready") == 0
            assert serving.task is not None
            assert not serving.task.done()
            broker.bring_up()
            await hook.has(1)

    asyncio.run(scenario())


def test_what_is_owed_is_delivered_while_the_broker_is_away(tmp_path: Path) -> None:
    async def scenario() -> None:
        nowhere = closed_port().removeprefix("http://").split("/", maxsplit=1)[0]
        async with Receiver() as chat:
            channel = slack(chat.url)
            ledger = open_ledger(tmp_path)
            record(ledger, [Arrival(alert(), time.time())], {"slack": channel.taste}, time.time())
            ledger.close()
            async with Serving(nowhere, tmp_path, [channel]):
                await chat.has(1)

    asyncio.run(scenario())


def test_alerts_found_after_an_outage_of_ours_come_as_one_digest(
    broker: EmbeddedBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The age is counted from the record's own time, so that a notifier that was down notices."""
    monkeypatch.setattr(decide, "SETTLE", 0.5)

    def seven_hours_later() -> float:
        return time.time() + 7 * 3600

    async def scenario() -> None:
        await asyncio.to_thread(publish, broker.bootstrap, alert("a"))
        await asyncio.to_thread(publish, broker.bootstrap, alert("b"), key=b"other")
        async with (
            Receiver(answers()) as chat,
            Serving(broker.bootstrap, tmp_path, [slack(chat.url)], seven_hours_later),
        ):
            await chat.has(1)
            await asyncio.sleep(0.2)
            assert [received.body["text"][:13] for received in chat.seen] == ["2 late alerts"]

    asyncio.run(scenario())


def test_a_brokers_identity_is_its_own() -> None:
    with EmbeddedBroker([ALERTS]) as one, EmbeddedBroker([ALERTS]) as other:
        first = read_cluster_id(one.bootstrap, "2.3")
        assert first == read_cluster_id(one.bootstrap, "2.3")
        assert first != read_cluster_id(other.bootstrap, "2.3")


def test_a_broker_that_is_not_there_is_one_clear_line() -> None:
    with pytest.raises(BrokerProblem, match=r"127\.0\.0\.1:1: cannot be reached \(.*refused"):
        read_cluster_id("127.0.0.1:1", "2.3")


@pytest.mark.parametrize(("patience", "session"), [(1000, 30_000), (1, 900)], ids=["kept", "made anew"])
def test_an_outage_of_the_broker_is_noticed_and_outlived(
    patience: int,
    session: int,
    broker: EmbeddedBroker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whether the connection recovers by itself or is made anew."""
    monkeypatch.setattr(consume, "ASK_EVERY", 0.2)
    monkeypatch.setattr(consume, "COMMIT_MS", 300)
    monkeypatch.setattr(consume, "SILENT_MOST", patience)
    monkeypatch.setattr(connect, "SESSION_MS", session)

    async def scenario() -> None:
        async with Receiver() as hook, Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]):
            await asyncio.to_thread(publish, broker.bootstrap, alert("a"))
            await hook.has(1)
            broker.take_down()
            await until(lambda: metric("parley_ready") == 0)
            assert "does not answer" in caplog.text
            broker.bring_up()
            await until(lambda: metric("parley_ready") == 1)
            await asyncio.to_thread(publish, broker.bootstrap, alert("b"))
            await hook.has(2)
            assert hook.ids == ["a.0", "b.0"]

    asyncio.run(scenario())


def test_a_request_to_join_that_is_never_answered_is_asked_again(
    broker: EmbeddedBroker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broker.answer_late(JOIN_GROUP, 3600)

    async def scenario() -> None:
        async with Receiver() as hook, Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]):
            await asyncio.to_thread(publish, broker.bootstrap, alert("a"))
            await hook.has(1)
            assert "alerts cannot be read: KafkaTimeoutError" in caplog.text

    asyncio.run(scenario())
