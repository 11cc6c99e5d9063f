"""Worker processes of a test: started, signalled, read from, and none left behind."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.faults.kafka import Kafka, until

START_SECONDS = 180.0


class Worker:
    """One process, and what it left in its log and its journal."""

    def __init__(
        self,
        kafka: Kafka,
        directory: Path,
        *options: object,
        name: str = "worker",
        preexec: Callable[[], None] | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.journal, self.log = directory / f"{name}.journal", directory / f"{name}.log"
        self._state = directory / "state"
        env = {
            **self.environment(settings or {}),
            "PARLEY_KAFKA": kafka.broker.bootstrap,
            "PARLEY_KAFKA_API_VERSION": kafka.api_version,
            "PARLEY_STATE": str(self._state),
            "PARLEY_SESSION": str(kafka.session),
        }
        command = [sys.executable, "-m", "tests.faults.worker", "--journal", str(self.journal), *map(str, options)]

        def start() -> subprocess.Popen[bytes]:
            with self.log.open("ab") as log:
                return subprocess.Popen(
                    command,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    preexec_fn=preexec,  # noqa: PLW1509  Runs one system call before exec.
                )

        self._start = start
        self.process = start()

    @staticmethod
    def environment(settings: Mapping[str, str]) -> dict[str, str]:
        """Return this process's environment with those settings."""
        return {**os.environ, **settings}

    def __enter__(self) -> "Worker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            error.add_note(f"{self.log.name}, ended with {self.process.poll()}:\n{self.words()}")
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def restart_if_ended(self) -> None:
        """Do what a supervisor does: start it again, whatever ended it."""
        if self.process.poll() is not None:
            self.process = self._start()

    def events(self, event: str) -> list[dict[str, Any]]:
        """Return what this process, and those before it with its name, noted under that name."""
        lines = self.journal.read_bytes().splitlines() if self.journal.exists() else []
        return [fact for line in lines if (fact := json.loads(line))["event"] == event]

    def rounds(self, event: str) -> list[int]:
        """Return the numbers of the inputs that were `reading` (begun) or `read` (ended)."""
        return [number for fact in self.events(event) for number in fact["rounds"]]

    def await_event(self, event: str, times: int = 1, seconds: float = START_SECONDS) -> None:
        self._until(lambda: len(self.events(event)) >= times, seconds, f"no {event}")

    def await_in_hand(self, seconds: float = START_SECONDS) -> list[int]:
        """Wait until this process has begun a batch and not ended it, and return its numbers."""

        def own(event: str) -> list[dict[str, Any]]:
            return [fact for fact in self.events(event) if fact["pid"] == self.process.pid]

        self._until(lambda: len(own("reading")) > len(own("read")), seconds, "nothing in hand")
        return [int(number) for number in own("reading")[-1]["rounds"]]

    def noted_in_hand(self) -> set[str]:
        """Return what the dead process had noted as in hand, `topic/partition/offset`."""
        (notes,) = self._state.glob("stream/in-hand-*.json")
        places = json.loads(notes.read_bytes().partition(b"\n")[0])["hand"]
        return {f"{topic}/{partition}/{offset}" for topic, partition, offset, _ in places}

    def _until(self, true: Callable[[], bool], seconds: float, what: str) -> None:
        """Wait until `true()`; fails the test, with the log's end, when that takes longer or the process ends first."""

        def decided() -> bool:
            return true() or self.process.poll() is not None

        try:
            until(decided, seconds, what)
            assert true(), f"{what}: ended with code {self.process.poll()}"
        except AssertionError as error:
            raise AssertionError(f"{error}:\n{self.words()}") from None

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, and wait for the end."""
        self.process.kill()
        self.process.wait()

    def end(self, seconds: float = 30.0) -> int:
        """SIGTERM, and return the exit code."""
        self.process.terminate()
        return self.process.wait(seconds)

    def await_exit(self, seconds: float = START_SECONDS) -> int:
        return self.process.wait(seconds)

    def words(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
