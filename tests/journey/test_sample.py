"""The whole path with real processes: the sample newsroom's feeds in, alerts at a webhook out."""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml
from standardwebhooks import Webhook

from services.broker.apache import ApacheKafka
from tests.journey.receiver import Received, webhook_receiver

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

SECRET = "whsec_" + base64.b64encode(b"a signing key for this test only").decode()
PLANTED = "planted-in-the-address-of-the-webhook"
ROOT = Path(__file__).parents[2]
LIBS = ROOT / ".parley" / "kafka" / "libs"
EXPECTED = ROOT / "services" / "newsroom" / "timeline" / "expected.yaml"


LOGS = {"PARLEY_LOG_FORMAT": "json", "PARLEY_LOG_LEVEL": "debug", "PARLEY_CANARY": "10"}


def start_up(state: Path, *arguments: str, **settings: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "services", "up", "--state", str(state), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PARLEY_WEBHOOK_SECRET": SECRET, **settings},
    )


class Journey:
    """One run of the sample timeline: what was printed and what the webhook got."""

    def __init__(self, output: str, received: list[Received], state: Path, records: Path) -> None:
        self.output, self.received, self.state, self.records = output, received, state, records

    def alerts(self, kind: str, status: str) -> list[dict[str, Any]]:
        alerts = [delivery.body["data"] for delivery in self.received]
        return [alert for alert in alerts if alert["kind"] == kind and alert["status"] == status]

    def logged(self, event: str = "") -> list[dict[str, Any]]:
        """The log lines of every process, or those of one event; fails on a line that is no JSON object."""
        files = sorted(self.state.rglob("*.log"))
        lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
        return [line for line in lines if event in ("", line["event"])]


@pytest.fixture(scope="module", params=["embedded", "apache"])
def broker(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[str], Path]]:
    """Yield the options that name the broker (none for the embedded one), and where its records lie on the disk."""
    directory = tmp_path_factory.mktemp("kafka")
    if request.param == "embedded":
        yield [], directory
        return
    if shutil.which("java") is None or not (LIBS / ".done").exists():
        pytest.skip("Apache Kafka is not here: needs Java 17+ and `make kafka-jars` (Maven)")
    with ApacheKafka(LIBS, directory) as kafka:
        yield ["--kafka", kafka.bootstrap], directory


@pytest.fixture(scope="module")
def journey(broker: tuple[list[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    state = tmp_path_factory.mktemp("journey")
    with webhook_receiver() as (url, received):
        options, records = broker
        # The whole address of a webhook is a secret, and often carries one.
        address = f"{url}/{PLANTED}"
        process = start_up(state, "--webhook", address, "--step", "0.1", "--until-done", *options, **LOGS)
        output, _ = process.communicate(timeout=540)
        assert process.returncode == 0, output
        yield Journey(output, received, state, records)


def test_a_true_shift_arrives_with_its_evidence(journey: Journey) -> None:
    confirmed = journey.alerts("shift", "confirmed")
    expected = yaml.safe_load(EXPECTED.read_text())["shifts"]
    found = [
        shift
        for shift in expected
        for alert in confirmed
        if alert["actor"] == shift["actor"] and alert["after"] == shift["after"]
        and str(shift["from"]) <= alert["at"][:10] <= str(shift["to"])
    ]  # fmt: skip
    assert found, journey.output
    for alert in confirmed:
        assert len({evidence["outlet"] for evidence in alert["evidence"]}) >= 2
        for evidence in alert["evidence"]:
            assert evidence["quote"]
            assert evidence["url"].startswith("http")


def test_a_steady_actor_never_alerts(journey: Journey) -> None:
    steady = set(yaml.safe_load(EXPECTED.read_text())["steady"])
    alerts = [*journey.alerts("shift", "pending"), *journey.alerts("shift", "confirmed")]
    assert [alert["actor"] for alert in alerts if alert["actor"] in steady and alert.get("speaker") is None] == []


def test_deliveries_are_signed_and_have_a_key_per_state(journey: Journey) -> None:
    keys = []
    for delivery in journey.received:
        Webhook(SECRET).verify(delivery.raw, delivery.headers)
        keys.append(delivery.headers["webhook-id"])
        alert = delivery.body["data"]
        assert keys[-1] == f"{alert['id']}.{alert['revision']}"
    assert len(keys) == len(set(keys))


def test_secrets_stay_out_of_everything_written(journey: Journey) -> None:
    """Logs, the ledger, the outbox, the worker's notes, and on Apache Kafka every record of every topic."""
    written = [path for place in (journey.state, journey.records) for path in place.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in written)
    for secret in (SECRET.removeprefix("whsec_"), PLANTED):
        assert [path.name for path in written if secret.encode() in path.read_bytes()] == []
        assert secret not in journey.output


def test_every_log_line_is_json_with_its_time_level_event_and_ids(journey: Journey) -> None:
    for line in journey.logged():
        assert datetime.fromisoformat(line["time"]).utcoffset() == timedelta(0)
        assert line["level"] in {"debug", "info", "warning", "error", "critical"}
        assert line["event"]
        assert line["message"]
    read = {line["article"] for line in journey.logged("article-read")}
    # The last canary may still be on its way when the timeline has ended.
    news = [line for line in journey.logged("article-published") if line["kind"] != "canary"]
    assert news
    assert {line["article"] for line in news} <= read
    quoted = {evidence["article"] for delivery in journey.received for evidence in delivery.body["data"]["evidence"]}
    assert quoted
    assert quoted <= read
    raised = {f"{line['alert']}.{line['revision']}" for line in journey.logged("alert-raised")}
    told = {key for line in journey.logged("alert-told") if line["sink"] == "webhook" for key in line["alerts"]}
    assert {delivery.headers["webhook-id"] for delivery in journey.received} <= told <= raised


def test_the_canary_comes_the_whole_way_and_reaches_nobody(journey: Journey) -> None:
    sent = {line["article"] for line in journey.logged("canary-sent")}
    told = [line for line in journey.logged("alert-told") if line["sink"] == "canary"]
    assert sent
    assert told
    assert not any(delivery.body["data"]["kind"] == "canary" for delivery in journey.received)
    assert not any("canary" in line for line in journey.output.lower().splitlines())


def test_ctrl_c_ends_everything_within_five_seconds(tmp_path: Path) -> None:
    process = start_up(tmp_path)
    deadline = time.monotonic() + 60
    assert process.stdout is not None
    for line in process.stdout:
        if "articles" in line or time.monotonic() > deadline:
            break
    family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) >= 4
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) in (0, 130)
    assert time.monotonic() - started < 5
    process.stdout.close()
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
