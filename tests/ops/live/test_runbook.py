"""The runbook's commands, taken out of it and run as they stand there, on Apache Kafka and the sample newsroom."""

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Producer
from standardwebhooks import Webhook

from streams.records import ShiftAlert
from streams.topics import ALERTS, ARTICLES, encode
from tests.ops.live.facts import Facts, read_all, said, settle
from tests.ops.live.runbook import WAIT, Desk, Sample, running_sample, sections
from tests.ops.live.stand_in.local import LIBS

pytestmark = [pytest.mark.journey, pytest.mark.timeout(1200)]

SECTIONS = sections()
# By the first confirmed shift of the sample timeline: Ukraine, in autumn 2022.
UNTIL = "2022-11-05"
OLD_KEY = "whsec_" + base64.b64encode(b"an old key for this test only").decode()
WORKERS = ("ingest-1", "stream-1", "notify-1", "desk-1")
ELSEWHERE = {"Without Docker"}


@pytest.fixture(scope="module")
def sample() -> Iterator[Sample]:
    with running_sample() as sample:
        yield sample


@pytest.fixture(scope="module")
def started(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Facts, list[str]]]:
    """A desk that was started by the runbook and has seen a shift; stopped, with what it knew and told."""
    if shutil.which("java") is None or not (LIBS / ".done").exists():
        pytest.skip("Apache Kafka is not here: needs Java 17+ and `make kafka-jars` (Maven)")
    desk = Desk.make(tmp_path_factory.mktemp("desk"), sample)
    try:
        secrets, settings, *start = SECTIONS["Start"]
        desk.run(secrets)
        (desk.project / "secrets/webhook").write_text(f"{sample.url}/hook")
        (desk.project / "secrets/webhook_secret").write_text(OLD_KEY)
        desk.run(settings)
        desk.replace_in_env(
            PARLEY_CLOCK=f"{sample.url}/clock", PARLEY_ALLOW_PRIVATE="true", PARLEY_HOST_DELAY="0",
            PARLEY_POLL_MIN="0.2", PARLEY_POLL_MAX="0.4", PARLEY_SESSION="6",
        )  # fmt: skip
        feeds = desk.state / "volumes/feeds"
        feeds.mkdir(parents=True)
        subprocess.run(["curl", "-sfo", feeds / "feeds.opml", f"{sample.url}/opml"], check=True)
        printed = desk.run_all(start)
        assert "running" in printed[1]
        desk.await_ready(*WORKERS)
        desk.until("a shift in the sample's autumn", lambda: sample.now() >= UNTIL, 600)
        sample.stand_still()
        known = settle(desk)
        assert len(known.positions) > 10
        assert any(revision for _, revision in known.alerts)
        assert sorted(desk.told()) == sorted(f"{alert}.{revision}" for alert, revision in known.alerts)
        desk.run_all(SECTIONS["Stop"])
        assert not desk.running()
        yield desk, known, desk.told()
    finally:
        desk.run("docker compose stop")


@pytest.fixture
def desk(started: tuple[Desk, Facts, list[str]], tmp_path: Path) -> Iterator[Desk]:
    """A copy of that desk, running, of which nothing has been told."""
    desk = started[0].copy(tmp_path)
    desk.sample.told.clear()
    try:
        desk.run("docker compose start")
        desk.await_ready(*WORKERS)
        yield desk
    finally:
        desk.run("docker compose stop")


def test_every_command_of_the_runbook_is_run_by_a_test_here() -> None:
    source = Path(__file__).read_text()
    missing = [heading for heading in SECTIONS if heading not in ELSEWHERE and f'SECTIONS["{heading}"]' not in source]
    assert not missing
    assert len(SECTIONS) > 10


def test_workers_are_added_and_a_new_version_takes_over(desk: Desk, started: tuple[Desk, Facts, list[str]]) -> None:
    desk.run_all(SECTIONS["Scale out"])
    desk.await_ready("stream-1", "stream-2", "stream-3")
    assert settle(desk) == started[1]
    before = desk.pids()
    desk.run_all(SECTIONS["Upgrade"])
    after = desk.pids()
    assert {name for name in before if before[name] == after.get(name)} == {"kafka-1"}
    desk.await_ready(*WORKERS)
    assert settle(desk) == started[1]
    assert desk.told() == []


def test_a_list_of_your_own_takes_the_place_of_the_other(desk: Desk) -> None:
    (desk.project / "feeds.opml").write_text(
        f'<opml version="2.0"><head/><body><outline type="rss" text="One" title="One" '
        f'xmlUrl="{desk.sample.url}/feeds/harbour-wire.xml"/></body></opml>'
    )
    assert desk.metrics("ingest-1")["parley_feeds"] > 1
    desk.run_all(SECTIONS["Your own feeds"])
    desk.until("one feed is followed", lambda: desk.metrics("ingest-1").get("parley_feeds") == 1.0)


def test_what_was_lost_is_restored_and_nobody_is_told_twice(desk: Desk, started: tuple[Desk, Facts, list[str]]) -> None:
    desk.run_all(SECTIONS["Back up"])
    desk.await_ready(*WORKERS)
    desk.run("docker compose down --volumes")
    shutil.rmtree(desk.project / "secrets")
    (desk.project / ".env").unlink()
    desk.run_all(SECTIONS["Restore"])
    desk.await_ready(*WORKERS)
    assert settle(desk) == started[1]
    assert desk.told() == []
    # It goes on: what is news now is told once.
    send_alert(desk, "after-restore")
    desk.until("news told", lambda: desk.told() == ["after-restore.0"])


