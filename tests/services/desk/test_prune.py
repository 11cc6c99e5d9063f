"""Old articles leave the desk, their words with them; quotes stay, and what an alert rests on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services import metrics
from services.broker.embedded import EmbeddedBroker
from services.desk.database import Projection, open_projection
from services.desk.project import project
from services.desk.prune import AT_ONCE, prune_articles
from services.desk.search import search
from streams.records import Article, Reading
from tests.services.desk.made import alert, article, count, pulse, running, send, small_world, until


@pytest.fixture
def projection(tmp_path: Path) -> Iterator[Projection]:
    found = open_projection(tmp_path)
    yield found
    found.close()


def of(kind: type) -> list[Article | Reading]:
    return [one for one in small_world() if isinstance(one, kind)]  # type: ignore[misc]


def test_old_articles_go_with_their_words_and_are_counted(projection: Projection) -> None:
    before = metrics.DESK_PRUNED._value.get()
    with projection.write() as db:
        for one in (*of(Article), *of(Reading), pulse(12)):
            project(db, one)
    assert search(projection.reader, "Riga").articles
    # The articles are of the days 1, 2 and 3.
    assert prune_articles(projection, 9.5) == 2
    assert prune_articles(projection, 9.5) == 0
    assert metrics.DESK_PRUNED._value.get() - before == 2
    assert not search(projection.reader, "Budapest").articles
    assert search(projection.reader, "Riga").articles
    assert search(projection.reader, "Orban truce").quotes
    with projection.write() as db:
        # Raises where the index of words and the articles differ.
        db.execute("INSERT INTO article_words (article_words) VALUES ('integrity-check')")


def test_what_an_alert_rests_on_stays(projection: Projection) -> None:
    first = of(Reading)[0]
    assert isinstance(first, Reading)
    with projection.write() as db:
        for one in (*of(Article), alert([first], 60), pulse(500)):
            project(db, one)
    assert prune_articles(projection, 30.0) == 2
    assert projection.reader.execute("SELECT id FROM articles").fetchall() == [(first.article,)]


def test_without_a_clock_nothing_is_old(projection: Projection) -> None:
    with projection.write() as db:
        for one in of(Article):
            project(db, one)
    assert prune_articles(projection, 0.1) == 0


def test_no_transaction_takes_more_than_its_part(projection: Projection) -> None:
    with projection.write() as db:
        for number in range(AT_ONCE + 3):
            project(db, article(1, f"No. {number}", "Words.").__class__(
                id=f"a{number}", url="", outlet="O", title="T", text="Words.",
                published=article(1, "", "").published, fetched=article(1, "", "").fetched,
            ))  # fmt: skip
        project(db, pulse(100))
    assert prune_articles(projection, 30.0) == AT_ONCE
    assert prune_articles(projection, 30.0) == 3


def test_a_running_desk_forgets_by_itself(tmp_path: Path) -> None:
    with EmbeddedBroker() as broker:
        send(broker.bootstrap, *of(Article), *of(Reading), pulse(500))
        with running(tmp_path, broker.bootstrap, desk_article_days=30) as desk:
            until(lambda: count(desk.projection, "readings") == 3 and not count(desk.projection, "articles"), "room")
            (quote,) = desk.json("/api/search?q=Riga")["quotes"] or [None]
            assert quote is None
            assert desk.json("/api/search?q=foreign")["quotes"]
