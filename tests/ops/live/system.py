"""The real processes on the sample newsroom, with a Prometheus that scrapes them, and the ways to disturb them."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse
from pathlib import Path

from confluent_kafka import Producer

from services.broker.embedded import API_VERSION, EmbeddedBroker
from services.ports import free_port
from streams.records import Article, ShiftAlert
from streams.topics import ALERTS, ARTICLES, READINGS, encode
from tests.ops.live.outlet import Outlet, running_outlet
from tests.ops.live.prometheus import Prometheus, running_prometheus

TOKEN = "a-token-for-this-test-alone"
WAIT = 150.0  # A deadline on a busy machine; a quiet one needs a few seconds.


class System:
    """Processes by name, each with a metrics page on a port of its own."""

    def __init__(self, folder: Path, broker: EmbeddedBroker, outlet: Outlet) -> None:
        self.folder, self.broker, self.outlet = folder, broker, outlet
        self.desk_port = free_port()
        self.pages = {name: free_port() for name in ("ingest", "stream", "stream-2", "notify", "desk")}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.prometheus: Prometheus
        self._alerts = 0
        self._producer = Producer({"bootstrap.servers": broker.bootstrap})

    def start(self, name: str, *arguments: str, **env: str) -> None:
        settings = {
            "PARLEY_KAFKA": self.broker.bootstrap, "PARLEY_KAFKA_API_VERSION": API_VERSION,
            "PARLEY_STATE": str(self.folder / name.split("-", maxsplit=1)[0]), "PARLEY_CANARY": "2",
            "PARLEY_METRICS_PORT": str(self.pages.get(name, 0)), **env,
        }  # fmt: skip
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "services", name.split("-", maxsplit=1)[0], *arguments],
                env={**os.environ, **settings}, stdout=subprocess.PIPE if name == "newsroom" else log, stderr=log,
            )  # fmt: skip

    def end(self, name: str) -> None:
        process = self.processes.pop(name)
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()

    def kill(self, name: str) -> None:
        """End it as a failure of the machine would."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def stop_in_hand(self, *workers: str) -> bool:
        """Give the workers something to read and stop them; let them go on, and say so, where nothing is in hand."""
        self.send_late_articles(500)
        for name in workers:
            self.processes[name].send_signal(signal.SIGSTOP)
        notes = [path.read_bytes().partition(b"\n")[0] for path in self.folder.glob("stream/stream/in-hand-*.json")]
        if any(json.loads(note)["hand"] for note in notes if note):
            return True
        for name in workers:
            self.processes[name].send_signal(signal.SIGCONT)
        return False

    def end_all(self) -> None:
        for name in list(self.processes):
            self.end(name)

    def notify(self, *arguments: str) -> None:
        """Run `parley notify` beside the notifier, on its ledger."""
        state = str(self.folder / "notify")
        command = [sys.executable, "-m", "services", "notify", "--state", state, *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=WAIT)

    def send_bad_record(self) -> None:
        self._send(ARTICLES.name, b"{ this is no article")

    def send_newer_record(self) -> None:
        """A record of a kind that only a version after this one knows."""
        self._send(READINGS.name, b'{"record": "of-a-later-version"}')

    def send_long_article(self) -> None:
        """An article beyond the length that is read."""
        at = datetime(2022, 3, 2, tzinfo=UTC)
        text = "Talks on a truce go on, says a sentence invented for a test. " * 2000
        article = Article(
            id="long", url="http://127.0.0.1/long", outlet="Test Outlet", title="Talks at length", text=text,
            published=at, fetched=at, backfill=True,
        )  # fmt: skip
        self._send(ARTICLES.name, encode(article))

    def send_late_articles(self, count: int) -> None:
        """Articles that were fetched a day after they were published; they say nothing that is read."""
        at = datetime(2022, 3, 2, tzinfo=UTC)
        for number in range(count):
            article = Article(
                id=f"late-{number}", url=f"http://127.0.0.1/late/{number}", outlet="Test Outlet",
                title=f"Notice {number}", text="An invented notice.", published=at, fetched=at + timedelta(days=1),
            )  # fmt: skip
            self._send(ARTICLES.name, encode(article))

    def raise_alert(self) -> None:
        """Put an alert on its topic, so that the sinks have something to be told."""
        self._alerts += 1
        at = datetime.now(UTC)
        alert = ShiftAlert(
            id=f"made-{self._alerts}", actor="russia", before="against", after="favor", since=at, at=at,
            probability=0.9, status="confirmed",
        )  # fmt: skip
        self._send(ALERTS.name, encode(alert))

    def open_page(self) -> HTTPResponse:
        """A page of the desk that is told of news; it is gone when what this returns is closed."""
        return self._desk("/live")

    def judge_alert(self) -> None:
        """Call the newest shift alert that the desk shows correct."""
        with self._desk("/api/alerts?kind=shift&limit=1") as answer:
            (alert,) = json.load(answer)
        with self._desk(f"/api/alerts/{alert['id']}/verdicts", b'{"what": "correct"}') as answer:
            assert answer.status == 200

    def _desk(self, path: str, body: bytes | None = None) -> HTTPResponse:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.desk_port}{path}", body, headers)
        answer: HTTPResponse = urllib.request.urlopen(request, timeout=WAIT)
        return answer

    def _send(self, topic: str, value: bytes) -> None:
        self._producer.produce(topic, value=value, partition=0)
        assert self._producer.flush(WAIT) == 0

    def until(self, what: str, true: Callable[[], bool], seconds: float = WAIT) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            for name, process in self.processes.items():
                assert process.poll() is None, f"{name} ended: {(self.folder / f'{name}.log').read_text()[-2000:]}"
            assert time.monotonic() < deadline, f"{what} did not happen within {seconds:.0f} s"
            time.sleep(0.3)


@contextmanager
def running_system(folder: Path) -> Iterator[System]:
    """Start everything; what is yielded is ready, and articles begin to come."""
    with ExitStack() as stack:
        broker = stack.enter_context(EmbeddedBroker())
        outlet = stack.enter_context(running_outlet())
        system = System(folder, broker, outlet)
        stack.callback(system.end_all)
        system.prometheus = stack.enter_context(running_prometheus(folder, system.pages))
        system.start("newsroom", "--port", "0", "--step", "0.4")
        system.start("stream")
        system.start("notify", "--json", PARLEY_WEBHOOK=f"{outlet.url}/hook")
        system.start("desk", "--port", str(system.desk_port), PARLEY_DESK_TOKEN=TOKEN, PARLEY_DESK_ARTICLE_DAYS="30")
        for name in ("stream", "notify", "desk"):
            ready = f'parley_ready{{job="{name}", instance="127.0.0.1:{system.pages[name]}"}} == 1'
            system.until(f"{name} ready", lambda ready=ready: system.prometheus.value(ready) == 1)  # type: ignore[misc]
        out = system.processes["newsroom"].stdout
        assert out is not None
        places = json.loads(out.readline())
        opml = urllib.request.urlopen(places["opml"], timeout=WAIT).read().decode()
        mine = f'<outline type="rss" text="Test Outlet" title="Test Outlet" xmlUrl="{outlet.url}/feed.xml"/></body>'
        (folder / "feeds.opml").write_text(opml.replace("</body>", mine))
        system.start(
            "ingest", "--feeds", str(folder / "feeds.opml"), "--allow-private", "--poll-min", "0.5", "--poll-max", "1",
            "--clock", places["clock"],
        )  # fmt: skip
        yield system
