"""Every process on a Kafka that wants TLS and a name, each with the rights of the documented table and no others."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from ops.kafka.acls import NEEDS
from services.broker.apache import ApacheKafka
from services.broker.topics import ensure_topics
from streams.records import Reading
from streams.topics import ARTICLES, decode_article
from tests.faults.conftest import LIBS, need_kafka
from tests.faults.evidence import a_shift, alerts, assert_nothing_lost
from tests.faults.kafka import Kafka, until
from tests.faults.running import Worker
from tests.faults.secured import ADMIN, grant_rights, make_certificate, make_listener, password, settings_of
from tests.journey.receiver import webhook_receiver
from tests.services.ingest.server import Site, site
from tests.services.ingest.test_run import LOCAL, listed
from tests.services.ingest.test_visit import entry, rss


class Secured(NamedTuple):
    kafka: Kafka
    pem: Path


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    need_kafka()
    directory = tmp_path_factory.mktemp("secured")
    store, pem = make_certificate(directory / "certificates")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings_of(ADMIN, pem).items():
            patch.setenv(name, value)
        with ApacheKafka(LIBS, directory / "kafka", listener=make_listener(store)) as broker:
            ensure_topics(broker.bootstrap, 1)
            grant_rights(broker.bootstrap)
            yield Secured(Kafka(broker), pem)


def parley(secured: Secured, user: str, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "services", *map(str, arguments), "--kafka", secured.kafka.broker.bootstrap],
        env=Worker.environment(settings_of(user, secured.pem)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ingest(secured: Secured, user: str, directory: Path) -> tuple[int, str]:
    """Publish three articles as that user; return the exit code and what was printed."""

    async def run() -> tuple[int, str]:
        async with site() as place:
            return await visit(place)

    async def visit(place: Site) -> tuple[int, str]:
        place.serve("/feed", rss(*(entry(number) for number in range(1, 4))))
        feeds = listed(directory, {"Herald": f"{place.url}/feed"})
        state = directory / f"state-{user}"
        process = parley(secured, user, "ingest", "--once", "--feeds", feeds, "--no-fulltext", "--state", state, *LOCAL)
        output, _ = await asyncio.to_thread(process.communicate, timeout=180)
        return process.returncode, output

    return asyncio.run(run())


def lately(readings: list[Reading]) -> list[Reading]:
    """Return them as if the last had been published just now: the ingester's pulses tell the machine's time."""
    later = datetime.now(UTC) - readings[-1].published
    return [replace(one, published=one.published + later, fetched=one.fetched + later) for one in readings]


def test_each_process_does_its_work_with_its_own_rights_and_prints_no_password(
    secured: Secured, tmp_path: Path
) -> None:
    kafka = secured.kafka
    code, printed = ingest(secured, "parley-ingest", tmp_path)
    assert code == 0, printed
    ids = {decode_article(record.value).id for record in kafka.read(ARTICLES.name)}
    assert len(ids) == 3
    inputs = kafka.put_articles(range(20))
    kafka.put_evidence(lately(a_shift()))
    rights = {**settings_of("parley-stream", secured.pem), "PARLEY_STANDSTILL": "120"}
    with Worker(kafka, tmp_path, settings=rights) as worker:
        kafka.await_done()
        until(lambda: "sees its group from outside" in worker.log.read_text(), 60, worker.words())
        assert worker.end() == 0
        printed += worker.log.read_text()
    kafka.assert_none_lost(inputs)
    assert alerts(kafka) != []
    with webhook_receiver() as (url, received):
        notifier = parley(secured, "parley-notify", "notify", "--webhook", url, "--state", tmp_path / "notify")
        until(lambda: len(received) > 0 or notifier.poll() is not None, 180, "nothing is delivered")
        notifier.terminate()
        printed += notifier.communicate(timeout=60)[0]
        assert received, printed
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert written
    for user in (ADMIN, *(needs.user for needs in NEEDS)):
        assert password(user) not in printed
        assert password(user).encode() not in written
    assert_nothing_lost(kafka)


def test_a_process_with_anothers_name_is_refused_in_one_line(secured: Secured, tmp_path: Path) -> None:
    before = len(secured.kafka.read(ARTICLES.name))
    code, printed = ingest(secured, "parley-notify", tmp_path)
    assert code == 1
    assert "not acknowledged" in printed.splitlines()[-1] or "Authorization" in printed, printed
    assert len(secured.kafka.read(ARTICLES.name)) == before
