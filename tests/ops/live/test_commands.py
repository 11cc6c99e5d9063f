"""Every command of docker-compose.yml as a local process, with the environment and Kafka settings that stand there."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from dockerfile_parse import DockerfileParser  # type: ignore[import-untyped]

from services.broker import apache
from services.ports import free_port

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[3]
LIBS = ROOT / ".parley" / "kafka" / "libs"
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = [name for name, service in SERVICES.items() if service["image"].startswith("parley:")]
# Whatever names an address or a directory has another value on this machine.
LOCAL = re.compile("LISTENERS|QUORUM|LOG_DIRS|NODE_ID|PROCESS_ROLES|HEAP|LISTENER")


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Apache Kafka with the settings of the composition; topics are made by its own command."""
    if shutil.which("java") is None or not (LIBS / ".done").exists():
        pytest.skip("Apache Kafka is not here: needs Java 17+ and `make kafka-jars` (Maven)")
    given = SERVICES["kafka"]["environment"]
    lines = [
        f"{name.removeprefix('KAFKA_').lower().replace('_', '.')}={value}"
        for name, value in given.items() if not LOCAL.search(name)
    ]  # fmt: skip
    assert len(lines) >= 5
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apache, "PROPERTIES", apache.PROPERTIES + "\n".join(lines) + "\n")
        with apache.ApacheKafka(LIBS, tmp_path_factory.mktemp("kafka")) as broker:
            run_to_its_end("topics", broker.bootstrap, tmp_path_factory.mktemp("topics"))
            yield broker.bootstrap


def environment(name: str, kafka: str, folder: Path, port: int) -> dict[str, str]:
    """The image's and the composition's environment, its addresses and directories being this machine's."""
    image = DockerfileParser(str(ROOT / "ops/image/Dockerfile"), env_replace=False).structure
    env = dict(pair.split("=", 1) for step in image if step["instruction"] == "ENV" for pair in step["value"].split())
    env.pop("PATH")
    env |= {key: str(value) for key, value in SERVICES[name]["environment"].items()}
    secrets = folder / "secrets"
    secrets.mkdir()
    for secret in SERVICES[name].get("secrets", []):
        (secrets / secret).write_text("a token for this test only" if "token" in secret else "")
    here = {
        "PARLEY_KAFKA": kafka, "PARLEY_STATE": str(folder / "state"), "PARLEY_SECRETS": str(secrets),
        "PARLEY_METRICS_HOST": "127.0.0.1", "PARLEY_METRICS_PORT": str(port),
    }  # fmt: skip
    assert set(here) <= set(env)
    if "PARLEY_DESK_PORT" in env:
        here |= {"PARLEY_DESK_PORT": str(free_port()), "PARLEY_DESK_HOST": "127.0.0.1"}
    return {**env, **here, "PATH": os.environ["PATH"]}


def command(name: str) -> list[str]:
    feeds = str(ROOT / "services/ingest/feeds.opml")
    parts = ["parley", *SERVICES[name]["command"]]
    return [
        str(Path(sys.executable).parent / parts[0]),
        *(p.replace("/etc/parley/feeds/feeds.opml", feeds) for p in parts[1:]),
    ]


def run_to_its_end(name: str, kafka: str, folder: Path) -> None:
    result = subprocess.run(
        command(name), env=environment(name, kafka, folder, free_port()), capture_output=True, text=True, timeout=180,
        check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", [name for name in OURS if name != "topics"])
def test_a_command_becomes_healthy_and_ends_within_its_grace(name: str, kafka: str, tmp_path: Path) -> None:
    port = free_port()
    health = next(step["value"] for step in DockerfileParser(str(ROOT / "ops/image/Dockerfile")).structure
                  if step["instruction"] == "HEALTHCHECK")  # fmt: skip
    check = yaml.safe_load(health.partition("CMD ")[2].replace("9100", str(port)))
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command(name), env=environment(name, kafka, tmp_path, port), stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 180
        while subprocess.run([sys.executable, *check[1:]], capture_output=True, check=False, timeout=60).returncode:
            assert process.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.5)
        process.terminate()
        grace = int(SERVICES[name]["stop_grace_period"].removesuffix("s"))
        assert process.wait(grace) in (0, -15, 143)
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in (tmp_path / "log").read_text()
