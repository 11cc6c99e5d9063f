"""Apache Kafka itself as local processes, without Docker: a KRaft cluster of one node or three on loopback ports.

For development, tests and trying Parley against a broker that keeps what it is given. Production runs Kafka from
docker-compose.yml or elsewhere.
"""

import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from services.broker.node import Node, check_java
from services.ports import free_port

PROPERTIES = """\
process.roles=broker,controller
node.id={number}
controller.quorum.voters={voters}
listeners={listener}://127.0.0.1:{port},INTERNAL://127.0.0.1:{internal},CONTROLLER://127.0.0.1:{controller}
advertised.listeners={listener}://127.0.0.1:{port},INTERNAL://127.0.0.1:{internal}
listener.security.protocol.map={listener}:{listener},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=INTERNAL
controller.listener.names=CONTROLLER
log.dirs={logs}
auto.create.topics.enable=false
offsets.topic.replication.factor={replication}
transaction.state.log.replication.factor={replication}
transaction.state.log.min.isr={in_sync}
min.insync.replicas={in_sync}
group.initial.rebalance.delay.ms=0
"""


def make_cluster_id(draw: Callable[[], bytes]) -> str:
    """Return an id as Kafka makes them: sixteen bytes in base64 that do not begin with a dash, which its tools would
    take for an option."""
    while True:
        made = urlsafe_b64encode(draw()).decode().rstrip("=")
        if not made.startswith("-"):
            return made


class Listener(NamedTuple):
    """How clients reach the nodes: a security protocol of Kafka's, what it needs in server.properties, and what the
    storage tool is told (`--add-scram`)."""

    protocol: str = "PLAINTEXT"
    properties: str = ""
    storage: Sequence[str] = ()


class ApacheKafka:
    """A cluster whose files live in `directory`; `bootstrap` is host:port of each node. A context manager.

    `libs` holds the jars (`make kafka-jars`). With three `brokers` a topic has three replicas at most, of which two
    must have a record before it is acknowledged. Starting in a directory that was used before keeps what is in it,
    ports included.
    """

    def __init__(self, libs: Path, directory: Path, brokers: int = 1, listener: Listener | None = None) -> None:
        self._libs, self._directory, self._brokers = libs.resolve(), directory.resolve(), brokers
        self._listener = listener or Listener()
        self.nodes: list[Node] = []
        self.bootstrap = ""

    def __enter__(self) -> "ApacheKafka":
        check_java(self._libs)
        places = [self._directory / f"node-{number}" for number in range(1, self._brokers + 1)]
        if self._brokers == 1:
            places = [self._directory]
        for place in places:
            place.mkdir(parents=True, exist_ok=True)
        if not all((place / "server.properties").exists() for place in places):
            self._format(places)
        self.nodes = [Node(self._libs, place, _port_of(place / "server.properties")) for place in places]
        self.bootstrap = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the processes and return when their ports answer."""
        for node in self.nodes:
            node.start()
        for node in self.nodes:
            node.await_listening()

    def stop(self) -> None:
        """End the processes in an orderly way, or by force when they do not end."""
        # All at once: without a quorum the last ones would wait for those that are gone.
        for node in self.nodes:
            node.ask_to_end()
        for node in self.nodes:
            node.stop()

    def wait(self) -> int:
        """Wait until the processes end by themselves and return the highest exit code."""
        return max((node.wait() for node in self.nodes), default=0)

    def _format(self, places: Sequence[Path]) -> None:
        ports = _distinct_ports(len(places))
        voters = ",".join(f"{number}@127.0.0.1:{ports[number - 1][2]}" for number in range(1, len(places) + 1))
        cluster = make_cluster_id(lambda: uuid.uuid4().bytes)
        replication = min(3, len(places))

        def format_one(number: int) -> None:
            place, (port, internal, controller) = places[number - 1], ports[number - 1]
            properties = PROPERTIES.format(
                number=number,
                voters=voters,
                listener=self._listener.protocol,
                port=port,
                internal=internal,
                controller=controller,
                logs=place / "logs",
                replication=replication,
                in_sync=max(1, replication - 1),
            )
            node = Node(self._libs, place, port)
            node.format(cluster, properties + self._listener.properties, self._listener.storage)

        # Each takes a Java machine's start, so all at once.
        with ThreadPoolExecutor(len(places)) as formatting:
            for done in [formatting.submit(format_one, number) for number in range(1, len(places) + 1)]:
                done.result()


def _distinct_ports(nodes: int) -> list[tuple[int, int, int]]:
    """Return three ports for each node; the system may name one twice, as long as nothing listens on it."""
    ports: set[int] = set()
    while len(ports) < 3 * nodes:
        ports.add(free_port())
    each = iter(ports)
    return list(zip(each, each, each, strict=True))


def _port_of(config: Path) -> int:
    """Return the port that clients are told: the first listener's."""
    for line in config.read_text().splitlines():
        if line.startswith("advertised.listeners="):
            return int(line.split(",")[0].rpartition(":")[2])
    raise ValueError(f"{config} has no advertised.listeners")
