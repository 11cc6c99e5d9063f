"""The two brokers of the fault tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.broker.apache import ApacheKafka
from services.broker.embedded import EmbeddedBroker
from services.broker.topics import ensure_topics
from tests.faults.kafka import Kafka

LIBS = Path(__file__).parents[2] / ".parley" / "kafka" / "libs"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this directory takes its time, and runs with `make test-faults`."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.timeout(600))


def need_kafka() -> None:
    """Skip, and say what lacks, where Apache Kafka cannot be run."""
    if shutil.which("java") is None or not (LIBS / ".done").exists():
        pytest.skip("Apache Kafka is not here: needs Java 17+ and `make kafka-jars` (Maven)")


@pytest.fixture
def embedded() -> Iterator[Kafka]:
    with EmbeddedBroker() as broker:
        yield Kafka(broker)


@pytest.fixture
def apache(tmp_path: Path) -> Iterator[Kafka]:
    need_kafka()
    with ApacheKafka(LIBS, tmp_path / "kafka") as broker:
        ensure_topics(broker.bootstrap, 1)
        yield Kafka(broker)


@pytest.fixture(params=["embedded", "apache"])
def kafka(request: pytest.FixtureRequest) -> Kafka:
    found: Kafka = request.getfixturevalue(request.param)
    return found
