"""docker-compose.yml holds to the rules that keep a composition alive and shut."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.__main__ import VERBS
from services.settings import Settings

ROOT = Path(__file__).parents[3]
FILE = ROOT / "docker-compose.yml"
LOADER = ROOT / ".parley" / "bin" / "compose-check"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LOOPBACK = "${BIND_ADDRESS:-127.0.0.1}:"

every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
our_services = [name for name, service in SERVICES.items() if service["image"].startswith("parley:")]


@every_service
def test_the_image_is_pinned_and_names_no_registry(service: dict[str, Any]) -> None:
    assert re.fullmatch(r"([a-z]+/)?[a-z]+:v?\d+\.\d+\.\d+", service["image"])


@every_service
def test_it_runs_as_nobody_special_on_a_disk_that_cannot_be_written(service: dict[str, Any]) -> None:
    assert re.fullmatch(r"[1-9]\d*:\d+", service["user"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")
    assert "network_mode" not in service
    assert not any("docker.sock" in str(volume) for volume in service.get("volumes", []))


@every_service
def test_what_it_may_use_is_limited(service: dict[str, Any]) -> None:
    limits = service["deploy"]["resources"]["limits"]
    assert set(limits) == {"cpus", "memory", "pids"}
    assert service["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", SERVICES)
def test_it_is_started_again_and_says_how_it_is(name: str) -> None:
    service = SERVICES[name]
    if name == "topics":
        assert service["restart"].startswith("on-failure")
        return
    assert service["restart"] == "unless-stopped"
    if name not in our_services:
        assert service["healthcheck"]["test"][0] == "CMD"
        assert {"interval", "timeout", "retries", "start_period"} <= set(service["healthcheck"])
    else:
        assert "healthcheck" not in service
        assert "HEALTHCHECK" in (ROOT / "ops/image/Dockerfile").read_text()


@every_service
def test_ports_are_open_on_loopback_unless_told_otherwise(service: dict[str, Any]) -> None:
    assert all(port.startswith(LOOPBACK) for port in service.get("ports", []))


@every_service
def test_all_are_on_the_one_network(service: dict[str, Any]) -> None:
    assert service["networks"] == ["parley"]
    assert list(COMPOSE["networks"]) == ["parley"]


def test_secrets_are_files_and_never_in_the_environment() -> None:
    secret = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    for service in SERVICES.values():
        for key, value in service.get("environment", {}).items():
            assert key.removeprefix("PARLEY_").lower() not in secret
            assert not re.search("PASSWORD|TOKEN|KEY", key) or str(value).startswith("/run/secrets/")
    used = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])
    assert all(entry == {"file": f"./secrets/{name}"} for name, entry in COMPOSE["secrets"].items())
    makefile = (ROOT / "Makefile").read_text()
    assert all(name in makefile.split("\nsecrets:")[1].split("\n\n")[0] for name in used)
    assert "/secrets/" in (ROOT / ".gitignore").read_text().split()
    assert ".env" in (ROOT / ".gitignore").read_text().split()


def test_every_verb_that_a_desk_needs_is_there() -> None:
    commands = {name: SERVICES[name]["command"][0] for name in our_services}
    assert {"topics", "ingest", "stream", "notify"} <= set(commands.values())
    assert set(commands.values()) <= set(VERBS)
    assert all(name == verb for name, verb in commands.items())


def test_a_worker_can_be_scaled_out() -> None:
    assert "container_name" not in SERVICES["stream"]
    assert "ports" not in SERVICES["stream"]
    assert "hostname" not in SERVICES["stream"]


def test_every_file_that_is_mounted_is_there() -> None:
    mounts = [
        re.sub(r"\$\{\w+:-(.*?)\}", r"\1", str(volume))
        for service in SERVICES.values() for volume in service.get("volumes", [])
    ]  # fmt: skip
    for mount in mounts:
        source = mount.split(":")[0]
        if source.startswith("./") and source != "./config":
            assert (ROOT / source).exists(), source
    named = {mount.split(":")[0] for mount in mounts if re.match(r"\w+:", mount)}
    assert named == set(COMPOSE["volumes"])


def test_the_desk_changes_the_list_that_the_ingester_follows() -> None:
    listed = {name: SERVICES[name]["command"][-1] for name in ("ingest", "desk")}
    assert len(set(listed.values())) == 1
    folder, file = listed["desk"].rsplit("/", 1)
    mounts = {name: [one for one in SERVICES[name]["volumes"] if folder in one] for name in listed}
    # The whole folder, since the list is replaced and not written into; the desk alone may do so.
    assert mounts == {"ingest": [f"${{FEEDS:-feeds}}:{folder}:ro"], "desk": [f"${{FEEDS:-feeds}}:{folder}"]}
    image = (ROOT / "ops/image/Dockerfile").read_text()
    user = SERVICES["desk"]["user"]
    assert f"COPY --from=build --chown={user} /src/services/ingest/feeds.opml {folder}/{file}" in image
    assert re.search(rf"install --directory --owner={user.split(':')[0]} .* {folder}\n", image)


def test_a_new_cluster_has_an_id_of_its_own() -> None:
    # The image has one default for all, and ours are told apart by it.
    command = " ".join(SERVICES["kafka"]["command"])
    assert "CLUSTER_ID=$$(/opt/kafka/bin/kafka-storage.sh random-uuid)" in command
    assert "CLUSTER_ID" not in SERVICES["kafka"]["environment"]


def test_prometheus_scrapes_every_process_of_ours() -> None:
    scraped = yaml.safe_load((ROOT / "ops/prometheus/prometheus.yml").read_text())["scrape_configs"]
    assert {job["job_name"] for job in scraped} >= set(our_services) - {"topics"}


if LOADER.exists():  # `make compose-check` builds it where Go is, and says so where Go is not.

    def test_the_loader_of_docker_compose_takes_the_file(tmp_path: Path) -> None:
        env = {"PATH": os.environ["PATH"], "STREAM_WORKERS": "3", "BIND_ADDRESS": "192.0.2.1"}
        result = subprocess.run([LOADER, FILE], capture_output=True, text=True, timeout=60, check=False, env=env)
        assert result.returncode == 0, result.stderr
        loaded = json.loads(result.stdout)["services"]
        assert set(loaded) == set(SERVICES)
        assert loaded["stream"]["deploy"]["replicas"] == 3
        assert loaded["grafana"]["ports"][0]["host_ip"] == "192.0.2.1"
        broken = tmp_path / "docker-compose.yml"
        broken.write_text(FILE.read_text().replace("condition: service_healthy", "condition: service_helthy"))
        result = subprocess.run([LOADER, broken], capture_output=True, text=True, timeout=60, check=False, env=env)
        assert result.returncode == 1
        assert "depends_on" in result.stderr
