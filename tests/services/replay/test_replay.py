"""Articles replayed in order meet the same clock, edits and batches as on the stream."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from services.replay import LONG_AGO, Replay, Turn
from streams.batch import Outcome as Batch
from streams.memory import Memory
from streams.readings import make_readings
from streams.records import Article, Probabilities, Reading, Stance, Statement
from streams.topics import decode_article, encode

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
SURE: dict[str, Probabilities] = {
    "favor": Probabilities(favor=0.9, against=0.03, neither=0.07),
    "against": Probabilities(favor=0.03, against=0.9, neither=0.07),
}


def read_title(raws: Sequence[bytes | None]) -> list[Batch]:
    """Reads articles whose title is the stance that their one statement takes."""
    return [Batch(article, tuple(_readings(article))) for article in map(decode_article, raws)]


def _readings(article: Article) -> Iterator[Reading]:
    word = article.title.split()[0]
    if word in SURE:
        statement = Statement(
            speaker="President", actor="ruritania", capacity="leader", quote=word, start=0, end=len(word)
        )
        yield from make_readings(article, [statement], [SURE[word]], "title")


def article(name: str, day: float, stance: Stance | str, outlet: str = "Daily Lantern") -> Article:
    when = NOON + timedelta(days=day)
    return Article(
        id=name, url="", outlet=outlet, title=f"{stance} ({name})", text="", published=when, fetched=LONG_AGO
    )  # fmt: skip


def replay(articles: Sequence[Article], memory: Memory | None = None) -> tuple[Memory, list[Turn]]:
    memory = memory or Memory()
    return memory, list(Replay(memory, read_title).follow(articles))


FLIP = [article(f"a{i}", i, "favor" if i < 40 else "against", "ABC"[i % 3]) for i in range(70)]


def alerts_of(turns: Sequence[Turn]) -> list[bytes]:
    return [encode(alert) for turn in turns for outcome in turn.outcomes for alert in outcome.alerts]


def test_a_flip_in_the_articles_is_an_alert() -> None:
    _, turns = replay(FLIP)
    states = [alert for turn in turns for outcome in turn.outcomes for alert in outcome.alerts]
    assert [(a.status, a.before, a.after) for a in states] == [
        ("confirmed", "unknown", "favor"),
        ("pending", "favor", "against"),
        ("confirmed", "favor", "against"),
    ]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_batches_change_nothing(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = alerts_of(replay(FLIP)[1])
    monkeypatch.setattr("services.replay.BATCH", size)
    assert alerts_of(replay(FLIP)[1]) == usual


def test_time_is_the_articles_own() -> None:
    memory, _ = replay([article("a", 0.0, "favor"), article("b", 2.5, "favor")])
    assert memory.clock == NOON + timedelta(days=2.5)


def test_every_midnight_on_the_way_is_passed() -> None:
    """A pending alert is closed on its day, not when the next article happens to come."""
    wobble = [article(f"w{i}", 40.0 + i, "against", "A") for i in range(6)]
    _, turns = replay([*FLIP[:40], *wobble, article("later", 200.0, "favor")])
    closed = [a for turn in turns for outcome in turn.outcomes for a in outcome.alerts if a.status == "closed"]
    assert [a.at < NOON + timedelta(days=80) for a in closed] == [True]


def test_an_article_out_of_order_is_late_and_keeps_its_date() -> None:
    memory, turns = replay([article("a", 5.0, "favor"), article("early", 1.0, "favor")])
    assert turns[1].article.fetched == NOON + timedelta(days=5)
    assert memory.clock == NOON + timedelta(days=5)
    assert memory.evidence.dossier("ruritania").events[0].start == (NOON + timedelta(days=1)).timestamp()


def test_the_same_article_again_is_nothing_new() -> None:
    _, turns = replay([article("a", 0.0, "favor"), article("a", 0.0, "favor")])
    assert len(turns) == 1


def test_a_changed_article_is_an_edit_and_replaces_what_it_said() -> None:
    memory, turns = replay([article("a", 0.0, "favor"), article("b", 1.0, "favor"), article("a", 0.0, "against")])
    assert turns[2].article.revision == 1
    assert memory.evidence.withdrawn("a") == 1
    said = {report.order[1:]: report for event in memory.evidence.dossier("ruritania").events for report in event.leads}
    assert set(said) == {("a", 1), ("b", 0)}


def test_an_undated_article_takes_the_time_of_the_one_before() -> None:
    undated = Article(id="u", url="", outlet="", title="favor", text="", published=LONG_AGO, fetched=LONG_AGO)
    _, turns = replay([article("a", 3.0, "favor"), undated])
    assert turns[1].article.published == NOON + timedelta(days=3)
