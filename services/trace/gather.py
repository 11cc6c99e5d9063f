"""An article's id -> all that the topics, the dead letters and the memories on disk hold of it; changes nothing."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from services.broker.partitions import partition_of
from services.dead_letters import Letter, read_letter
from services.notify.account import Entry, read_account
from services.notify.ledger import FILE as LEDGER_FILE
from services.notify.ledger import open_beside
from services.trace.counting import Counted, count_readings
from services.trace.raising import raised_by
from services.trace.remembered import Remembered, remember
from services.trace.scan import Scan
from services.trace.window import Window, find_window
from streams.records import Article, Reading, ShiftAlert, Withdrawal
from streams.topics import ALERTS, ARTICLES, READINGS, TOPICS, Malformed, decode_alert, decode_article, decode_evidence

Place = tuple[str, int, int]


class Fetched(NamedTuple):
    """A revision of the article as it lies on the topic, and whether the workers have got so far."""

    article: Article
    place: Place
    at: datetime
    committed: int | None


@dataclass
class Trace:
    """All that is known of one article. `told` is None where there is no ledger, `memory` where it knows nothing.

    `window` is the stretch of the log in which its readings were looked for, None where nothing says when it came.
    """

    id: str
    window: Window | None = None
    fetched: list[Fetched] = field(default_factory=list)
    memory: Remembered | None = None
    readings: list[Reading] = field(default_factory=list)
    withdrawn: list[Withdrawal] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)
    alerts: list[ShiftAlert] = field(default_factory=list)
    raised: set[str] = field(default_factory=set)
    told: list[Entry] | None = None
    dead: list[Letter] = field(default_factory=list)

    @property
    def known(self) -> bool:
        return bool(self.fetched or self.memory or self.readings or self.dead)


def follow_article(id: str, scan: Scan, state: Path, since: datetime | None = None) -> Trace:
    """Return what is known of the article. `state` is the directory of the ingester's and notifier's memories.

    Readings and alerts are looked for where find_window says; `since` says when it came, for what no longer shows it.
    """
    trace = Trace(id)
    key = id.encode()
    for message in scan.records(ARTICLES.name, [partition_of(key, ARTICLES.partitions)]):
        if message.key == key:
            _take_article(trace, message, scan)
    trace.memory = remember(id, state)
    trace.dead = _dead(key, scan)
    came = min((one.at for one in trace.fetched), default=trace.memory and trace.memory.first)
    trace.window = find_window(id, came, since, scan)
    if trace.window is None:
        return trace
    places = set[int]()
    for message in scan.records(READINGS.name, scan.partitions(READINGS.name), *trace.window.bounds):
        if message.value is not None and key in message.value:
            _take_evidence(trace, message, places)
    trace.counted = count_readings(id, trace.readings, trace.withdrawn, scan, sorted(places))
    partitions = scan.partitions(ALERTS.name) if trace.readings else []
    for message in scan.records(ALERTS.name, partitions, *trace.window.bounds):
        if message.value is not None:
            _take_alert(trace, message.value)
    trace.told = _told(trace, state)
    return trace


def _take_article(trace: Trace, message: Any, scan: Scan) -> None:
    try:
        article = decode_article(message.value)
    except Malformed:
        return
    at = datetime.fromtimestamp(max(message.timestamp or 0, 0) / 1000, UTC)
    place = (message.topic, message.partition, message.offset)
    trace.fetched.append(Fetched(article, place, at, scan.committed(message.topic, message.partition)))


def _take_evidence(trace: Trace, message: Any, places: set[int]) -> None:
    try:
        record = decode_evidence(message.value)
    except Malformed:
        return
    if isinstance(record, Reading) and record.article == trace.id:
        places.add(message.partition)
        # A record that came again says the same.
        if record.id not in {reading.id for reading in trace.readings}:
            trace.readings.append(record)
    elif isinstance(record, Withdrawal) and record.article == trace.id and record not in trace.withdrawn:
        trace.withdrawn.append(record)


def _take_alert(trace: Trace, value: bytes) -> None:
    try:
        alert = decode_alert(value)
    except Malformed:
        return
    raised = any(raised_by(alert, reading) for reading in trace.readings)
    if raised:
        trace.raised.add(alert.id)
    known = {(one.id, one.revision) for one in trace.alerts}
    ours = raised or trace.id in {one.article for one in alert.evidence}
    if ours and (alert.id, alert.revision) not in known:
        trace.alerts.append(alert)


def _told(trace: Trace, state: Path) -> list[Entry] | None:
    if not (state / LEDGER_FILE).is_file():
        return None
    ledger = open_beside(state)
    try:
        return read_account(ledger, alerts=frozenset(alert.id for alert in trace.alerts))
    finally:
        ledger.close()


def _dead(key: bytes, scan: Scan) -> list[Letter]:
    return [
        read_letter(message)
        for topic in TOPICS
        for message in scan.records(topic.dead, scan.partitions(topic.dead))
        if message.value is not None and (message.key == key or key in message.value)
    ]
