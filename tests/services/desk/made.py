"""A desk on a port of its own, fed from an embedded broker; every sentence, outlet and stance in here is invented."""

import asyncio
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from kafka import KafkaProducer

from services.broker.cluster import pinned_version
from services.broker.embedded import API_VERSION, EmbeddedBroker
from services.desk.access import Access, read_secret
from services.desk.database import Projection, open_projection
from services.desk.run import listen, serve
from services.settings import Settings
from streams.records import (
    Article,
    Evidence,
    Position,
    Probabilities,
    Pulse,
    Reading,
    ShiftAlert,
    Stance,
    State,
    Verdict,
    content_id,
)
from streams.topics import ALERTS, ARTICLES, POSITIONS, READINGS, encode

START = datetime(2025, 3, 1, tzinfo=UTC)
PATIENCE = 60.0
HOSTILE = "<script>document.title='owned'</script><img src=x onerror=alert(1)> talks"
CHANCES: dict[Stance, Probabilities] = {
    "favor": Probabilities(favor=0.9, against=0.03, neither=0.07),
    "against": Probabilities(favor=0.03, against=0.9, neither=0.07),
    "neither": Probabilities(favor=0.03, against=0.02, neither=0.95),
}


def article(number: int, title: str, text: str, outlet: str = "Daily Lantern") -> Article:
    when = START + timedelta(days=number)
    return Article(
        id=content_id("article", number),
        url=f"https://news.example/{number}",
        outlet=outlet,
        title=title,
        text=text,
        published=when,
        fetched=when,
    )


def reading(of: Article, quote: str, label: Stance, actor: str = "hungary", speaker: str = "Orban") -> Reading:
    start = of.body.index(quote)
    return Reading(
        id=content_id(of.id, actor, speaker, start),
        article=of.id,
        revision=of.revision,
        actor=actor,
        speaker=speaker,
        capacity="leader",
        quote=quote,
        start=start,
        end=start + len(quote),
        probabilities=CHANCES[label],
        model="made",
        outlet=of.outlet,
        url=of.url,
        title=of.title,
        published=of.published,
        fetched=of.fetched,
    )


def position(day: float, stance: State, actor: str = "hungary", speaker: str | None = None) -> Position:
    chances = dict.fromkeys(("favor", "mixed", "against"), 0.1) | {stance: 0.8}
    when = START + timedelta(days=day)
    return Position(
        actor=actor,
        speaker=speaker,
        stance=stance,
        probabilities=chances,
        since=when,
        last_evidence=when,
        at=when,
        events=6.0,
        outlets=3,
    )


def alert(readings: list[Reading], day: float, status: Any = "confirmed", revision: int = 1) -> ShiftAlert:
    first = readings[0]
    return ShiftAlert(
        id=content_id("alert", first.id),
        actor=first.actor,
        before="against",
        after="favor",
        since=START,
        at=START + timedelta(days=day),
        probability=0.93,
        status=status,
        revision=revision,
        evidence=tuple(
            Evidence(
                reading=one.id,
                article=one.article,
                outlet=one.outlet,
                url=one.url,
                title=one.title,
                published=one.published,
                speaker=one.speaker,
                capacity=one.capacity,
                quote=one.quote,
                start=one.start,
                end=one.end,
                label=one.probabilities.label,
                probabilities=one.probabilities,
                weight=0.8,
            )
            for one in readings
        ),
    )


def pulse(day: float, *alive: str) -> Pulse:
    return Pulse(minute=START + timedelta(days=day), alive=alive)


def small_world() -> list[msgspec.Struct]:
    """Two actors, four articles, a shift with its states, a position history and an outlet that can be heard."""
    one = article(
        1, "Budapest warms to talks", "Prime Minister Orban said talks should begin at once.\n\nOthers waited."
    )
    two = article(2, HOSTILE, "Orban would welcome a truce, he said on Tuesday.", outlet="Evening <b>Bell</b>")
    three = article(3, "Riga says no", "Latvia rejects any deal, its foreign minister said.")
    said = [
        reading(one, "Prime Minister Orban said talks should begin at once.", "favor"),
        reading(two, "Orban would welcome a truce, he said on Tuesday.", "favor"),
        reading(three, "Latvia rejects any deal, its foreign minister said.", "against", "latvia", "foreign minister"),
    ]
    return [
        *(one, two, three),
        *said,
        *(position(day, "against") for day in (0, 20, 40)),
        *(position(day, "favor") for day in (60, 80)),
        position(80, "against", "latvia"),
        position(80, "against", "hungary", "opposition leader"),
        alert(said[:2], 60, "pending", 0),
        alert(said[:2], 61, "confirmed", 1),
        pulse(81, "Daily Lantern"),
    ]


