"""Crashes, duplicates, restarts and the passing of months change nothing that was derived before."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.evidence import follow
from streams.memory import Memory
from streams.positions import make_position
from streams.records import Capacity, EvidenceRecord, Pulse, Reading, Stance, Withdrawal
from streams.rows import Row
from streams.shift_settings import ShiftSettings
from streams.topics import encode
from tests.streams.made import START, Worker, pulse, reading, resign, signature, weeks_of

FLIP = [*weeks_of("favor", 0.0, 40), *weeks_of("against", 40.0, 30)]


def freezing() -> Worker:
    """A worker that keeps nothing verbatim for longer than a month."""
    return Worker(memory=Memory(ShiftSettings(quotable_reports=1)))


def days_frozen(worker: Worker) -> int:
    return sum(key.startswith("day ") for key in worker.rows)


@st.composite
def some_stream(draw: st.DrawFn) -> list[EvidenceRecord]:
    """Weeks of readings with a turn in the middle, copies, edits, late arrivals, and pulses between."""
    turn = draw(st.integers(10, 60))
    day = 0.0
    records: list[EvidenceRecord] = []
    for i in range(draw(st.integers(20, 60))):
        day += draw(st.floats(0.05, 3.0))
        records.append(pulse(day))
        noise = draw(st.integers(0, 9)) == 0
        label: Stance = "against" if (day > turn) != noise else "favor"
        like = resign(signature("wire"), draw(st.integers(0, 30))) if draw(st.integers(0, 3)) == 0 else None
        late = draw(st.sampled_from([0.0, 0.0, 0.0, 5.0, 40.0]))
        capacity: Capacity = draw(st.sampled_from(["leader", "leader", "unnamed", "military"]))
        outlet = draw(st.sampled_from("ABC"))
        records.append(reading(f"a{i}", day - late, label, outlet, like=like, fetched=day, capacity=capacity))
        if draw(st.integers(0, 5)) == 0:
            article = f"a{draw(st.integers(0, i))}"
            records.append(Withdrawal(article=article, revision=draw(st.integers(1, 2)), at=pulse(day).minute))
            if draw(st.booleans()):
                records.append(reading(article, day, label, "B", revision=1))
    return records


@given(some_stream(), st.data())
@settings(max_examples=30, deadline=None)
def test_a_crash_at_any_point_loses_no_alert_and_changes_none(
    records: list[EvidenceRecord], data: st.DataObject
) -> None:
    whole = freezing().take(*records)
    at, step = data.draw(st.integers(0, len(records) - 1)), data.draw(st.integers(0, 3))
    worker = freezing().take(*records[:at])
    outcome = follow(records[at], worker.memory)
    cut = data.draw(st.integers(0, len(outcome.rows)))
    if step == 0:
        worker.keep(outcome.rows[:cut])
    else:
        worker.keep(outcome.rows)
        if step >= 2:
            worker.send(outcome)
        if step == 3:
            worker.keep(outcome.states[: data.draw(st.integers(0, len(outcome.states)))])
    after = worker.restart().take(*records[at:])
    sent = worker.alerts + after.alerts
    assert list(dict.fromkeys(encode(alert) for alert in sent)) == [encode(alert) for alert in whole.alerts]
    assert after.rows == whole.rows


@given(some_stream(), st.data())
@settings(max_examples=30, deadline=None)
def test_records_delivered_again_change_nothing(records: list[EvidenceRecord], data: st.DataObject) -> None:
    """After a failed commit, a stretch comes once more."""
    end = data.draw(st.integers(1, len(records)))
    start = data.draw(st.integers(max(0, end - 6), end))
    worker = freezing().take(*records[:end])
    rows, alerts = dict(worker.rows), len(worker.alerts)
    worker.take(*records[start:end])
    assert worker.rows == rows
    assert len(worker.alerts) == alerts


@given(some_stream())
@settings(max_examples=20, deadline=None)
def test_the_same_log_gives_the_same_bytes(records: list[EvidenceRecord]) -> None:
    def run(log: Sequence[EvidenceRecord]) -> list[bytes]:
        worker = freezing().take(*log)
        return [encode(alert) for alert in worker.alerts] + [encode(p) for _, p in sorted(worker.positions.items())]

    assert run(records) == run(records)


def test_an_unstored_alert_is_derived_again_from_the_duplicate() -> None:
    worker = Worker()
    for one in FLIP:
        first = follow(one, worker.memory)
        second = follow(one, worker.memory)
        assert [encode(alert) for alert in second.alerts] == [encode(alert) for alert in first.alerts]
        worker.send(first)
        worker.memory.put(first.states)
        assert follow(one, worker.memory).alerts == ()
    assert [alert.status for alert in worker.alerts] == ["confirmed", "pending", "confirmed"]


def test_an_older_row_written_late_hides_nothing() -> None:
    """A worker that was frozen wakes up and writes what it had in hand: states and withdrawals of an hour ago."""
    worker = Worker().take(*FLIP[:45])
    stale = [Row(*row) for row in worker.rows.items() if row[0].startswith(("life", "withdrawn"))]
    worker.take(*FLIP[45:], Withdrawal(article=FLIP[3].article, revision=2, at=START))
    worker.keep(stale)
    again = worker.restart()
    assert again.memory.life("ruritania") == worker.memory.life("ruritania")
    assert again.memory.evidence.withdrawn(FLIP[3].article) == 2


def position_bytes(worker: Worker, day: float) -> bytes:
    now = (START + timedelta(days=day)).timestamp()
    return encode(make_position("ruritania", worker.memory.evidence.dossier("ruritania"), now, frozenset()))


def test_freezing_changes_no_position_and_keeps_few_rows() -> None:
    busy: list[EvidenceRecord] = []
    for day in range(100):
        wire = signature(f"wire {day}")
        busy += [reading(f"d{day}-{n}", day + n / 24, "favor", f"P{n}", like=wire if n % 2 else None) for n in range(8)]
    frozen, exact = freezing().take(*busy), Worker().take(*busy)
    for day in range(1, 101):
        frozen.take(pulse(day))
    assert position_bytes(frozen, 101) == position_bytes(exact, 101)
    assert position_bytes(frozen.restart(), 101) == position_bytes(exact, 101)
    kinds = [key.split(" ")[0] for key in frozen.rows]
    assert 30 * 8 <= kinds.count("reading") <= 35 * 8
    assert days_frozen(frozen) >= 50


def test_a_frozen_article_can_still_be_withdrawn() -> None:
    story = reading("story", 5.0, "against", "A", like=signature("story"))
    copy = reading("copy", 5.5, "against", "B", like=signature("story"))
    steady = weeks_of("favor", 0.0, 80)
    worker = freezing().take(*steady, story, copy, *(pulse(day) for day in range(30, 81)))
    assert days_frozen(worker) > 40
    kept, never = Worker().take(*steady, story, copy), Worker().take(*steady)
    worker.take(Withdrawal(article="story", revision=1, at=START))
    assert position_bytes(worker, 81) == position_bytes(kept, 81), "its copy still stands for it"
    worker.take(Withdrawal(article="copy", revision=1, at=START))
    assert position_bytes(worker, 81) == position_bytes(never, 81)
    assert position_bytes(worker.restart(), 81) == position_bytes(never, 81)
    worker.take(story)
    assert position_bytes(worker, 81) == position_bytes(never, 81), "withdrawn is withdrawn"


def test_a_frozen_reading_delivered_again_counts_once() -> None:
    worker = freezing().take(*weeks_of("favor", 0.0, 80), *(pulse(day) for day in range(30, 81)))
    assert days_frozen(worker) > 40
    before = position_bytes(worker, 81)
    worker.take(*weeks_of("favor", 0.0, 10))
    assert position_bytes(worker, 81) == before


def test_the_last_readings_of_a_quiet_actor_can_be_quoted_for_half_a_year() -> None:
    worker = Worker().take(*weeks_of("favor", 0.0, 90, every=9.0), *(pulse(day) for day in range(30, 91)))
    assert days_frozen(worker) == 0
    worker.take(*(pulse(day) for day in range(91, 230)))
    assert days_frozen(worker) > 0


def test_old_withdrawals_leave_no_rows() -> None:
    worker = Worker().take(reading("one", 0.0), Withdrawal(article="one", revision=1, at=START), pulse(1))
    assert {key.split(" ")[0] for key in worker.rows} >= {"withdrawn", "reading"}
    worker.take(*(pulse(day) for day in range(2, 40)))
    assert not {key.split(" ")[0] for key in worker.rows} & {"withdrawn", "reading", "day"}


def test_a_pulse_that_goes_back_changes_nothing() -> None:
    worker = Worker().take(*FLIP, pulse(70))
    assert follow(Pulse(minute=START), worker.memory) == follow(pulse(70), worker.memory)
    assert worker.memory.clock == START + timedelta(days=70)


def test_readings_of_other_actors_do_not_touch_each_other() -> None:
    both: list[Reading] = [
        r for pair in zip(FLIP, weeks_of("against", 0.0, 70, actor="grenzmark"), strict=True) for r in pair
    ]
    alone, together = Worker().take(*FLIP), Worker().take(*both)
    assert [a for a in together.alerts if a.actor == "ruritania"] == alone.alerts
