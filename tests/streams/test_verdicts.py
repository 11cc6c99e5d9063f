"""A rejected reading leaves the evidence, wherever its words turn up; the order of the rows does not matter."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.memory import Memory
from streams.positions import make_position
from streams.records import Reading, Verdict, VerdictKind
from streams.rows import Row
from streams.shift_settings import ShiftSettings
from tests.streams.made import START, Worker, pulse, reading, weeks_of


def verdict(one: Reading, what: VerdictKind = "wrong-stance", minutes: float = 0.0) -> Verdict:
    return Verdict(
        actor=one.actor,
        what=what,
        at=START + timedelta(days=400, minutes=minutes),
        reading=one.id,
        speaker=one.speaker,
        quote=one.quote,
        article=one.article,
        revision=one.revision,
    )


def position(worker: Worker) -> dict[str, float]:
    memory = worker.memory
    return make_position(
        "ruritania", memory.evidence.dossier("ruritania"), START.timestamp() + 1e7, memory.alive
    ).probabilities


BEFORE = weeks_of("favor", 0.0, 20)
TURN = [reading(f"turn{i}", 25.0 + i, "against", outlet="AB"[i % 2]) for i in range(4)]


def test_a_rejected_reading_leaves_the_evidence_as_if_it_had_never_come() -> None:
    judged = Worker().take(*BEFORE, *TURN, *(verdict(one) for one in TURN))
    assert position(judged) == position(Worker().take(*BEFORE))
    assert judged.positions["ruritania"].stance == "favor"


def test_a_desk_may_think_again() -> None:
    judged = Worker().take(*BEFORE, *TURN, *(verdict(one) for one in TURN))
    judged.take(*(verdict(one, "correct", minutes=5) for one in TURN))
    assert position(judged) == position(Worker().take(*BEFORE, *TURN))


def test_an_alert_whose_readings_were_rejected_is_retracted() -> None:
    worker = Worker().take(*BEFORE, *weeks_of("against", 25.0, 12), pulse(40.0))
    told = [alert for alert in worker.alerts if alert.kind == "shift"]
    assert told
    assert told[-1].status in {"pending", "confirmed"}
    worker.take(*(verdict(one) for one in weeks_of("against", 25.0, 12) if isinstance(one, Reading)))
    worker.take(pulse(40.1), pulse(41.0))
    last = [alert for alert in worker.alerts if alert.id == told[-1].id][-1]
    assert last.status in {"retracted", "closed"}


def test_the_same_error_never_alerts_twice() -> None:
    errors = [one for one in weeks_of("against", 25.0, 12) if isinstance(one, Reading)]
    worker = Worker().take(*BEFORE, *(verdict(one) for one in errors), pulse(24.0))
    before = len(worker.alerts)
    again = [reading(one.article, 26.0 + i, "against", outlet="C", revision=1) for i, one in enumerate(errors)]
    worker.take(*errors, *again, pulse(60.0))
    assert len(worker.alerts) == before


def test_a_duplicate_takes_only_itself_out() -> None:
    copy = reading("turn0", 26.0, "against", outlet="C", revision=1)
    worker = Worker().take(*BEFORE, *TURN, verdict(TURN[0], "duplicate"), copy)
    assert position(worker) == position(Worker().take(*BEFORE, *TURN[1:], copy))


def test_a_frozen_reading_that_is_rejected_takes_its_article_out() -> None:
    settings = ShiftSettings(quotable_reports=1)
    worker = Worker(memory=Memory(settings)).take(*BEFORE, *TURN, pulse(100.0))
    assert any(key.startswith("day ") for key in worker.rows)
    worker.take(verdict(TURN[0]))
    assert position(worker) == position(Worker(memory=Memory(settings)).take(*BEFORE, *TURN[1:], pulse(100.0)))


def test_a_verdict_on_an_alert_alone_changes_no_position() -> None:
    worker = Worker().take(*BEFORE)
    before = position(worker)
    worker.take(Verdict(actor="ruritania", what="not-news", at=START, alert="0a1b2c3d4e5f6071"))
    assert position(worker) == before


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_the_rows_give_the_same_position_in_any_order(data: st.DataObject) -> None:
    kinds: list[VerdictKind] = ["correct", "wrong-speaker", "duplicate", "not-news"]
    said = [
        verdict(data.draw(st.sampled_from(TURN)), data.draw(st.sampled_from(kinds)), minutes)
        for minutes in range(data.draw(st.integers(0, 6)))
    ]
    whole = Worker().take(*BEFORE, *TURN, *said)
    memory = Memory()
    memory.put(Row(key, value) for key, value in data.draw(st.permutations(list(whole.rows.items()))))
    there = make_position("ruritania", memory.evidence.dossier("ruritania"), START.timestamp() + 1e7, memory.alive)
    assert there.probabilities == position(whole)
