"""One process of Apache Kafka: its storage formatted, started, ended in order or by force; knows no other node."""

import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from services.errors import BrokerProblem

START_SECONDS = 120.0
STOP_SECONDS = 30.0


class Node:
    """A node whose files, `server.properties` among them, live in `directory`; `port` is its clients' listener."""

    def __init__(self, libs: Path, directory: Path, port: int) -> None:
        self.directory, self.port = directory, port
        self._libs = libs
        self._process: subprocess.Popen[bytes] | None = None

    def format(self, cluster: str, properties: str, arguments: Sequence[str] = ()) -> None:
        """Write the properties and format the storage for that cluster; `arguments` are the storage tool's.

        Raises BrokerProblem, and leaves nothing that looks like a formatted node.
        """
        config = self.directory / "server.properties"
        config.write_text(properties)
        result = subprocess.run(  # noqa: S603  The command is our own.
            self._java("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(config), *arguments),
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            config.unlink()
            reason = (result.stderr or result.stdout).strip().splitlines()[-1:]
            raise BrokerProblem(f"Apache Kafka: storage was not formatted ({' '.join(reason)})")

    def start(self) -> None:
        """Start the process; `await_listening` says when it answers."""
        with (self.directory / "kafka.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  The command is our own.
                self._java("-Xmx512m", "kafka.Kafka", str(self.directory / "server.properties")),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def await_listening(self) -> None:
        """Return when its port answers; raises BrokerProblem when it ends first or takes two minutes."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise BrokerProblem(f"Apache Kafka did not start; see {self.directory / 'kafka.log'}")
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.2)

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ask_to_end(self) -> None:
        """SIGTERM; `stop` waits for the end."""
        if self._process is not None:
            self._process.terminate()

    def stop(self) -> None:
        """End the process in an orderly way, or by force when it does not end."""
        self.ask_to_end()
        if self._process is not None:
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    def kill(self) -> None:
        """SIGKILL, as a machine that loses its power."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None

    def wait(self) -> int:
        """Wait until the process ends by itself and return its exit code."""
        return self._process.wait() if self._process is not None else 0

    def _java(self, *arguments: str) -> list[str]:
        return ["java", "-cp", f"{self._libs}/*", *arguments]


def check_java(libs: Path) -> None:
    """Raise BrokerProblem, with the way out, where Java or the jars are missing."""
    if shutil.which("java") is None:
        raise BrokerProblem("Apache Kafka: java was not found; install Java 17 or newer")
    if not any(libs.glob("kafka_*.jar")):
        raise BrokerProblem(f"Apache Kafka: no jars in {libs}; run `make kafka-jars` (needs Maven)")
