"""Three nodes of Apache Kafka, of which one is lost while there is work: replication 3, two in sync at least."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import KafkaError

from services.broker.apache import ApacheKafka
from services.broker.topics import ensure_topics
from streams.topics import ARTICLES, CHANGELOG, READINGS, Topic, decode_article
from tests.faults.conftest import LIBS, need_kafka
from tests.faults.evidence import assert_nothing_lost
from tests.faults.kafka import Kafka, until
from tests.faults.running import Worker
from tests.services.ingest.server import Site, site
from tests.services.ingest.test_run import LOCAL, listed, page, running
from tests.services.ingest.test_visit import entry, rss


class Three:
    """The cluster, and what is known of its leaders and replicas."""

    def __init__(self, cluster: ApacheKafka) -> None:
        self.cluster, self.kafka = cluster, Kafka(cluster)

    def partitions(self, topic: Topic) -> list[dict[str, Any]]:
        deadline = time.monotonic() + 60
        while True:
            admin = None
            try:
                admin = KafkaAdminClient(bootstrap_servers=self.cluster.bootstrap)
                (found,) = admin.describe_topics([topic.name])
                return list(found["partitions"])
            except KafkaError:
                # The node that was asked is the one that is gone; the next connection finds another.
                assert time.monotonic() < deadline
                time.sleep(0.5)
            finally:
                if admin is not None:
                    admin.close()

    def leader_of_most(self, *topics: Topic) -> int:
        """Return the index of the node that leads most partitions of these topics."""
        leaders = Counter(one["leader_id"] for topic in topics for one in self.partitions(topic))
        return int(leaders.most_common(1)[0][0]) - 1

    def whole(self) -> bool:
        """Whether every replica of every partition is in sync."""
        every = [one for topic in (ARTICLES, READINGS, CHANGELOG) for one in self.partitions(topic)]
        return all(len(one["isr_nodes"]) == 3 for one in every)

    def demand(self, topic: Topic, in_sync: int) -> None:
        """Have the topic acknowledge nothing that fewer replicas have."""
        admin = KafkaAdminClient(bootstrap_servers=self.cluster.bootstrap)
        try:
            wanted = {"min.insync.replicas": str(in_sync)}
            admin.alter_configs(
                [ConfigResource(ConfigResourceType.TOPIC, topic.name, wanted)], raise_on_unknown=False, incremental=True
            )
        finally:
            admin.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApacheKafka]:
    need_kafka()
    with ApacheKafka(LIBS, tmp_path_factory.mktemp("kafka"), brokers=3) as cluster:
        ensure_topics(cluster.bootstrap, 3)
        yield cluster


@pytest.fixture
def three(cluster: ApacheKafka) -> Iterator[Three]:
    three = Three(cluster)
    until(three.whole, 120, "the replicas are not in sync")
    yield three
    for node in cluster.nodes:
        if not node.alive:
            node.start()
            node.await_listening()


@pytest.mark.fault(29, "kill -9 on the node that leads most partitions, with a batch in hand; it stays away")
def test_a_worker_goes_on_without_the_leader_of_its_partitions(three: Three, tmp_path: Path) -> None:
    kafka = three.kafka
    inputs = kafka.put_articles(range(200))
    with Worker(kafka, tmp_path, "--slow", 0.4) as worker:
        worker.await_event("read", 2)
        leader = three.leader_of_most(ARTICLES, READINGS, CHANGELOG)
        assert worker.await_in_hand() != []
        three.cluster.nodes[leader].kill()
        inputs += kafka.put_articles(range(200, 300))
        try:
            kafka.await_done(120)
        except AssertionError:
            # A worker that gave up must have ended: a supervisor restarts only what has ended.
            assert worker.await_exit(60) != 0
            with Worker(kafka, tmp_path):
                kafka.await_done()
    assert leader + 1 not in {one["leader_id"] for one in three.partitions(READINGS)}
    kafka.assert_none_lost(inputs)
    assert kafka.dead(ARTICLES) == {}
    assert_nothing_lost(kafka)


@pytest.mark.fault(29, "kill -9 on the node that leads most partitions of the articles, while the ingester publishes")
def test_an_ingester_publishes_past_the_leaders_death(three: Three, tmp_path: Path) -> None:
    before = len(three.kafka.read(ARTICLES.name))

    async def scenario(place: Site) -> None:
        place.serve("/feed", rss(*(entry(number) for number in range(1, 11))))
        feeds = listed(tmp_path, {"Herald": f"{place.url}/feed"})
        connection = ["--kafka", three.cluster.bootstrap, "--state", str(tmp_path / "state")]
        with running("--feeds", feeds, "--no-fulltext", *connection, *LOCAL) as (process, url):
            count = "parley_articles_in_total"
            await asyncio.to_thread(until, lambda: sum_of(page(url), count) == 10, 120, "the first ten")
            leader = await asyncio.to_thread(three.leader_of_most, ARTICLES)
            three.cluster.nodes[leader].kill()
            place.serve("/feed", rss(*(entry(number) for number in range(1, 31))))
            await asyncio.to_thread(until, lambda: sum_of(page(url), count) == 30, 180, "all thirty")
            assert process.poll() is None

    async def run() -> None:
        async with site() as place:
            await scenario(place)

    asyncio.run(run())
    after = [decode_article(record.value).id for record in three.kafka.read(ARTICLES.name)[:]]
    assert len(after) - before >= 30
    assert len({article for article in after if not article[1:].isdecimal()}) == 30


def sum_of(text: str, name: str) -> float:
    return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name + "{"))


@pytest.mark.fault(
    30, "min.insync.replicas of the readings is 3 and one of three nodes is killed: all writes are refused"
)
def test_what_too_few_replicas_have_is_not_committed(three: Three, tmp_path: Path) -> None:
    kafka = three.kafka
    three.demand(READINGS, 3)
    try:
        with Worker(kafka, tmp_path) as worker:
            first = kafka.put_articles(range(1000, 1020))
            kafka.await_done()
            three.cluster.nodes[three.leader_of_most(ARTICLES) - 1].kill()
            until(
                lambda: all(len(one["isr_nodes"]) == 2 for one in three.partitions(READINGS)), 120, "a replica is out"
            )
            done = kafka.lag(ARTICLES)
            inputs = kafka.put_articles(range(1020, 1060))
            until(lambda: bool(set(worker.rounds("read")) & set(range(1020, 1060))), 120, worker.words())
            # Commits go out every second, and none of them passes what no reading stands for.
            time.sleep(5)
            assert (done, kafka.lag(ARTICLES)) == (0, 40)
            for node in three.cluster.nodes:
                if not node.alive:
                    node.start()
                    node.await_listening()
            try:
                kafka.await_done(120)
            except AssertionError:
                assert worker.await_exit(60) != 0
                with Worker(kafka, tmp_path):
                    kafka.await_done()
    finally:
        three.demand(READINGS, 2)
    kafka.assert_none_lost(first + inputs)
    assert kafka.dead(ARTICLES) == {}
    assert_nothing_lost(kafka)
