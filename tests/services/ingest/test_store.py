"""What the ingester remembers, and that it remembers all of it or nothing."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.errors import UsageProblem
from services.ingest.feed import Feed
from services.ingest.outbox import Waiting, fitting
from services.ingest.store import News, Store
from streams.records import Article
from streams.topics import decode_article

START = datetime(2026, 2, 16, 12, 0, tzinfo=UTC)
FEED = Feed(read=True, entries=("a1",), visited=START.timestamp())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path)
    yield made
    made.close()


def article(
    id_: str,
    text: str = "Words.",
    published: datetime = START - timedelta(hours=1),
    fetched: datetime = START,
    backfill: bool = False,
) -> Article:
    return Article(
        id=id_,
        url=f"https://herald.example/{id_}",
        outlet="Herald",
        title="Title",
        text=text,
        published=published,
        fetched=fetched,
        backfill=backfill,
    )


def news(id_: str, words: str = "1", **fields: object) -> News:
    return News(id_, words, article(id_, **fields))  # type: ignore[arg-type]


def sent(store: Store) -> list[Article]:
    return [decode_article(waiting.value) for waiting in store.outbox.take(100)]


def test_a_visit_stores_the_feed_the_articles_and_what_is_to_be_sent(store: Store) -> None:
    assert store.record("f", FEED, START, [news("a1"), News("a2", "1", None)]) == 1
    assert store.feeds() == {"f": FEED}
    assert store.known(["a1", "a2", "a3"]).keys() == {"a1", "a2"}
    assert sent(store) == [article("a1")]


def test_what_was_seen_is_not_sent_again(store: Store) -> None:
    store.record("f", FEED, START, [news("a1")])
    assert store.record("f", FEED, START, [news("a1")]) == 0
    assert len(sent(store)) == 1


def test_an_edit_is_the_next_revision(store: Store) -> None:
    for words in "123":
        store.record("f", FEED, START, [news("a1", words)])
    assert [found.revision for found in sent(store)] == [0, 1, 2]
    assert store.known(["a1"])["a1"].revision == 2


def test_the_feed_that_was_first_owns_the_article(store: Store) -> None:
    store.record("f", FEED, START, [news("a1", "1")])
    assert store.record("g", FEED, START, [news("a1", "2")]) == 0
    assert store.record("f", FEED, START, [news("a1", "1")]) == 0
    assert len(sent(store)) == 1


def test_an_irrelevant_article_is_remembered_and_may_become_relevant(store: Store) -> None:
    store.record("f", FEED, START, [News("a1", "1", None)])
    assert not store.known(["a1"])["a1"].sent
    store.record("f", FEED, START, [news("a1", "2")])
    assert store.known(["a1"])["a1"].sent
    assert [found.revision for found in sent(store)] == [1]


def test_an_undated_article_keeps_the_moment_it_was_first_seen(store: Store) -> None:
    later = START + timedelta(hours=5)
    store.record("f", FEED, START, [news("a1", "1", published=START)])
    store.record("f", FEED, later, [news("a1", "2", published=later, fetched=later)])
    assert [(found.published, found.fetched) for found in sent(store)] == [(START, START), (START, later)]


def test_records_go_out_in_the_order_of_publication(store: Store) -> None:
    late, early = START - timedelta(hours=1), START - timedelta(hours=2)
    store.record("f", FEED, START, [news("b", published=late), news("c", published=early), news("a", published=late)])
    assert [found.id for found in sent(store)] == ["c", "a", "b"]


def test_a_record_goes_only_when_it_is_removed(store: Store) -> None:
    store.record("f", FEED, START, [news("a1"), news("a2", backfill=True)])
    waiting = store.outbox.take(10)
    assert store.outbox.take(10) == waiting
    assert {found.key: found.kind for found in waiting} == {"a1": "live", "a2": "backfill"}
    store.outbox.remove([waiting[0].seq])
    assert store.outbox.take(10) == waiting[1:]
    assert store.outbox.count() == 1


def test_a_number_is_passed_when_everything_up_to_it_was_acknowledged(store: Store) -> None:
    store.record("f", FEED, START, [news("a1")])
    number = store.outbox.last()
    store.record("f", FEED, START, [news("a2")])
    assert not store.outbox.empty_up_to(number)
    first = min(store.outbox.take(10), key=lambda waiting: waiting.seq)
    store.outbox.remove([first.seq])
    assert store.outbox.empty_up_to(number)
    assert not store.outbox.empty_up_to(store.outbox.last())


def test_numbers_are_never_used_again(store: Store) -> None:
    assert store.outbox.last() == 0
    store.record("f", FEED, START, [news("a1")])
    store.outbox.remove([waiting.seq for waiting in store.outbox.take(10)])
    store.record("f", FEED, START, [news("a2")])
    assert store.outbox.last() == 2


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    bad = News("a2", "1", article("a2", text="\ud800"))
    with pytest.raises(ValueError, match="surrogates"):
        store.record("f", FEED, START, [news("a1"), bad])
    assert store.feeds() == {}
    assert store.known(["a1", "a2"]) == {}
    assert sent(store) == []


def test_state_survives_a_restart(tmp_path: Path) -> None:
    first = Store(tmp_path)
    first.belong_to("cluster-1")
    first.record("f", FEED, START, [news("a1")])
    before = first.outbox.take(10)
    first.close()
    second = Store(tmp_path)
    assert second.feeds() == {"f": FEED}
    assert second.outbox.take(10) == before
    second.belong_to("cluster-1")
    second.close()


CRASH = """
import os, signal, sys
from tests.services.ingest.test_store import FEED, START, news
from services.ingest.store import Store
from pathlib import Path
store = Store(Path(sys.argv[1]))
store.record("f", FEED, START, [news("a1"), news("a2")])
print([(w.key, w.value) for w in store.outbox.take(10)], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_crash_between_publishing_and_forgetting_sends_the_same_bytes(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", CRASH, tmp_path], capture_output=True, text=True, cwd=root, check=False
    )
    assert done.returncode == -signal.SIGKILL
    store = Store(tmp_path)
    assert repr([(waiting.key, waiting.value) for waiting in store.outbox.take(10)]) == done.stdout.strip()
    assert store.record("f", FEED, START, [news("a1"), news("a2")]) == 0
    store.close()


def test_another_cluster_is_refused_with_what_to_do(store: Store, tmp_path: Path) -> None:
    store.belong_to("cluster-1")
    with pytest.raises(UsageProblem, match=r"cluster-1.*cluster-2.*move the directory away.*--fresh") as caught:
        store.belong_to("cluster-2")
    assert str(tmp_path) in str(caught.value)
    store.belong_to("cluster-1")


def test_a_fresh_start_discards_everything(tmp_path: Path) -> None:
    first = Store(tmp_path)
    first.belong_to("cluster-1")
    first.record("f", FEED, START, [news("a1")])
    first.close()
    second = Store(tmp_path, fresh=True)
    second.belong_to("cluster-2")
    assert (second.feeds(), sent(second)) == ({}, [])
    second.close()


def test_a_directory_serves_one_process(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="in use by another"):
        Store(tmp_path)


def test_a_directory_that_cannot_be_used_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageProblem, match="cannot be used"):
        Store(tmp_path / "file")
    (tmp_path / "ingest.sqlite3").write_bytes(b"no database" * 100)
    with pytest.raises(UsageProblem, match="cannot be used"):
        Store(tmp_path)
    Store(tmp_path, fresh=True).close()