TOPIC: dict[type, str] = {
    Article: ARTICLES.name,
    Reading: READINGS.name,
    Pulse: READINGS.name,
    Verdict: READINGS.name,
    Position: POSITIONS.name,
    ShiftAlert: ALERTS.name,
}


def send(bootstrap: str, *records: Any) -> None:
    """Put the records on their topics and wait until they are there."""
    producer = KafkaProducer(
        bootstrap_servers=bootstrap, api_version=pinned_version(API_VERSION), acks="all", enable_idempotence=False
    )
    try:
        for record in records:
            key = getattr(record, "actor", getattr(record, "id", "pulse")).encode()
            producer.send(TOPIC[type(record)], record if isinstance(record, bytes) else encode(record), key)
        producer.flush(PATIENCE)
    finally:
        producer.close()


@dataclass
class Running:
    """A desk that runs in this process, in a thread with a loop of its own."""

    address: str
    projection: Projection
    settings: Settings

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Fetch a path; returns status and body."""
        return self.send("GET", path, None, **headers)

    def send(self, method: str, path: str, body: bytes | None, **headers: str) -> tuple[int, str]:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, body, names, method=method)
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def json(self, path: str) -> Any:
        """What an open desk answers."""
        status, body = self.get(path)
        assert status == 200, body
        return msgspec.json.decode(body)

    def json_as(self, path: str, token: str) -> Any:
        """What a bearer of the token is answered."""
        status, body = self.get(path, authorization=f"Bearer {token}")
        assert status == 200, body
        return msgspec.json.decode(body)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Shows a redirect as what it is."""

    def redirect_request(self, *_: Any) -> None:
        return None


def until(true: Callable[[], Any], what: str) -> Any:
    """Wait until something is true, for a minute at most, and return it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = true()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"after {PATIENCE:.0f} s there was still not: {what}")


@contextmanager
def running(state: Path, bootstrap: str, **options: Any) -> Iterator[Running]:
    """A desk over that broker; ends with the block, and raises what ended it otherwise."""
    settings = Settings(kafka=bootstrap, kafka_api_version=API_VERSION, state=state, **options)
    access = Access(settings, read_secret(state))
    projection = open_projection(state)
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    addresses: list[str] = []
    failures: list[BaseException] = []

    def body() -> None:
        try:
            with listen("127.0.0.1", 0) as door:
                loop.run_until_complete(serve(settings, access, projection, door, addresses.append, stop))
        except BaseException as error:
            failures.append(error)
        finally:
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    thread = threading.Thread(target=body, name="desk")
    thread.start()
    try:
        until(lambda: addresses or failures, "an address")
        if failures:
            raise failures[0]
        yield Running(addresses[0].rstrip("/"), projection, settings)
    finally:
        if not loop.is_closed():
            loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE)
        projection.close()
    if failures:
        raise failures[0]


@contextmanager
def small_desk(state: Path, **options: Any) -> Iterator[tuple[Running, EmbeddedBroker]]:
    """A desk that has taken in the small world."""
    with EmbeddedBroker() as broker:
        world = small_world()
        send(broker.bootstrap, *world)
        with running(state, broker.bootstrap, **options) as desk:
            until(lambda: count(desk.projection, "offsets") and _read_all(desk), "the small world on the desk")
            yield desk, broker


def _read_all(desk: Running) -> bool:
    wanted = {"articles": 3, "readings": 3, "history": 7, "alerts": 2}
    return all(count(desk.projection, table) == number for table, number in wanted.items()) and bool(
        desk.projection.reader.execute("SELECT 1 FROM meta WHERE name = 'clock'").fetchone()
    )


def count(projection: Projection, table: str) -> int:
    (number,) = projection.reader.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return int(number)