def test_after_a_reset_all_is_read_again_and_nothing_counted_twice(
    desk: Desk, started: tuple[Desk, Facts, list[str]]
) -> None:
    articles = len(read_all(desk, ARTICLES.name, ARTICLES.partitions))
    alerts = len(said(desk))
    workers, notifier = SECTIONS["Reset a consumer"][:3], SECTIONS["Reset a consumer"][3:]
    desk.run_all(workers)
    desk.await_ready("stream-1")
    desk.until("articles read again", lambda: desk.metrics("stream-1").get("parley_articles_read_total", 0) >= articles)
    desk.run_all(notifier)
    desk.await_ready("notify-1")
    assert settle(desk) == started[1]
    assert len(said(desk)) == alerts
    desk.run_all(SECTIONS["Make positions anew"])
    desk.await_ready("stream-1")
    assert settle(desk) == started[1]
    # They were said again, by their old ids.
    assert len(said(desk)) > alerts
    assert desk.told() == []


def test_more_partitions_hold_the_same_positions(desk: Desk, started: tuple[Desk, Facts, list[str]]) -> None:
    begin, end, clear = split(SECTIONS["More partitions"], 6, 2)
    desk.run_all(begin)
    desk.changelog, desk.partitions = "parley-evidence-changelog.v2", 8
    desk.await_ready(*WORKERS)
    assert settle(desk) == started[1]
    log, _ = desk.run_all(end)
    assert "waiting" not in log
    desk.run_all(clear)
    topics = desk.run(
        "docker compose exec kafka /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --describe"
    )
    assert "Topic: readings.v2\t" in topics
    assert topics.count("Topic: readings.v2\tPartition:") == 8
    assert "readings.v1\t" not in topics
    assert desk.told() == []
    send_alert(desk, "after-the-change")
    desk.until("news told", lambda: desk.told() == ["after-the-change.0"])


def test_what_was_put_aside_is_listed_put_back_and_dropped(desk: Desk) -> None:
    show, again, drop, parked, tell = (*SECTIONS["Replay"],)
    send(desk, ARTICLES.name, b"{ this is no article")
    desk.until("a letter", lambda: "malformed" in desk.run(show))
    desk.run(again)
    # Nothing was mended, so it comes back.
    desk.until("a letter again", lambda: "malformed" in desk.run(show))
    desk.run(drop)
    assert "malformed" not in desk.run(show)
    desk.sample.status = 410
    send_alert(desk, "unheard")
    desk.until("a delivery parked", lambda: "unheard" in desk.run(parked))
    desk.sample.status = 200
    desk.sample.told.clear()
    desk.run(tell)
    desk.run("docker compose up --detach --force-recreate --no-deps notify")
    desk.until("it was told", lambda: desk.told() == ["unheard.0"])


def test_another_version_is_tried_on_articles_without_a_broker(started: tuple[Desk, Facts, list[str]]) -> None:
    desk = started[0]
    desk.run_all(SECTIONS["Articles through another version"])
    alerts = [json.loads(line) for line in (desk.project / "alerts.jsonl").read_text().splitlines()]
    assert any(alert["kind"] == "shift" and alert["status"] == "confirmed" for alert in alerts)


def test_a_key_is_rotated_without_a_message_that_cannot_be_verified(desk: Desk) -> None:
    both, alone, token = split(SECTIONS["Rotate secrets"], 3, 3)
    secret = desk.project / "secrets/webhook_secret"
    desk.run_all(both)
    new, old = secret.read_text().split()
    assert old == OLD_KEY
    verify(desk, "by-both", old, new)
    desk.run_all(alone)
    assert secret.read_text().split() == [new]
    verify(desk, "by-the-new", new)
    before = (desk.project / "secrets/desk_token").read_text()
    desk.run_all(token)
    assert (desk.project / "secrets/desk_token").read_text() != before
    desk.await_ready("desk-1")


def verify(desk: Desk, name: str, *keys: str) -> None:
    """Have an alert told, and hold its message against each of the keys."""
    desk.await_ready("notify-1")
    send_alert(desk, name)
    desk.until(f"{name} told", lambda: f"{name}.0" in desk.told())
    headers, raw = next((headers, raw) for id, headers, raw in desk.sample.told if id == f"{name}.0")
    for key in keys:
        Webhook(key).verify(raw, {key.lower(): value for key, value in headers.items()})


def split(commands: list[str], *counts: int) -> list[list[str]]:
    parts, place = [], 0
    for count in counts:
        parts.append(commands[place : place + count])
        place += count
    return [*parts, commands[place:]]


def send_alert(desk: Desk, name: str) -> None:
    at = max(alert.at for alert in said(desk))
    alert = ShiftAlert(
        id=name, actor="belarus", before="against", after="favor", since=at, at=at, probability=0.9, status="confirmed"
    )
    send(desk, ALERTS.name, encode(alert))


def send(desk: Desk, topic: str, value: bytes) -> None:
    producer = Producer({"bootstrap.servers": desk.kafka})
    producer.produce(topic, value=value, partition=0)
    assert producer.flush(WAIT) == 0
