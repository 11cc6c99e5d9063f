"""docker-compose.yml -> its services as local processes: their commands, environment, volumes, secrets, order, grace.

What is on disk is the whole state: a call finds what the calls before it have left.
"""

import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from dockerfile_parse import DockerfileParser  # type: ignore[import-untyped]

from tests.ops.live.stand_in.kafka_image import make_image
from tests.ops.live.stand_in.processes import begin, end, is_alive
from tests.ops.live.stand_in.volumes import replace

ORDER = ("kafka", "topics", "ingest", "stream", "notify", "desk")
LIBS = Path(__file__).parents[4] / ".parley" / "kafka" / "libs"
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
        text = (project / "docker-compose.yml").read_text()
        self._services: dict[str, Any] = yaml.safe_load(re.sub(r"\$\{(\w+):-(.*?)\}", self._filled, text))["services"]

    def _filled(self, found: "re.Match[str]") -> str:
        return self._settings().get(found[1], found[2])

    def _settings(self) -> dict[str, str]:
        """What .env sets."""
        file = self._project / ".env"
        lines = file.read_text().splitlines() if file.exists() else []
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))

    def _save(self) -> None:
        self._path.write_text(json.dumps(self._state))

    def port(self, name: str) -> int:
        """The port that this name has, the same each time."""
        if name not in self._state["ports"]:
            self._state["ports"][name] = _lasting_port(set(self._state["ports"].values()))
            self._save()
        return int(self._state["ports"][name])

    def volume(self, name: str) -> Path:
        """The named volume's directory; a new one has what the image has at its place."""
        directory = self._folder / "volumes" / name
        if not directory.exists():
            directory.mkdir(parents=True)
            if name == "feeds":
                shutil.copy(self._project / "services/ingest/feeds.opml", directory)
        return directory

    def create(self) -> None:
        """Make the volumes."""
        for service in ORDER:
            self._places(service)

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
            count = scale.get(service, self._services[service]["deploy"].get("replicas", 1))
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
        env = self._environment(container) | {"PARLEY_METRICS_PORT": "0"}
        return subprocess.run(self._command(service, command), env=env, cwd=self._folder, check=False).returncode

    def run_once(self, service: str, command: Sequence[str]) -> int:
        """Run the service's image with other arguments, beside its containers."""
        env = self._environment(f"{service}-1") | {"PARLEY_METRICS_PORT": "0"}
        entry = ["parley", *command] if service != "kafka" else command
        return subprocess.run(self._command(service, entry), env=env, cwd=self._folder, check=False).returncode

    def _of(self, service: str) -> list[str]:
        return sorted(name for name in self._state["containers"] if name.rpartition("-")[0] == service)

    def _log(self, container: str) -> Path:
        (self._folder / "logs").mkdir(exist_ok=True)
        return self._folder / "logs" / f"{container}.log"

    def _begin(self, container: str) -> None:
        service = container.rpartition("-")[0]
        ours = service != "kafka"
        command = self._services[service]["command"]
        env = self._environment(container)
        line = self._command(service, ["parley", *command] if ours else command)
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
        check = self._command(service, self._services[service]["healthcheck"]["test"][1:])
        deadline = time.monotonic() + 300
        while subprocess.run(check, capture_output=True, check=False).returncode:
            if time.monotonic() > deadline or not is_alive(self._state["containers"][container]["pid"]):
                raise RuntimeError(f"{container} is not healthy: {self._log(container).read_text()[-3000:]}")
            time.sleep(0.5)

    def _end(self, container: str) -> None:
        grace = self._services[container.rpartition("-")[0]].get("stop_grace_period", "10s")
        if is_alive(self._state["containers"][container]["pid"]):
            end(self._state["containers"][container]["pid"], float(grace.removesuffix("s")))
        # Its number may be another process's before long: 0 is nobody's.
        self._state["containers"][container]["pid"] = 0
        self._save()

    def _places(self, service: str) -> dict[str, Path]:
        """Where on this machine a container's directories are."""
        places = {} if service != "kafka" else make_image(self._folder / "kafka-image", LIBS)
        for mount in self._services[service].get("volumes", []):
            source, place = str(mount).split(":")[:2]
            places[place] = self.volume(source) if "/" not in source else (self._project / source).resolve()
        secrets = self._folder / "secrets" / service
        shutil.rmtree(secrets, ignore_errors=True)
        secrets.mkdir(parents=True)
        for name in self._services[service].get("secrets", []):
            (secrets / name).symlink_to(self._project / "secrets" / name)
        return {**places, "/run/secrets": secrets}

    def _command(self, service: str, command: Sequence[str]) -> list[str]:
        places = self._places(service)
        words = [self._with_addresses(replace(word, places)) for word in command]
        for place, directory in places.items():
            # Paths within a shell's text.
            words = [re.sub(rf"(?<![\w.]){re.escape(place)}/", f"{directory}/", word) for word in words]
        words = [word.replace("$$", "$") for word in words]
        if words[0] == "parley":
            words[:1] = [sys.executable, "-m", "services"]
        return words

    def _with_addresses(self, text: str) -> str:
        client, controller = self.port("kafka"), self.port("kafka-controller")
        text = re.sub(r"(?:kafka|127\.0\.0\.1|(?<=//)):9092", f"127.0.0.1:{client}", text)
        return re.sub(r"(?:kafka|(?<=//)):9093", f"127.0.0.1:{controller}", text)

    def _environment(self, container: str) -> dict[str, str]:
        service = container.rpartition("-")[0]
        given = {key: str(value) for key, value in self._services[service].get("environment", {}).items()}
        places = self._places(service)
        env = {key: self._with_addresses(replace(value, places)) for key, value in given.items()}
        path = {"PATH": os.environ["PATH"], "HOME": str(self._folder)}
        if service == "kafka":
            return {**env, **path}
        image = DockerfileParser(str(self._project / "ops/image/Dockerfile"), env_replace=False).structure
        built = dict(
            pair.split("=", 1) for step in image if step["instruction"] == "ENV" for pair in step["value"].split()
        )
        here = {
            "PARLEY_METRICS_HOST": "127.0.0.1", "PARLEY_METRICS_PORT": str(self.port(container)),
            "PYTHONPATH": self._state["image"],
        }  # fmt: skip
        if "PARLEY_DESK_PORT" in env:
            here |= {"PARLEY_DESK_HOST": "127.0.0.1", "PARLEY_DESK_PORT": str(self.port("desk-page"))}
        settings = {key: value for key, value in self._settings().items() if key.startswith("PARLEY_")}
        return {**built, **settings, **env, **here, **path}


def _lasting_port(taken: set[int]) -> int:
    """A free port that the system gives to nobody by itself, so that it is free again when its owner comes back."""
    while True:
        port = random.randrange(15_000, 30_000)
        with socket.socket() as probe:
            if port not in taken and probe.connect_ex(("127.0.0.1", port)):
                return port
