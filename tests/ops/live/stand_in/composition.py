"""docker-compose.yml -> its services as local processes: built, started, ended, in their order, with their grace.

What is on disk is the whole state: a call finds what the calls before it have left.
"""

import json
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.ops.live.stand_in.local import Local
from tests.ops.live.stand_in.processes import begin, end, is_alive

ORDER = ("kafka", "topics", "ingest", "stream", "notify", "desk")
COPIED = ("services", "streams")


class Refused(Exception):
    """What was asked for is none of what the runbook uses."""


class Composition:
    """The composition of the project in `project`; `folder` holds its volumes, containers and images."""

    def __init__(self, folder: Path, project: Path) -> None:
        self._folder, self._project = folder, project
        self._path = folder / "state.json"
        self._state: dict[str, Any] = {"ports": {}, "containers": {}, "image": ""}
        if self._path.exists():
            self._state = json.loads(self._path.read_text())
        self.local = Local(folder, project, self.port)

    def _save(self) -> None:
        self._path.write_text(json.dumps(self._state))

    def port(self, name: str) -> int:
        """The port that this name has, the same each time."""
        if name not in self._state["ports"]:
            self._state["ports"][name] = _lasting_port(set(self._state["ports"].values()))
            self._save()
        return int(self._state["ports"][name])

    def create(self) -> None:
        """Make the volumes."""
        for service in ORDER:
            self.local.places(service)

    def delete_volumes(self) -> None:
        shutil.rmtree(self._folder / "volumes")

    def build(self) -> None:
        """An image is the source as it is now; its install steps have a test of their own."""
        image = self._folder / "images" / str(time.time_ns())
        for name in COPIED:
            shutil.copytree(self._project / name, image / name, ignore=shutil.ignore_patterns("__pycache__"))
        (image / "models").symlink_to((self._project / "models").resolve())
        self._state["image"] = str(image)
        self._save()

    def bring_up(self, services: Sequence[str], *, force: bool, alone: bool, scale: dict[str, int]) -> None:
        """Start what does not run, and anew what runs from an older image; `force` starts it anew anyway."""
        wanted = [name for name in ORDER if not services or name in services or (not alone and name in self._needed())]
        for service in wanted:
            count = scale.get(service, self.local.services[service]["deploy"].get("replicas", 1))
            for container in self._of(service)[int(count) :]:
                self._end(container)
                del self._state["containers"][container]
            for number in range(1, int(count) + 1):
                container = f"{service}-{number}"
                known = self._state["containers"].get(container, {})
                if known and is_alive(known["pid"]):
                    old = service != "kafka" and known["image"] != self._state["image"]
                    if not old and not (force and (not services or service in services)):
                        continue
                    self._end(container)
                self._begin(container)
        self._save()

    def _needed(self) -> tuple[str, ...]:
        return ("kafka", "topics")

    def start(self, services: Sequence[str]) -> None:
        """Start again what was stopped, from the image that it had."""
        for service in ORDER:
            for container in self._of(service) if not services or service in services else []:
                if not is_alive(self._state["containers"][container]["pid"]):
                    self._begin(container)
        self._save()

    def stop(self, services: Sequence[str]) -> None:
        for service in reversed(ORDER):
            for container in self._of(service) if not services or service in services else []:
                self._end(container)

    def containers(self) -> list[str]:
        """A line for each container: its name, and whether it runs."""
        known = self._state["containers"].items()
        return [f"{name}\t{'running' if is_alive(one['pid']) else 'exited'}" for name, one in known]

    def last_lines(self, service: str, count: int) -> list[str]:
        """The newest lines of each container's log."""
        logs = [(container, self._log(container).read_text().splitlines()) for container in self._of(service)]
        return [f"{container}  | {line}" for container, lines in logs for line in lines[-count:]]

    def execute(self, service: str, command: Sequence[str]) -> int:
        """Run a command in the service's first container, which must run."""
        container = f"{service}-1"
        if not is_alive(self._state["containers"][container]["pid"]):
            sys.stderr.write(f'service "{service}" is not running\n')
            return 1
        env = self.local.environment(container, self._state["image"]) | {"PARLEY_METRICS_PORT": "0"}
        return subprocess.run(self.local.command(service, command), env=env, cwd=self._folder, check=False).returncode

    def run_once(self, service: str, command: Sequence[str]) -> int:
        """Run the service's image with other arguments, beside its containers."""
        env = self.local.environment(f"{service}-1", self._state["image"]) | {"PARLEY_METRICS_PORT": "0"}
        entry = ["parley", *command] if service != "kafka" else command
        return subprocess.run(self.local.command(service, entry), env=env, cwd=self._folder, check=False).returncode

    def _of(self, service: str) -> list[str]:
        return sorted(name for name in self._state["containers"] if name.rpartition("-")[0] == service)

    def _log(self, container: str) -> Path:
        (self._folder / "logs").mkdir(exist_ok=True)
        return self._folder / "logs" / f"{container}.log"

    def _begin(self, container: str) -> None:
        service = container.rpartition("-")[0]
        ours = service != "kafka"
        command = self.local.services[service]["command"]
        env = self.local.environment(container, self._state["image"])
        line = self.local.command(service, ["parley", *command] if ours else command)
        if service == "topics":
            with self._log(container).open("ab") as log:
                subprocess.run(line, env=env, cwd=self._folder, stdout=log, stderr=log, check=True, timeout=180)
            return
        pid = begin(line, env, self._folder, self._log(container))
        self._state["containers"][container] = {"pid": pid, "image": self._state["image"] if ours else ""}
        self._save()
        if not ours:
            self._await_healthy(container)

    def _await_healthy(self, container: str) -> None:
        """Others wait until it is healthy, by the composition's own check."""
        service = container.rpartition("-")[0]
        check = self.local.command(service, self.local.services[service]["healthcheck"]["test"][1:])
        deadline = time.monotonic() + 300
        while subprocess.run(check, capture_output=True, check=False).returncode:
            if time.monotonic() > deadline or not is_alive(self._state["containers"][container]["pid"]):
                raise RuntimeError(f"{container} is not healthy: {self._log(container).read_text()[-3000:]}")
            time.sleep(0.5)

    def _end(self, container: str) -> None:
        grace = self.local.services[container.rpartition("-")[0]].get("stop_grace_period", "10s")
        if is_alive(self._state["containers"][container]["pid"]):
            end(self._state["containers"][container]["pid"], float(grace.removesuffix("s")))
        # Its number may be another process's before long: 0 is nobody's.
        self._state["containers"][container]["pid"] = 0
        self._save()


def _lasting_port(taken: set[int]) -> int:
    """A free port that the system gives to nobody by itself, so that it is free again when its owner comes back."""
    while True:
        port = random.randrange(15_000, 30_000)
        with socket.socket() as probe:
            if port not in taken and probe.connect_ex(("127.0.0.1", port)):
                return port
