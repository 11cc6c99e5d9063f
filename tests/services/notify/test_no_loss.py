"""Faults between the topic and the ledger: nothing is committed that is not safe."""

import asyncio
from pathlib import Path

import pytest

from services.broker.cluster import read_cluster_id
from services.broker.embedded import EmbeddedBroker
from services.errors import ParleyError
from streams.topics import ALERTS, DEAD_REASON
from tests.services.notify.receiver import Receiver
from tests.services.notify.samples import alert
from tests.services.notify.serving import Serving, committed, publish, read_dead
from tests.services.notify.telling import webhook

PRODUCE = 0
TOO_LARGE, NOT_AUTHORIZED = 10, 29


def test_a_ledger_that_cannot_be_written_stops_the_notifier_before_it_commits(tmp_path: Path) -> None:
    async def scenario(bootstrap: str) -> None:
        async with Receiver() as hook:
            serving = Serving(bootstrap, tmp_path, [webhook(hook.url)])
            serving.ledger.stamp(await asyncio.to_thread(read_cluster_id, bootstrap, "2.3"))
            with serving.ledger.read() as db:
                (pages,) = db.execute("PRAGMA page_count").fetchone()
                db.execute(f"PRAGMA max_page_count = {pages}")
            async with serving:
                assert serving.task is not None
                await asyncio.wait([serving.task], timeout=60)

    with EmbeddedBroker([ALERTS]) as broker:
        publish(broker.bootstrap, *(alert(f"{number:03}") for number in range(200)))
        with pytest.raises(ParleyError, match="full"):
            asyncio.run(scenario(broker.bootstrap))
        assert committed(broker.bootstrap) < 200


def test_a_dead_letter_that_is_not_taken_is_not_committed_and_comes_again(tmp_path: Path) -> None:
    async def scenario(broker: EmbeddedBroker) -> None:
        async with Receiver() as hook, Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]):
            await hook.has(1)
            assert hook.ids == ["b.0"]

    with EmbeddedBroker([ALERTS]) as broker:
        publish(broker.bootstrap, b"junk", alert("b"))
        broker.push_errors(PRODUCE, [NOT_AUTHORIZED])
        asyncio.run(scenario(broker))
        (dead,) = read_dead(broker.bootstrap, 1)
        assert dead.value == b"junk"
        assert committed(broker.bootstrap) == 2


def test_a_dead_letter_too_large_with_its_headers_keeps_its_reason_and_its_place(tmp_path: Path) -> None:
    async def scenario(broker: EmbeddedBroker) -> None:
        async with Receiver() as hook, Serving(broker.bootstrap, tmp_path, [webhook(hook.url)]):
            await hook.has(1)

    with EmbeddedBroker([ALERTS]) as broker:
        publish(broker.bootstrap, b"junk", alert("b"))
        broker.push_errors(PRODUCE, [TOO_LARGE])
        asyncio.run(scenario(broker))
        (dead,) = read_dead(broker.bootstrap, 1)
        assert dead.value is None
        assert b"value of 4 bytes left out" in dict(dead.headers)[DEAD_REASON]
