"""An echo raises nothing; an alert waits while nobody can be heard or a new model has not read the month again."""

from datetime import timedelta

from msgspec.structs import replace

from streams.memory import Memory
from streams.records import Reading, ShiftAlert
from streams.relations import Relations
from tests.streams.made import START, Worker, pulse, reading, weeks_of

STEADY = weeks_of("favor", 0.0, 40)
FLIP = weeks_of("against", 40.0, 30)
ALL = ("A", "B", "C")


def shifts(worker: Worker) -> list[ShiftAlert]:
    return [alert for alert in worker.alerts if alert.kind == "shift"]


def daily(readings: list[Reading], alive: tuple[str, ...], first: int, last: int) -> list[object]:
    records: list[object] = [*readings, *(pulse(day, alive) for day in range(first, last))]
    return sorted(records, key=lambda r: (r.minute if hasattr(r, "minute") else r.time, hasattr(r, "minute")))  # type: ignore[attr-defined]


# --- echoes ---------------------------------------------------------------------------------------------------------


def test_one_event_after_a_long_silence_raises_nothing() -> None:
    sparse = weeks_of("favor", 0.0, 12)
    worker = Worker().take(*sparse, *(pulse(day) for day in range(12, 400, 7)))
    before = worker.memory.evidence.dossier("ruritania").nodes[-1].filtered
    assert before[0] > 0.8
    worker.take(reading("alone", 400.0, "against", "B"))
    worker.take(*(reading(f"alone{i}", 400.1 + i / 50, "against", "C") for i in range(4)))
    assert shifts(worker) == [], "one occasion, however often it is told, is one event"
    worker.take(*weeks_of("against", 404.0, 8))
    assert [alert.status for alert in shifts(worker)][:2] == ["pending", "confirmed"]


def test_one_event_that_comes_late_raises_nothing() -> None:
    late = [reading("late", 41.0, "against", "B", fetched=70.0)]
    worker = Worker().take(*STEADY, pulse(70), *late)
    assert shifts(worker) == []


# --- feeds that fail ------------------------------------------------------------------------------------------------


def test_no_shift_is_told_while_the_feeds_that_carried_the_evidence_fail() -> None:
    worker = Worker().take(*daily(STEADY, ALL, 1, 40), pulse(40, ["Z"]))  # type: ignore[arg-type]
    worker.take(*FLIP[:10])
    assert shifts(worker) == []
    assert worker.memory.life("ruritania").held is not None
    worker.take(pulse(51, ALL))
    assert [alert.status for alert in shifts(worker)] == ["pending", "confirmed"]
    assert {alert.at for alert in shifts(worker)} == {START + timedelta(days=51)}


def test_what_was_held_and_did_not_last_is_never_told() -> None:
    worker = Worker().take(*daily(STEADY, ALL, 1, 40), pulse(40, ["Z"]))  # type: ignore[arg-type]
    worker.take(*FLIP[:8])
    assert worker.memory.life("ruritania").held is not None
    worker.take(*weeks_of("favor", 48.0, 40), pulse(90, ALL))
    assert shifts(worker) == []
    assert worker.memory.life("ruritania").held is None


def test_a_pending_alert_is_not_confirmed_while_the_feeds_fail() -> None:
    worker = Worker().take(*daily(STEADY, ALL, 1, 40))  # type: ignore[arg-type]
    taken = 0
    while not shifts(worker):
        worker.take(FLIP[taken])
        taken += 1
    worker.take(pulse(45, ["Z"]), *FLIP[taken:20])
    assert [alert.status for alert in shifts(worker)] == ["pending"]
    worker.take(pulse(61, ALL))
    assert [alert.status for alert in shifts(worker)] == ["pending", "confirmed"]


def test_half_of_the_voices_are_enough_to_hear() -> None:
    worker = Worker().take(*daily(STEADY, ALL, 1, 40), pulse(40, ["A", "B"]), *FLIP)  # type: ignore[arg-type]
    assert [alert.status for alert in shifts(worker)] == ["pending", "confirmed"]


def test_a_held_alert_survives_a_restart() -> None:
    worker = Worker().take(*daily(STEADY, ALL, 1, 40), pulse(40, ["Z"]), *FLIP[:10])  # type: ignore[arg-type]
    again = worker.restart().take(pulse(51, ALL))
    assert [alert.status for alert in again.alerts] == ["pending", "confirmed"]


