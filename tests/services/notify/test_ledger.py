"""What the notifier remembers: once and for all, for one cluster, and no secret of anybody's."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.errors import ParleyError, UsageProblem
from services.notify.deliver.slack import TASTE as PERSON
from services.notify.deliver.webhook import TASTE as MACHINE
from services.notify.deliveries import count_states, read_owed, write_settlement
from services.notify.ledger import FILE, Ledger, open_beside, open_ledger
from services.notify.parked import list_parked, replay_parked
from services.notify.record import Arrival, prune, record
from services.notify.settle import Retry, Settlement
from streams.records import ShiftAlert
from tests.services.notify.samples import alert

SINKS = {"slack": PERSON, "webhook": MACHINE}
NOW = 1000.0


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path)
    yield opened
    opened.close()


def take(ledger: Ledger, *states: ShiftAlert, sinks: dict[str, object] | None = None, now: float = NOW) -> None:
    record(ledger, [Arrival(state, now) for state in states], sinks or SINKS, now)  # type: ignore[arg-type]


def keys(ledger: Ledger, sink: str, now: float = NOW) -> list[tuple[str, int]]:
    return [row.key for row in read_owed(ledger, sink, now)[0]]


def deliver(ledger: Ledger, sink: str, *delivered: tuple[str, int]) -> None:
    write_settlement(ledger, sink, Settlement(delivered=delivered), "", NOW)


def test_a_state_is_owed_to_every_sink_that_wants_it(ledger: Ledger) -> None:
    take(ledger, alert("a"), alert("b", kind="first-position"), alert("c", 1, "closed"))
    assert keys(ledger, "slack") == [("a", 0), ("c", 1)]
    assert keys(ledger, "webhook") == [("a", 0), ("b", 0), ("c", 1)]


def test_what_is_owed_is_read_as_it_was_recorded(ledger: Ledger) -> None:
    take(ledger, alert("a"))
    (row,), told = read_owed(ledger, "slack", NOW)
    assert row.state == alert("a")
    assert (row.written, row.recorded, row.due, row.attempts, row.first_try, row.digest) == (
        NOW,
        NOW,
        NOW,
        0,
        None,
        None,
    )
    assert not row.alone
    assert told == {}


def test_a_duplicate_adds_nothing_and_a_delivered_state_stays_delivered(ledger: Ledger) -> None:
    take(ledger, alert("a"), alert("a"))
    assert keys(ledger, "slack") == [("a", 0)]
    deliver(ledger, "slack", ("a", 0))
    take(ledger, alert("a"), now=NOW + 9)
    assert keys(ledger, "slack", NOW + 9) == []
    assert keys(ledger, "webhook", NOW + 9) == [("a", 0)]


def test_a_replay_is_not_told_to_a_sink_that_was_added_since(ledger: Ledger) -> None:
    take(ledger, alert("a"), sinks={"slack": PERSON})
    take(ledger, alert("a"), alert("b"))
    assert keys(ledger, "webhook") == [("b", 0)]


def test_a_new_state_wakes_the_one_before_it(ledger: Ledger) -> None:
    take(ledger, alert("a"))
    later = Settlement(retries=(Retry(("a", 0), 4, NOW, NOW + 36_000, False),))
    write_settlement(ledger, "webhook", later, "status 500", NOW)
    assert read_owed(ledger, "webhook", NOW)[0][0].due == NOW + 36_000
    take(ledger, alert("a", 1, "confirmed"), now=NOW + 60)
    rows, _ = read_owed(ledger, "webhook", NOW + 60)
    assert [(row.key, row.due) for row in rows] == [(("a", 0), NOW + 60), (("a", 1), NOW + 60)]


def test_a_delivery_wakes_what_waited_for_the_sink_to_answer(ledger: Ledger) -> None:
    take(ledger, alert("a"), alert("b"), alert("c"))
    outage = Settlement(retries=(Retry(("a", 0), 5, NOW, NOW + 9000, True), Retry(("b", 0), 5, NOW, NOW + 9000, False)))
    write_settlement(ledger, "slack", outage, "timeout", NOW)
    deliver(ledger, "slack", ("c", 0))
    rows = {row.key: row for row in read_owed(ledger, "slack", NOW)[0]}
    assert (rows["a", 0].due, rows["a", 0].attempts) == (NOW, 4)
    assert (rows["b", 0].due, rows["b", 0].attempts) == (NOW + 9000, 5)


def test_fresh_news_comes_before_retries(ledger: Ledger) -> None:
    take(ledger, alert("a"))
    write_settlement(ledger, "slack", Settlement(retries=(Retry(("a", 0), 2, NOW, NOW + 5, False),)), "", NOW)
    take(ledger, alert("b"), now=NOW + 30)
    assert keys(ledger, "slack", NOW + 60) == [("b", 0), ("a", 0)]


def test_a_long_queue_is_read_in_pages(ledger: Ledger) -> None:
    take(ledger, *(alert(f"{number:05}") for number in range(500)))
    assert len(keys(ledger, "slack")) == 100
    assert count_states(ledger, "slack") == (500, 0)


def test_parked_deliveries_are_listed_and_can_be_replayed(ledger: Ledger) -> None:
    take(ledger, alert("a"))
    write_settlement(ledger, "webhook", Settlement(parked=(("a", 0),)), "status 500", NOW)
    (parked,) = list_parked(ledger)
    assert (parked.alert, parked.revision, parked.sink, parked.reason) == ("a", 0, "webhook", "status 500")
    assert count_states(ledger, "webhook") == (0, 1)
    assert replay_parked(ledger, NOW + 5) == 1
    assert keys(ledger, "webhook", NOW + 5) == [("a", 0)]
    assert list_parked(ledger) == []


def test_old_texts_are_dropped_and_their_keys_stay(ledger: Ledger) -> None:
    take(ledger, alert("a"), alert("b"))
    deliver(ledger, "slack", ("a", 0), ("b", 0))
    deliver(ledger, "webhook", ("a", 0))
    assert prune(ledger, NOW + 1) == 1
    take(ledger, alert("a"), now=NOW + 2)
    assert keys(ledger, "slack", NOW + 2) == []
    assert keys(ledger, "webhook", NOW + 2) == [("b", 0)]


def test_a_ledger_outlives_the_process_that_wrote_it(tmp_path: Path) -> None:
    """Killed with no chance to close: what `record` returned from is there."""
    script = (
        "import os, sys; from pathlib import Path; from services.notify.ledger import open_ledger;"
        "from tests.services.notify.test_ledger import take; from tests.services.notify.samples import alert;"
        f"take(open_ledger(Path({str(tmp_path)!r})), alert('a')); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == -9
    ledger = open_ledger(tmp_path)
    assert keys(ledger, "slack") == [("a", 0)]
    ledger.close()


def test_a_power_cut_loses_nothing_that_was_recorded(ledger: Ledger) -> None:
    """It cannot be cut here; SQLite's promise for these two settings is what is relied on."""
    with ledger.read() as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_a_ledger_belongs_to_one_cluster(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    ledger.stamp("one")
    ledger.stamp("one")
    with pytest.raises(UsageProblem, match=r"notify\.sqlite belongs to another broker.*--fresh"):
        ledger.stamp("two")
    ledger.close()


def test_fresh_discards_what_was_there(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    ledger.stamp("one")
    take(ledger, alert("a"))
    ledger.close()
    ledger = open_ledger(tmp_path, fresh=True)
    ledger.stamp("two")
    assert keys(ledger, "slack") == []
    ledger.close()


def test_two_notifiers_do_not_share_a_ledger(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    with pytest.raises(UsageProblem, match="in use by another notifier"):
        open_ledger(tmp_path, fresh=True)
    beside = open_beside(tmp_path)
    assert list_parked(beside) == []
    beside.close()
    ledger.close()
    open_ledger(tmp_path).close()


def test_a_file_that_is_no_ledger_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"these are somebody's notes, and no database at all" * 40)
    with pytest.raises(UsageProblem, match="cannot be used as a ledger"):
        open_ledger(tmp_path)
    assert (tmp_path / FILE).read_bytes().startswith(b"these are")


def test_a_ledger_of_another_format_is_refused(tmp_path: Path) -> None:
    open_ledger(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'version'")
    db.close()
    with pytest.raises(UsageProblem, match="another version"):
        open_ledger(tmp_path)


def test_a_directory_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageProblem, match="--state"):
        open_ledger(tmp_path / "file" / "below")


def test_looking_at_nothing_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="no such file"):
        open_beside(tmp_path)


def test_only_its_owner_reads_a_ledger(tmp_path: Path) -> None:
    open_ledger(tmp_path).close()
    assert stat.S_IMODE(os.stat(tmp_path / FILE).st_mode) == 0o600


def test_a_full_disk_stops_the_work_with_nothing_written(ledger: Ledger) -> None:
    with ledger.read() as db:
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(ParleyError, match=r"full.*nothing is committed"):
        take(ledger, *(alert(f"{number:05}") for number in range(200)))
    with ledger.read() as db:
        db.execute("PRAGMA max_page_count = 1000000")
    assert keys(ledger, "slack") == []
    take(ledger, alert("a"))
    assert keys(ledger, "slack") == [("a", 0)]
