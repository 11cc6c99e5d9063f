"""Articles -> two runs side by side, of the model that works and of one that may follow it; changes nothing anywhere.

Both begin with an empty memory where the articles begin, so what differs between them is the models' doing alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import Final

from services.replay import ReadBatch, Replay
from services.replay_diff import Change, compare
from services.replay_record import Run, make_header, record_turn
from services.trace.scan import Scan
from streams.canary import is_canary
from streams.memory import Memory
from streams.records import Article
from streams.shift_settings import ShiftSettings
from streams.topics import ARTICLES, Malformed, decode_article

CHUNK: Final = 64


class Beside:
    """One model's run. `labels` is what it made of each statement."""

    def __init__(self, read: ReadBatch, model: str, settings: ShiftSettings) -> None:
        self.run = Run(make_header(model, settings))
        self.labels: dict[str, str] = {}
        self._replay = Replay(Memory(settings), read)

    def take(self, articles: Sequence[Article]) -> None:
        """Follow these articles."""
        for turn in self._replay.follow(articles):
            self.labels |= {reading.id: reading.probabilities.label for reading in turn.readings}
            alerts = (alert for outcome in turn.outcomes for alert in outcome.alerts)
            for line in record_turn(turn.readings, alerts):
                self.run.take(line)


class Shadow:
    """The two runs, and how many articles both have seen."""

    def __init__(self, working: Beside, other: Beside) -> None:
        self._working, self._other = working, other
        self.articles = 0

    def take(self, articles: Iterable[Article]) -> Iterator[int]:
        """Let both follow the articles; yields how many there were so far, now and then."""
        rest = iter(articles)
        while chunk := list(islice(rest, CHUNK)):
            self._working.take(chunk)
            self._other.take(chunk)
            self.articles += len(chunk)
            yield self.articles

    def changes(self) -> list[Change]:
        """Return which alerts the other model adds, drops or moves."""
        return list(compare(self._working.run, self._other.run))

    def alerts(self) -> tuple[int, int]:
        """Return how many alerts each has raised."""
        working, other = ({alert.id for alert in run.told} for run in (self._working.run, self._other.run))
        return len(working), len(other)

    def read_differently(self) -> tuple[int, int]:
        """Return how many statements the two give different labels, and how many there are."""
        labels = self._other.labels
        return sum(labels.get(id) != label for id, label in self._working.labels.items()), len(labels)


def stored_articles(scan: Scan, since_ms: int) -> Iterator[Article]:
    """Yield the topic's articles of that time on in the order in which they were fetched, canaries left out."""
    partitions = scan.partitions(ARTICLES.name)
    streams = (articles_of(scan.records(ARTICLES.name, [partition], since_ms), since_ms) for partition in partitions)
    return merge(*streams, key=_when)


def articles_of(messages: Iterable[object], since_ms: int = 0) -> Iterator[Article]:
    """Yield the articles that these messages hold; what cannot be read is a dead letter by now."""
    for message in messages:
        try:
            article = decode_article(message.value)  # type: ignore[attr-defined]
        except Malformed:
            continue
        if not is_canary(article) and message.timestamp >= since_ms:  # type: ignore[attr-defined]
            yield article


def in_order(articles: Iterable[Article]) -> list[Article]:
    """The articles as they were fetched."""
    return sorted(articles, key=_when)


def _when(article: Article) -> tuple[object, ...]:
    return article.fetched, article.published, article.id, article.revision