# --- a new model ----------------------------------------------------------------------------------------------------


def by(model: str, readings: list[Reading]) -> list[Reading]:
    return [replace(one, model=model) for one in readings]


def test_a_new_model_s_alerts_wait_until_it_has_read_the_last_month_again() -> None:
    worker = Worker().take(*by("old", STEADY), *by("new", FLIP[:12]))
    assert shifts(worker) == []
    # The same statements have the same ids, whichever model reads them.
    worker.take(*by("new", STEADY[10:]))
    assert [alert.status for alert in shifts(worker)] == ["pending", "confirmed"]


def test_a_new_model_s_alerts_wait_a_month_at_most() -> None:
    worker = Worker().take(*by("old", STEADY), pulse(40), *by("new", [*FLIP, *weeks_of("against", 70.0, 3)]))
    assert [alert.status for alert in shifts(worker)] == ["pending", "confirmed"]
    assert shifts(worker)[0].at - START > timedelta(days=70)


def test_what_a_new_model_reads_otherwise_in_the_same_words_is_no_shift() -> None:
    drifted = [reading(one.article, (one.time - START).days, "against", one.outlet) for one in STEADY]
    worker = Worker().take(*by("old", STEADY), pulse(40), *by("new", weeks_of("against", 40.0, 2)))
    worker.take(*by("new", drifted))
    assert worker.positions["ruritania"].stance == "against"
    worker.take(*(pulse(day) for day in range(42, 50)))
    assert shifts(worker) == []


# --- first party ----------------------------------------------------------------------------------------------------

RELATIONS = Relations((), {"ruritania": {"Office of the President": "president.example"}})


def own_site(outlet: str, host: str) -> Worker:
    words = [replace(one, outlet=outlet, url=f"https://{host}/{one.article}") for one in weeks_of("against", 40.0, 25)]
    return Worker(memory=Memory(relations=RELATIONS)).take(*STEADY, *words)


def test_the_actor_s_own_site_confirms_alone() -> None:
    confirmed = shifts(own_site("Office of the President", "www.president.example"))[-1]
    assert confirmed.status == "confirmed"
    assert {one.first_party for one in confirmed.evidence} == {True}


def test_another_outlet_that_links_to_the_site_does_not_and_nor_does_the_name_without_the_site() -> None:
    for outlet, host in (("Mirror", "www.president.example"), ("Office of the President", "president.example.org")):
        assert "confirmed" not in [alert.status for alert in shifts(own_site(outlet, host))]


# --- the date and the proof -----------------------------------------------------------------------------------------


def test_the_date_has_an_interval_that_holds_it() -> None:
    confirmed = shifts(Worker().take(*STEADY, *FLIP))[-1]
    assert confirmed.since_from is not None
    assert confirmed.since_to is not None
    assert confirmed.since_from <= confirmed.since <= confirmed.since_to
    assert abs(confirmed.since - (START + timedelta(days=40))) <= timedelta(days=1)
    assert confirmed.since_to - confirmed.since_from < timedelta(days=21)
    assert (confirmed.before_probabilities or {})["favor"] > 0.8
    assert (confirmed.after_probabilities or {})["against"] > 0.5


def test_what_would_have_been_without_a_reading_is_what_is_without_it() -> None:
    """Checked against a worker that never saw it, at the moment of the confirmation."""
    worker = Worker()
    seen: list[Reading] = []
    while not any(alert.status == "confirmed" for alert in shifts(worker)):
        seen.append([*STEADY, *FLIP][len(seen)])
        worker.take(seen[-1])
    confirmed = shifts(worker)[-1]
    assert len(confirmed.evidence) >= 2
    for quoted in confirmed.evidence:
        other = Worker().take(*(one for one in seen if one.id != quoted.reading))
        states = shifts(other)
        expected = states[-1].status if states else "none"
        assert quoted.status_without == expected
        assert quoted.probability_without is not None
        assert quoted.probability_without < confirmed.probability
    before = worker.memory.evidence.dossier("ruritania").nodes[-1]
    assert before == Worker().take(*seen).memory.evidence.dossier("ruritania").nodes[-1], "proving changes no evidence"
