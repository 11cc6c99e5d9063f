"""Articles in order -> alerts, by the code that the stream runs, without Kafka; never looks at the machine's clock.

Time is what the articles say: before each one a Pulse brings the clock to the minute it was published, and one for
each midnight passed on the way, as the ingester's pulses would have. An article that comes out of order was fetched
when its turn came; one whose id was seen before is an edit, and withdraws what it said before.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final, NamedTuple

from msgspec.structs import replace

from services.ingest.articles import sign_article
from services.ingest.relevance import judge
from services.read.lines import read_lines
from streams.batch import Outcome as Batch
from streams.evidence import Outcome, follow
from streams.memory import Memory
from streams.records import Article, EvidenceRecord, Pulse, Reading, Withdrawal
from streams.topics import encode

ReadBatch = Callable[[Sequence[bytes | None]], Sequence[Batch]]

# Articles that meet the model together. What comes out does not depend on it.
BATCH: Final = 64
DAY: Final = timedelta(days=1)
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def read_articles(
    source: Iterable[bytes], everything: bool, counts: Counter[str], complain: Callable[[str], None]
) -> Iterator[Article]:
    """Yield the relevant articles (all, if `everything`) of JSON lines, signed; count and name those unreadable."""
    numbered = ((number, raw) for number, raw in enumerate(source, 1) if raw.strip())
    for line in read_lines(numbered, LONG_AGO):
        article = line.article
        if article is None:
            counts["unreadable"] += 1
            complain(line.problem)
            continue
        counts["articles"] += 1
        if everything or judge(article.title, article.text).relevant:
            counts["relevant"] += 1
            yield replace(article, signature=sign_article(article.title, article.text))


class Turn(NamedTuple):
    """One article's turn: what was read in it, what followed, and why it was put aside where it was."""

    article: Article
    readings: tuple[Reading, ...]
    outcomes: tuple[Outcome, ...]
    problem: str = ""


class Replay:
    """Follows articles in the order in which they are given. An undated one takes the time of the one before."""

    def __init__(self, memory: Memory, read: ReadBatch) -> None:
        self._memory = memory
        self._read = read
        self._seen: dict[str, tuple[bytes, int]] = {}
        self._latest: datetime | None = None

    def follow(self, articles: Iterable[Article]) -> Iterator[Turn]:
        """Yield a turn for each article that is new or changed, in order; holds `BATCH` articles at a time."""
        batch: list[Article] = []
        for article in articles:
            fresh = self._stamp(article)
            if fresh is not None:
                batch.append(fresh)
            if len(batch) == BATCH:
                yield from self._follow_batch(batch)
                batch = []
        yield from self._follow_batch(batch)

    def _stamp(self, article: Article) -> Article | None:
        """Return the article with its revision and the time at which it is seen; None when it was seen as it is."""
        content = blake2b(f"{article.title}\0{article.text}".encode(), digest_size=8).digest()
        known = self._seen.get(article.id)
        if known is not None and known[0] == content:
            return None
        revision = 0 if known is None else known[1] + 1
        self._seen[article.id] = (content, revision)
        published = (self._latest or LONG_AGO) if article.published == LONG_AGO else article.published
        self._latest = max(self._latest or published, published)
        return replace(article, revision=revision, published=published, fetched=self._latest)

    def _follow_batch(self, batch: Sequence[Article]) -> Iterator[Turn]:
        for article, result in zip(batch, self._read([encode(article) for article in batch]), strict=True):
            records: list[EvidenceRecord] = [*self._pulses(article.fetched)]
            if article.revision > 0:
                records.append(Withdrawal(article=article.id, revision=article.revision, at=article.fetched))
            records += result.readings
            outcomes = tuple(outcome for record in records for outcome in self._take(record))
            problem = f"{result.reason}: {result.detail}" if result.reason else ""
            yield Turn(article, tuple(result.readings), outcomes, problem)

    def _pulses(self, now: datetime) -> Iterator[Pulse]:
        minute = now.replace(second=0, microsecond=0)
        clock = self._memory.clock
        if clock is not None:
            midnight = clock.replace(hour=0, minute=0) + DAY
            while midnight < minute:
                yield Pulse(minute=midnight)
                midnight += DAY
        yield Pulse(minute=minute)

    def _take(self, record: EvidenceRecord) -> Iterator[Outcome]:
        outcome = follow(record, self._memory)
        self._memory.put(outcome.states)
        yield outcome
        # What allies are told comes back on the log.
        for stand in outcome.stands:
            yield from self._take(stand)
