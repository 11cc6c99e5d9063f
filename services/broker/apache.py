"""Apache Kafka itself as a local process, without Docker: one KRaft node on free loopback ports.

For development, tests and trying Parley against a broker that keeps what it is given. Production runs Kafka from
docker-compose.yml or elsewhere.
"""

import shutil
import socket
import subprocess
import time
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path
from types import TracebackType

from services.errors import BrokerProblem
from services.ports import free_port

START_SECONDS = 60.0
STOP_SECONDS = 30.0

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs={logs}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
"""


class ApacheKafka:
    """A single-node cluster whose files live in `directory`; `bootstrap` is its host:port. A context manager.

    `libs` holds the jars (`make kafka-jars`). Starting in a directory that was used before keeps what is in it, port
    included.
    """

    def __init__(self, libs: Path, directory: Path) -> None:
        self._libs, self._directory = libs.resolve(), directory.resolve()
        self._process: subprocess.Popen[bytes] | None = None
        self.bootstrap = ""

    def __enter__(self) -> "ApacheKafka":
        if shutil.which("java") is None:
            raise BrokerProblem("Apache Kafka: java was not found; install Java 17 or newer")
        if not any(self._libs.glob("kafka_*.jar")):
            raise BrokerProblem(f"Apache Kafka: no jars in {self._libs}; run `make kafka-jars` (needs Maven)")
        self._directory.mkdir(parents=True, exist_ok=True)
        config = self._directory / "server.properties"
        if not config.exists():
            self._format(config)
        self.bootstrap = next(
            line.removeprefix("advertised.listeners=PLAINTEXT://")
            for line in config.read_text().splitlines()
            if line.startswith("advertised.listeners=")
        )
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process and return when its port answers."""
        with (self._directory / "kafka.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  The command is our own.
                self._java("-Xmx512m", "kafka.Kafka", str(self._directory / "server.properties")),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        host, port = self.bootstrap.split(":")
        deadline = time.monotonic() + START_SECONDS
        while True:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise BrokerProblem(f"Apache Kafka did not start; see {self._directory / 'kafka.log'}")
            try:
                socket.create_connection((host, int(port)), 1).close()
                return
            except OSError:
                time.sleep(0.2)

    def stop(self) -> None:
        """End the process in an orderly way, or by force when it does not end."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def wait(self) -> int:
        """Wait until the process ends by itself and return its exit code."""
        return self._process.wait() if self._process is not None else 0

    def _format(self, config: Path) -> None:
        logs = self._directory / "logs"
        config.write_text(PROPERTIES.format(port=free_port(), controller=free_port(), logs=logs))
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        result = subprocess.run(  # noqa: S603  The command is our own.
            self._java("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(config)),
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            config.unlink()
            reason = (result.stderr or result.stdout).strip().splitlines()[-1:]
            raise BrokerProblem(f"Apache Kafka: storage was not formatted ({' '.join(reason)})")

    def _java(self, *arguments: str) -> list[str]:
        return ["java", "-cp", f"{self._libs}/*", *arguments]