def test_state_of_another_version_is_refused(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with sqlite3.connect(tmp_path / "ingest.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(UsageProblem, match="another version"):
        Store(tmp_path)


def test_only_the_owner_can_read_the_state(store: Store, tmp_path: Path) -> None:
    assert stat.S_IMODE(os.stat(tmp_path / "ingest.sqlite3").st_mode) == 0o600


def test_old_articles_are_forgotten_unless_a_feed_still_shows_them(store: Store) -> None:
    later = START + timedelta(days=30)
    store.record("f", FEED, START, [news("a1"), news("a2")])
    store.record("g", Feed(entries=("a3",), visited=later.timestamp()), later, [news("a3")])
    assert store.forget(START - timedelta(seconds=1)) == 0
    store.record("f", Feed(read=True, entries=("a1",), visited=later.timestamp()), later)
    assert store.forget(START + timedelta(days=1)) == 1
    assert store.known(["a1", "a2", "a3"]).keys() == {"a1", "a3"}


def test_what_was_shown_lately_stays_known(store: Store) -> None:
    later = START + timedelta(days=90)
    store.record("f", FEED, START, [news("a1")])
    store.record("f", Feed(visited=later.timestamp()), later, seen=["a1"])
    assert store.forget(later - timedelta(days=1)) == 0
    assert store.forget(later + timedelta(seconds=1)) == 1


def test_feeds_that_nobody_lists_any_more_are_forgotten(store: Store) -> None:
    store.record("f", FEED, START, [news("a1")])
    assert store.forget(START + timedelta(days=1)) == 1
    assert store.feeds() == {}


@pytest.mark.parametrize("text", ["x" * 10_000, "é" * 10_000, "\n" * 10_000, "x" * 5000 + "\U0001f54a" * 5000])
def test_a_record_that_is_too_large_keeps_its_beginning(text: str) -> None:
    whole = article("a1", text=text)
    value = fitting(whole, 5_000)
    found = decode_article(value)
    assert len(value) <= 5_000
    assert text.startswith(found.text)
    assert len(value) > 4_990
    assert found.title == whole.title


def test_a_record_that_the_broker_calls_too_large_is_halved_until_there_is_nothing_to_cut(store: Store) -> None:
    store.record("f", FEED, START, [news("a1", text="abcd")])

    def waiting() -> Waiting:
        return store.outbox.take(1)[0]

    assert store.outbox.halve(waiting())
    assert decode_article(waiting().value).text == "ab"
    assert store.outbox.halve(waiting())
    assert store.outbox.halve(waiting())
    assert not store.outbox.halve(waiting())
