"""An alert is raised once, when and only when an actor moves; it keeps its id until it closes."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from streams.memory import Memory
from streams.records import Probabilities, Reading, Stance, Withdrawal
from streams.shift_settings import ShiftSettings
from tests.streams.made import START, Worker, pulse, reading, signature, weeks_of

STEADY = weeks_of("favor", 0.0, 40)
FLIP = weeks_of("against", 40.0, 30)


def with_days(readings: list[Reading], until: int) -> list[Reading | object]:
    """The readings with a pulse at each midnight."""
    records: list[object] = [*readings, *(pulse(day) for day in range(1, until))]
    return sorted(records, key=lambda r: (r.minute if hasattr(r, "minute") else r.time, hasattr(r, "minute")))  # type: ignore[attr-defined]


def test_the_first_position_is_told_once_and_is_no_shift() -> None:
    worker = Worker().take(*STEADY)
    assert [(a.kind, a.status, a.before, a.after) for a in worker.alerts] == [
        ("first-position", "confirmed", "unknown", "favor")
    ]


def test_outlets_that_all_cite_one_paper_confirm_nothing() -> None:
    told = [replace(one, reported_by="Some Gazette") for one in FLIP]
    statuses = [alert.status for alert in Worker().take(*STEADY, *told).alerts if alert.kind == "shift"]
    assert "pending" in statuses
    assert "confirmed" not in statuses


def test_a_flip_is_pending_then_confirmed_under_one_id() -> None:
    worker = Worker().take(*STEADY, *FLIP)
    pending, confirmed = worker.alerts[1:]
    assert worker.history[1:] == [("pending", "favor", "against"), ("confirmed", "favor", "against")]
    assert (pending.id, pending.revision, confirmed.revision) == (confirmed.id, 0, 1)
    assert confirmed.probability > pending.probability
    assert abs(confirmed.since - (START + timedelta(days=40))) <= timedelta(days=1)


def test_an_alert_quotes_the_readings_that_decided_it() -> None:
    confirmed = Worker().take(*STEADY, *FLIP).alerts[-1]
    by_id = {one.id: one for one in FLIP}
    assert 3 <= len(confirmed.evidence) <= ShiftSettings().evidence_shown
    for quoted in confirmed.evidence:
        source = by_id[quoted.reading]
        assert (quoted.quote, quoted.url, quoted.start, quoted.end) == (source.quote, source.url, 0, len(source.quote))
        assert quoted.label == "against"


def test_noise_that_comes_and_goes_raises_nothing() -> None:
    noisy = [reading(f"n{i}", i * 1.1, "favor" if i % 10 else "against", "ABC"[i % 3]) for i in range(300)]
    assert len(Worker().take(*noisy).alerts) == 1


def test_an_actor_of_two_minds_is_mixed_and_stays_so() -> None:
    torn = [reading(f"n{i}", i * 1.1, "favor" if i % 2 else "against", "ABC"[i % 3]) for i in range(300)]
    worker = Worker().take(*torn)
    assert worker.positions["ruritania"].stance == "mixed"
    assert [a.status for a in worker.alerts if a.kind == "shift" and a.status == "confirmed"] == []


def test_one_outlet_alone_never_confirms() -> None:
    worker = Worker().take(*STEADY, *weeks_of("against", 40.0, 100, outlets="A"))
    assert worker.history[1:] == [("pending", "favor", "against"), ("closed", "favor", "against")]
    worker.take(reading("second voice", 140.0, "against", "B"))
    assert [status for status, _, _ in worker.history[3:]] == ["pending", "confirmed"]


def test_twenty_outlets_with_one_wire_story_are_one_outlet() -> None:
    copied = []
    for day in range(40, 60):
        wire = signature(f"wire {day}")
        copied += [reading(f"w{day}-{n}", day + n / 48, "against", f"P{n}" if n else "A", like=wire) for n in range(20)]
    worker = Worker().take(*STEADY, *copied)
    assert "confirmed" not in [alert.status for alert in worker.alerts[1:]]


def test_unnamed_officials_never_confirm_alone() -> None:
    whispers = [reading(f"u{i}", 40.0 + i, "against", "ABC"[i % 3], capacity="unnamed") for i in range(80)]
    worker = Worker().take(*STEADY, *whispers)
    assert [status for status, _, _ in worker.history[1:]] == ["pending", "closed"]


def test_a_doubtful_reader_confirms_later_than_a_sure_one() -> None:
    doubt = Probabilities(favor=0.2, against=0.5, neither=0.3)
    doubtful = [reading(f"d{i}", 40.0 + i, "against", "ABC"[i % 3], probabilities=doubt) for i in range(60)]
    sure, unsure = Worker().take(*STEADY, *FLIP), Worker().take(*STEADY, *doubtful)
    assert unsure.alerts[-1].status == "confirmed"
    assert unsure.alerts[-1].at > sure.alerts[-1].at


def test_a_pending_alert_that_finds_no_support_is_closed() -> None:
    wobble = weeks_of("against", 40.0, 6, outlets="A")
    records = with_days([*STEADY, *wobble, *weeks_of("favor", 46.0, 40)], 90)
    worker = Worker().take(*records)  # type: ignore[arg-type]
    assert worker.history[1:] == [("pending", "favor", "against"), ("closed", "favor", "against")]
    assert worker.alerts[1].id == worker.alerts[2].id


def test_silence_closes_a_pending_alert_after_a_month() -> None:
    wobble = weeks_of("against", 40.0, 6, outlets="A")
    worker = Worker().take(*with_days([*STEADY, *wobble], 100))  # type: ignore[arg-type]
    pending, closed = worker.alerts[1:]
    assert closed.status == "closed"
    assert timedelta(days=30) < closed.at - pending.at <= timedelta(days=31)


def test_there_and_back_are_two_shifts() -> None:
    back = weeks_of("favor", 100.0, 40)
    worker = Worker().take(*STEADY, *weeks_of("against", 40.0, 60), *back)
    confirmed = [alert for alert in worker.alerts[1:] if alert.status == "confirmed"]
    assert [(a.before, a.after) for a in confirmed] == [("favor", "against"), ("against", "favor")]
    assert len({alert.id for alert in worker.alerts}) == 3


def test_withdrawn_evidence_retracts_a_confirmed_shift() -> None:
    worker = Worker().take(*STEADY, *FLIP)
    gone = [Withdrawal(article=one.article, revision=1, at=START) for one in FLIP]
    worker.take(*gone)
    assert worker.alerts[-1].status == "confirmed", "an edit may still bring the words back"
    worker.take(pulse(70.5))
    retracted = worker.alerts[-1]
    assert (retracted.status, retracted.revision, retracted.id) == ("retracted", 2, worker.alerts[-2].id)
    assert retracted.probability < 0.5
    worker.take(*weeks_of("favor", 71.0, 10))
    assert worker.alerts[-1] is retracted


def test_an_edit_that_changes_nothing_retracts_nothing() -> None:
    worker = Worker().take(*STEADY, *FLIP)
    for i, one in enumerate(FLIP):
        worker.take(Withdrawal(article=one.article, revision=1, at=START))
        worker.take(reading(one.article, 40.0 + i, "against", one.outlet, revision=1))
    worker.take(pulse(71))
    assert worker.history[1:] == [("pending", "favor", "against"), ("confirmed", "favor", "against")]


def test_a_withdrawn_first_position_is_retracted() -> None:
    first = weeks_of("favor", 0.0, 6)
    worker = Worker().take(*first)
    worker.take(*(Withdrawal(article=one.article, revision=1, at=START) for one in first[2:]))
    worker.take(pulse(7))
    assert worker.history == [("confirmed", "unknown", "favor"), ("retracted", "unknown", "favor")]
    assert worker.positions["ruritania"].stance == "unknown"


def test_backfill_informs_the_position_and_raises_nothing() -> None:
    def old(readings: list[Reading]) -> list[Reading]:
        return [
            reading(r.article, (r.time - START).days, r.probabilities.label, r.outlet, fetched=80.0, backfill=True)
            for r in readings
        ]

    worker = Worker().take(*old(STEADY), *old(FLIP))
    assert worker.positions["ruritania"].stance == "against"
    worker.take(*weeks_of("against", 80.0, 20))
    assert worker.alerts == []
    worker.take(*weeks_of("favor", 100.0, 30))
    assert worker.history == [("pending", "against", "favor"), ("confirmed", "against", "favor")]


def test_a_late_reading_changes_since_but_never_the_id() -> None:
    sparse = [*STEADY, *weeks_of("against", 50.0, 4)]
    worker = Worker().take(*sparse)
    pending = worker.alerts[-1]
    assert pending.status == "pending"
    worker.take(*(reading(f"late{i}", 42.0 + 2 * i, "against", "ABC"[i % 3], fetched=54.0) for i in range(4)))
    confirmed = worker.alerts[-1]
    assert (confirmed.status, confirmed.id) == ("confirmed", pending.id)
    assert confirmed.since < pending.since


def test_a_speaker_s_shift_names_the_speaker() -> None:
    def general(label: Stance, first: float, days: int) -> list[Reading]:
        return [
            reading(f"{label}{first}{i}", first + i, label, "ABC"[i % 3], speaker="General X", capacity="military")
            for i in range(days)
        ]

    worker = Worker().take(*general("favor", 0, 40), *general("against", 40, 30))
    assert {(alert.actor, alert.speaker) for alert in worker.alerts} == {("ruritania", "General X")}
    assert worker.history[-1] == ("confirmed", "favor", "against")


@pytest.mark.parametrize("budget", [0.1, 2.0])
def test_a_desk_that_bears_more_false_alerts_hears_sooner(budget: float) -> None:
    chosen = Worker(memory=Memory(ShiftSettings(false_alerts_per_actor_year=budget))).take(*STEADY, *FLIP)
    usual = Worker().take(*STEADY, *FLIP)
    assert (chosen.alerts[-1].at <= usual.alerts[-1].at) == (budget > 0.5)
    assert (chosen.alerts[-1].at >= usual.alerts[-1].at) == (budget < 0.5)
