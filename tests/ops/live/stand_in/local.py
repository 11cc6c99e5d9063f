"""What docker-compose.yml says of a service -> its command, environment and directories on this machine."""

import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml
from dockerfile_parse import DockerfileParser  # type: ignore[import-untyped]

from tests.ops.live.stand_in.kafka_image import make_image
from tests.ops.live.stand_in.volumes import replace

LIBS = Path(__file__).parents[4] / ".parley" / "kafka" / "libs"


class Local:
    """The composition of the project in `project`; `folder` has what a container sees, `port` a port for each name."""

    def __init__(self, folder: Path, project: Path, port: Callable[[str], int]) -> None:
        self._folder, self._project, self._port = folder, project, port
        text = (project / "docker-compose.yml").read_text()
        self.services: dict[str, Any] = yaml.safe_load(re.sub(r"\$\{(\w+):-(.*?)\}", self._filled, text))["services"]

    def volume(self, name: str) -> Path:
        """The named volume's directory; a new one has what the image has at its place."""
        directory = self._folder / "volumes" / name
        if not directory.exists():
            directory.mkdir(parents=True)
            if name == "feeds":
                shutil.copy(self._project / "services/ingest/feeds.opml", directory)
        return directory

    def places(self, service: str) -> dict[str, Path]:
        """Where on this machine a container's directories are."""
        places = {} if service != "kafka" else make_image(self._folder / "kafka-image", LIBS)
        for mount in self.services[service].get("volumes", []):
            source, place = str(mount).split(":")[:2]
            places[place] = self.volume(source) if "/" not in source else (self._project / source).resolve()
        secrets = self._folder / "secrets" / service
        shutil.rmtree(secrets, ignore_errors=True)
        secrets.mkdir(parents=True)
        for name in self.services[service].get("secrets", []):
            (secrets / name).symlink_to(self._project / "secrets" / name)
        return {**places, "/run/secrets": secrets}

    def command(self, service: str, command: Sequence[str]) -> list[str]:
        """A command of the service's container."""
        places = self.places(service)
        words = [self._with_addresses(replace(word, places)) for word in command]
        for place, directory in places.items():
            # Paths within a shell's text.
            words = [re.sub(rf"(?<![\w.]){re.escape(place)}/", f"{directory}/", word) for word in words]
        words = [word.replace("$$", "$") for word in words]
        if words[0] == "parley":
            words[:1] = [sys.executable, "-m", "services"]
        return words

    def environment(self, container: str, image: str) -> dict[str, str]:
        """The container's environment, when it is made from the image in that directory."""
        service = container.rpartition("-")[0]
        given = {key: str(value) for key, value in self.services[service].get("environment", {}).items()}
        places = self.places(service)
        env = {key: self._with_addresses(replace(value, places)) for key, value in given.items()}
        path = {"PATH": os.environ["PATH"], "HOME": str(self._folder)}
        if service == "kafka":
            return {**env, **path}
        steps = DockerfileParser(str(self._project / "ops/image/Dockerfile"), env_replace=False).structure
        built = dict(
            pair.split("=", 1) for step in steps if step["instruction"] == "ENV" for pair in step["value"].split()
        )
        here = {
            "PARLEY_METRICS_HOST": "127.0.0.1", "PARLEY_METRICS_PORT": str(self._port(container)),
            "PYTHONPATH": image,
        }  # fmt: skip
        if "PARLEY_DESK_PORT" in env:
            here |= {"PARLEY_DESK_HOST": "127.0.0.1", "PARLEY_DESK_PORT": str(self._port("desk-page"))}
        settings = {key: value for key, value in self._settings().items() if key.startswith("PARLEY_")}
        return {**built, **settings, **env, **here, **path}

    def _with_addresses(self, text: str) -> str:
        client, controller = self._port("kafka"), self._port("kafka-controller")
        text = re.sub(r"(?:kafka|127\.0\.0\.1|(?<=//)):9092", f"127.0.0.1:{client}", text)
        return re.sub(r"(?:kafka|(?<=//)):9093", f"127.0.0.1:{controller}", text)

    def _filled(self, found: "re.Match[str]") -> str:
        return self._settings().get(found[1], found[2])

    def _settings(self) -> dict[str, str]:
        """What .env sets."""
        file = self._project / ".env"
        lines = file.read_text().splitlines() if file.exists() else []
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
