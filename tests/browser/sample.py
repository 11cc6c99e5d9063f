"""The sample timeline, run through the stream's own code and put on the topics of an embedded broker.

The whole path with its processes is the journey test's claim; here the pages have the same records in seconds.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache, partial
from typing import Any

import msgspec
from kafka import KafkaProducer

from models.predict import StanceReader
from services.broker.cluster import pinned_version
from services.broker.embedded import API_VERSION
from services.newsroom.timeline import as_articles, read_timeline
from services.replay import Replay, read_articles
from streams.batch import read_batch
from streams.catalogue import read_catalogue
from streams.memory import Memory
from streams.records import Article, Pulse
from streams.topics import ALERTS, ARTICLES, POSITIONS, READINGS, encode

PATIENCE = 60.0


@cache
def sample_records() -> tuple[tuple[str, str, Any], ...]:
    """Every record of the timeline as (topic, key, record), in the order in which the stream would send it."""
    return tuple(_records())


def _records() -> Iterator[tuple[str, str, Any]]:
    reader = StanceReader.load(None)
    read = partial(read_batch, catalogue=read_catalogue(), read_stances=reader.read, model=reader.version)
    lines = [msgspec.json.encode(one) for one in as_articles(read_timeline())]
    articles = read_articles(lines, False, Counter(), lambda problem: None)
    outlets: set[str] = set()
    for turn in Replay(Memory(), read).follow(articles):
        yield ARTICLES.name, turn.article.id, turn.article
        for reading in turn.readings:
            yield READINGS.name, reading.actor, reading
        for outcome in turn.outcomes:
            for position in outcome.positions:
                key = position.actor if position.speaker is None else f"{position.actor}/{position.speaker}"
                yield POSITIONS.name, key, position
            for alert in outcome.alerts:
                yield ALERTS.name, alert.actor, alert
        outlets.add(turn.article.outlet)
        minute = turn.article.fetched.replace(second=0, microsecond=0)
        yield READINGS.name, "pulse", Pulse(minute=minute, alive=tuple(sorted(outlets)))


def send_sample(bootstrap: str) -> dict[str, int]:
    """Put the timeline on the topics; returns how many records each has been given."""
    counts: Counter[str] = Counter()
    producer = KafkaProducer(
        bootstrap_servers=bootstrap, api_version=pinned_version(API_VERSION), acks="all", enable_idempotence=False
    )
    try:
        for topic, key, record in sample_records():
            producer.send(topic, encode(record), key.encode())
            counts[topic] += 1
        producer.flush(PATIENCE)
    finally:
        producer.close()
    return dict(counts)


def find_article(id: str) -> Article:
    return next(record for _, _, record in sample_records() if isinstance(record, Article) and record.id == id)
