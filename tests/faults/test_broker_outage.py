"""Apache Kafka itself goes away, for longer than any delivery waits, and comes back."""

import asyncio
import time
from pathlib import Path

import pytest

from services.broker.apache import ApacheKafka
from services.ingest import broker as ingest_broker
from streams.topics import ARTICLES, READINGS, decode_article
from tests.faults.evidence import assert_nothing_lost
from tests.faults.kafka import Kafka, until
from tests.faults.running import Worker
from tests.services.ingest.server import Site, site
from tests.services.ingest.test_run import LOCAL, listed, page, running
from tests.services.ingest.test_visit import entry, rss

OUTAGE_SECONDS = 30.0


def node(kafka: Kafka) -> ApacheKafka:
    assert isinstance(kafka.broker, ApacheKafka)
    return kafka.broker


@pytest.mark.fault(2, "the Apache Kafka process is stopped for longer than the ingester's delivery timeout")
def test_what_was_published_during_an_outage_is_sent_when_the_broker_is_back(apache: Kafka, tmp_path: Path) -> None:
    async def scenario(place: Site) -> None:
        place.serve("/feed", rss(*(entry(number) for number in range(1, 11))))
        feeds = listed(tmp_path, {"Herald": f"{place.url}/feed"})
        connection = ["--kafka", apache.broker.bootstrap, "--state", str(tmp_path / "state")]
        with running("--feeds", feeds, "--no-fulltext", *connection, *LOCAL) as (process, url):
            await asyncio.to_thread(until, lambda: len(apache.read(ARTICLES.name)) == 10, 60, "the first ten came")
            await asyncio.to_thread(node(apache).stop)
            place.serve("/feed", rss(*(entry(number) for number in range(1, 31))))
            await asyncio.to_thread(until, lambda: "parley_outbox_articles 20.0" in page(url), 60, "twenty wait")
            await asyncio.sleep(ingest_broker.DELIVERY_MS / 1000 + 3)
            assert "parley_outbox_articles 20.0" in page(url)
            assert process.poll() is None
            await asyncio.to_thread(node(apache).start)
            await asyncio.to_thread(until, lambda: "parley_outbox_articles 0.0" in page(url), 120, "they are sent")
        ids = {decode_article(record.value).id for record in apache.read(ARTICLES.name)}
        assert len(ids) == 30

    async def run() -> None:
        async with site() as place:
            await scenario(place)

    asyncio.run(run())


@pytest.mark.fault(
    2, "the Apache Kafka process is stopped for half a minute under a worker, which is restarted if it ends"
)
def test_a_worker_outlives_an_outage_or_its_successor_goes_on(apache: Kafka, tmp_path: Path) -> None:
    inputs = apache.put_articles(range(300))
    with Worker(apache, tmp_path, "--slow", 0.5) as worker:
        worker.await_event("read", 2)
        assert worker.await_in_hand() != []
        node(apache).stop()
        time.sleep(OUTAGE_SECONDS)
        node(apache).start()
        try:
            apache.await_done(60)
        except AssertionError:
            # A worker that gave up must have ended: a supervisor restarts only what has ended.
            assert worker.await_exit(60) != 0
            with Worker(apache, tmp_path):
                apache.await_done()
    assert apache.lag(ARTICLES, READINGS) == 0
    apache.assert_none_lost(inputs)
    assert apache.dead(ARTICLES) == {}
    assert_nothing_lost(apache)
