"""ops/RUNBOOK.md -> its commands by section, and a composition in which they are run as they stand there."""

import asyncio
import json
import os
import shutil
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp import web

from services.newsroom.server import Newsroom
from services.newsroom.timeline import read_timeline
from streams.topics import CHANGELOG
from tests.ops.live.stand_in.composition import Composition
from tests.ops.live.stand_in.processes import is_alive

ROOT = Path(__file__).parents[3]
RUNBOOK = ROOT / "ops" / "RUNBOOK.md"
WAIT = 180.0


def read_commands(text: str) -> dict[str, list[str]]:
    """The commands of each section's fenced blocks, in order; a line that ends with a backslash goes on."""
    sections: dict[str, list[str]] = {}
    heading, fenced = "", False
    for line in text.replace("\\\n", "").splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced and line.strip() and not line.startswith("#"):
            sections.setdefault(heading, []).append(line)
        elif line.startswith("#"):
            heading = line.lstrip("# ")
    return sections


class Sample:
    """The sample newsroom and a webhook's receiver on loopback."""

    def __init__(self) -> None:
        self.going = True
        self.told: list[tuple[str, dict[str, str], bytes]] = []
        self.url = ""
        self.status = 200
        self._seconds, self._looked = 0.0, time.monotonic()

    def seconds(self) -> float:
        now = time.monotonic()
        self._seconds += (now - self._looked) if self.going else 0.0
        self._looked = now
        return self._seconds

    async def take(self, request: web.Request) -> web.Response:
        self.told.append((request.headers["webhook-id"], dict(request.headers), await request.read()))
        return web.Response(status=self.status)

    async def serve(self, started: Callable[[], None], stop: asyncio.Event) -> None:
        newsroom, self._loop = Newsroom(read_timeline(), 0.05, self.seconds), asyncio.get_running_loop()
        self._hold = lambda: setattr(newsroom, "_clock", replace(newsroom._clock, step=float("inf")))
        application = newsroom.application()
        application.add_routes([web.post("/hook", self.take)])
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        started()
        await stop.wait()
        await runner.cleanup()

    def stand_still(self) -> None:
        """Show nothing more, whoever fetches whatever from now on."""
        self.going = False
        self._loop.call_soon_threadsafe(self._hold)

    def now(self) -> str:
        """The newsroom's time."""
        with urllib.request.urlopen(f"{self.url}/clock", timeout=WAIT) as answer:
            return str(json.load(answer)["now"])


@contextmanager
def running_sample() -> Iterator[Sample]:
    sample, ready = Sample(), threading.Event()
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(sample.serve(ready.set, stop)), daemon=True)
    thread.start()
    assert ready.wait(WAIT)
    try:
        yield sample
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


class Desk:
    """A folder as a user's checkout is, and the composition that runs from it."""

    def __init__(self, folder: Path, sample: Sample) -> None:
        self.project, self.state, self.sample = folder / "project", folder / "state", sample
        self._bin = folder / "bin"
        # The workers' table, whose version changes with the number of partitions.
        self.changelog, self.partitions = CHANGELOG.name, CHANGELOG.partitions

    @classmethod
    def make(cls, folder: Path, sample: Sample) -> "Desk":
        """Copy what a checkout has, and put `docker` into the path."""
        desk = cls(folder, sample)
        desk.project.mkdir()
        desk.state.mkdir()
        desk._bin.mkdir()
        for name in ("Makefile", "docker-compose.yml", ".env.example"):
            shutil.copy(ROOT / name, desk.project)
        for name in ("ops", "services", "streams"):
            shutil.copytree(ROOT / name, desk.project / name, ignore=shutil.ignore_patterns("__pycache__"))
        (desk.project / "models").symlink_to(ROOT / "models")
        (desk.project / ".venv").symlink_to(ROOT / ".venv")
        docker = desk._bin / "docker"
        docker.write_text(
            f'#!/bin/sh\nPYTHONPATH={ROOT} exec {ROOT}/.venv/bin/python -m tests.ops.live.stand_in "$@"\n'
        )
        docker.chmod(0o755)
        return desk

    def copy(self, folder: Path) -> "Desk":
        """The same desk, stopped, in another folder; its ports stay the same."""
        subprocess.run(["cp", "-a", "--sparse=always", f"{self.project.parent}/.", str(folder)], check=True)
        other = Desk(folder, self.sample)
        for file in (
            other._bin / "docker",
            other.state / "state.json",
            other.state / "kafka-image/etc/kafka/docker/run",
        ):
            file.write_text(file.read_text().replace(str(self.project.parent), str(folder)))
        return other

    def run(self, command: str) -> str:
        """Run a command of the runbook as it stands there; returns what it prints."""
        path = f"{self._bin}:{os.environ['PATH']}"
        env = {"PATH": path, "STAND_IN": str(self.state), "HOME": str(self.state)}
        result = subprocess.run(
            ["bash", "-c", command], cwd=self.project, env=env, capture_output=True, text=True, timeout=900, check=False
        )
        assert result.returncode == 0, f"{command}: {result.stdout}{result.stderr}"
        return result.stdout

    def run_all(self, commands: list[str]) -> list[str]:
        return [self.run(command) for command in commands]

    def port(self, name: str) -> int:
        return Composition(self.state, self.project).port(name)

    @property
    def kafka(self) -> str:
        return f"127.0.0.1:{self.port('kafka')}"

    def metrics(self, container: str) -> dict[str, float]:
        """The container's metrics by name, sums over labels; nothing while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port(container)}/metrics", timeout=10) as page:
                lines = page.read().decode().splitlines()
        except OSError:
            return {}
        sums: dict[str, float] = {}
        for line in lines:
            # A canary may come at any time, and waits while nothing goes out.
            if not line.startswith("#") and 'sink="canary"' not in line:
                name, _, value = line.rpartition(" ")
                name = name.partition("{")[0]
                sums[name] = sums.get(name, 0.0) + float(value)
        return sums

    def pids(self) -> dict[str, int]:
        """The containers that run, by name, with their processes."""
        containers = json.loads((self.state / "state.json").read_text())["containers"]
        return {name: one["pid"] for name, one in containers.items() if is_alive(one["pid"])}

    def running(self) -> list[str]:
        return list(self.pids())

    def until(self, what: str, true: Callable[[], Any], seconds: float = WAIT) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, f"{what} did not happen within {seconds:.0f} s\n{self.logs()}"
            time.sleep(0.3)

    def logs(self) -> str:
        return "\n".join(f"{log.name}: {log.read_text()[-1500:]}" for log in (self.state / "logs").glob("*.log"))

    def await_ready(self, *containers: str) -> None:
        self.until(
            f"{', '.join(containers)} ready",
            lambda: all(self.metrics(container).get("parley_ready") == 1.0 for container in containers),
        )

    def replace_in_env(self, **settings: str) -> None:
        with (self.project / ".env").open("a") as file:
            file.writelines(f"{name}={value}\n" for name, value in settings.items())

    def told(self) -> list[str]:
        """Each state of an alert that the webhook was told, alone or in a digest, in order: `alert.revision`."""
        bodies = [json.loads(raw)["data"] for _, _, raw in self.sample.told]
        return [f"{one['id']}.{one.get('revision', 0)}" for body in bodies for one in body.get("alerts", [body])]


def sections() -> dict[str, list[str]]:
    return read_commands(RUNBOOK.read_text())
