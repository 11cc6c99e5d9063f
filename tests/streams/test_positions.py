"""A position is a pure function of the rows, and wire copy counts once."""

from datetime import timedelta
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.dossiers.emissions import is_evidence, is_first_hand
from streams.memory import Memory
from streams.positions import make_position
from streams.records import Capacity, EvidenceRecord, Position, Probabilities, Reading, Stance, Withdrawal
from streams.rows import Row
from tests.streams.made import START, Worker, pulse, reading, resign, signature, weeks_of

WIRES = [signature(f"wire {i}") for i in range(3)]


@st.composite
def some_readings(draw: st.DrawFn) -> list[Reading]:
    """Readings of one actor over some weeks, with copies, retellings, several statements in an article, revisions."""
    made: dict[str, Reading] = {}
    for i in range(draw(st.integers(1, 30))):
        wire = draw(st.none() | st.sampled_from(WIRES))
        like = None if wire is None else resign(wire, draw(st.integers(0, 40)))
        day = draw(st.integers(0, 40 * 24)) / 24
        title = draw(st.sampled_from(["Harbour summit collapses in acrimony", "Untitled", f"Report {i}"]))
        outlet = draw(st.sampled_from("ABCD"))
        for start in range(draw(st.integers(1, 2))):
            label: Stance = draw(st.sampled_from(["favor", "against", "neither"]))
            capacity: Capacity = draw(st.sampled_from(["leader", "unnamed", "government"]))
            one = reading(
                f"a{i}", day, label, outlet, like=like, title=title, start=start, capacity=capacity,
                revision=draw(st.integers(0, 1)),
            )  # fmt: skip
            made[one.id] = one
    return list(made.values())


def position_of(worker: Worker, day: float = 60.0) -> Position:
    now = (START + timedelta(days=day)).timestamp()
    return make_position("ruritania", worker.memory.evidence.dossier("ruritania"), now, frozenset())


@given(some_readings(), st.randoms(use_true_random=False), st.data())
@settings(max_examples=60, deadline=None)
def test_any_order_and_any_repetition_give_the_same_position(
    readings: list[Reading], random: Random, data: st.DataObject
) -> None:
    again = readings + data.draw(st.lists(st.sampled_from(readings)))
    random.shuffle(again)
    assert position_of(Worker().take(*readings)) == position_of(Worker().take(*again))


@given(some_readings(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_rows_alone_rebuild_the_same_memory_in_any_order(readings: list[Reading], random: Random) -> None:
    worker = Worker().take(*readings)

    def shuffled(rows: list[Row]) -> list[Row]:
        random.shuffle(rows)
        return rows

    assert position_of(worker.restart(shuffled)) == position_of(worker)


@given(some_readings(), st.sets(st.integers(0, 29)), st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_withdrawn_article_is_as_if_it_had_never_been_seen(
    readings: list[Reading], numbers: set[int], before: bool
) -> None:
    gone = {f"a{number}" for number in numbers}
    withdrawals = [Withdrawal(article=article, revision=2, at=START) for article in sorted(gone)]
    records: list[EvidenceRecord] = [*withdrawals, *readings] if before else [*readings, *withdrawals]
    never = Worker().take(*(one for one in readings if one.article not in gone))
    assert position_of(Worker().take(*records)) == position_of(never)


@given(some_readings())
@settings(max_examples=40, deadline=None)
def test_a_new_revision_takes_the_place_of_the_old_one(readings: list[Reading]) -> None:
    edits = [Withdrawal(article=article, revision=1, at=START) for article in sorted({r.article for r in readings})]
    latest = Worker().take(*(one for one in readings if one.revision == 1))
    assert position_of(Worker().take(*readings, *edits)) == position_of(latest)


@pytest.mark.parametrize("copies", [1, 2, 20])
@pytest.mark.parametrize("changed", [0, 20])
def test_wire_copy_counts_once(copies: int, changed: int) -> None:
    wire = signature("the wire story")
    story = reading("wire", 20.0, "against", "Agency", like=wire)
    rewritings = [
        reading(f"copy {i}", 20.0 + i / 24, "against", f"Paper {i}", like=resign(wire, changed if i % 2 else 0))
        for i in range(1, copies)
    ]
    steady = weeks_of("favor", 0.0, 20)
    once, often = Worker().take(*steady, story), Worker().take(*steady, *rewritings, story)
    one, many = position_of(once), position_of(often)
    for state, probability in one.probabilities.items():
        assert many.probabilities[state] == pytest.approx(probability, abs=1e-6)
    assert (many.events, many.outlets) == (one.events, one.outlets)


def test_articles_without_a_signature_are_never_copies() -> None:
    apart = Worker().take(*(reading(f"s{i}", 2.0 * i, like=()) for i in range(4)))
    assert position_of(apart).events == pytest.approx(4.0)


def test_the_same_words_a_month_later_are_no_copy() -> None:
    wire = signature("repeated")
    worker = Worker().take(reading("one", 0.0, like=wire), reading("two", 30.0, like=wire))
    assert position_of(worker).events == pytest.approx(2.0)


def test_statements_of_one_day_count_as_one_correlated_event() -> None:
    rho = Memory().settings.rho
    worker = Worker().take(*(reading(f"s{i}", i / 24, outlet=f"{i}") for i in range(4)))
    assert position_of(worker).events == pytest.approx(4 / (1 + 3 * rho))


def test_a_retelling_two_days_later_belongs_to_its_occasion() -> None:
    title = "Lantern parade speech opens doors for envoys in Strelsau"
    rho = Memory().settings.rho
    told = Worker().take(reading("one", 0.0, title=title), reading("two", 2.0, title=title + ", again"))
    assert position_of(told).events == pytest.approx(2 / (1 + rho))
    apart = Worker().take(reading("one", 0.0, title=title), reading("two", 2.0, title="Granary harvest song delights"))
    assert position_of(apart).events == pytest.approx(2.0)


def test_a_position_is_unknown_before_five_effective_events_from_two_outlets() -> None:
    four = Worker().take(*weeks_of("favor", 0.0, 8, every=2.0))
    assert position_of(four).stance == "unknown"
    assert position_of(Worker().take(*weeks_of("favor", 0.0, 10, every=2.0))).stance == "favor"
    assert position_of(Worker().take(*weeks_of("favor", 0.0, 20, every=2.0, outlets="A"))).stance == "unknown"


def test_five_events_spread_over_a_year_are_not_enough() -> None:
    assert position_of(Worker().take(*weeks_of("favor", 0.0, 365, every=70.0)), 366.0).stance == "unknown"


def test_a_steady_flow_of_neither_moves_nothing() -> None:
    steady = weeks_of("favor", 0.0, 20)
    leaning = Probabilities(favor=0.02, against=0.45, neither=0.53)
    flow = [reading(f"n{i}", i / 4, probabilities=leaning) for i in range(80)]
    assert position_of(Worker().take(*steady, *flow)) == position_of(Worker().take(*steady))


@pytest.mark.parametrize("mark", [{"old": True}, {"scope": "limited"}, {"reported_by": "TASS"}])
def test_old_quotes_limited_truces_and_claims_of_another_states_press_move_nothing(mark: dict[str, object]) -> None:
    steady = weeks_of("favor", 0.0, 20)
    others = [reading(f"o{i}", 10.0 + i, "against", **mark) for i in range(10)]  # type: ignore[arg-type]
    assert position_of(Worker().take(*steady, *others)) == position_of(Worker().take(*steady))


@pytest.mark.parametrize("outlet", ["Some Gazette", "the Kyiv Courier"])
def test_who_passes_an_officials_words_on_takes_nothing_from_them(outlet: str) -> None:
    told = [msgspec.structs.replace(one, reported_by=outlet) for one in weeks_of("favor", 0.0, 20)]
    assert position_of(Worker().take(*told)) == position_of(Worker().take(*weeks_of("favor", 0.0, 20)))


def test_a_states_own_agency_speaks_for_it_and_for_no_other() -> None:
    quoted = reading("q", 0.0, actor="russia", reported_by="state news agency TASS")
    assert is_evidence(quoted)
    assert is_first_hand(quoted)
    assert not is_evidence(msgspec.structs.replace(quoted, actor="ukraine"))


def test_what_rests_on_another_papers_word_is_no_first_hand_voice() -> None:
    told = reading("q", 0.0, reported_by="Some Gazette")
    assert is_evidence(told)
    assert not is_first_hand(told)
    assert is_first_hand(reading("r", 0.0))
    assert not is_first_hand(reading("u", 0.0, capacity="unnamed"))


def test_a_general_moves_his_own_position_and_not_his_country_s() -> None:
    steady = weeks_of("favor", 0.0, 20)
    general = [reading(f"g{i}", i * 1.0, "against", f"{i}", speaker="General X", capacity="military") for i in range(9)]
    worker = Worker().take(*steady, *general)
    assert position_of(worker) == position_of(Worker().take(*steady))
    own = worker.positions["ruritania/General X"]
    assert (own.actor, own.speaker, own.stance) == ("ruritania", "General X", "against")


def test_an_unnamed_official_counts_half() -> None:
    worker = Worker().take(reading("u", 0.0, capacity="unnamed"))
    assert position_of(worker).events == pytest.approx(0.5)


def test_a_position_turns_stale_only_while_its_outlets_can_be_heard() -> None:
    heard, deaf = Worker().take(*weeks_of("favor", 0.0, 20)), Worker().take(*weeks_of("favor", 0.0, 20))
    for day in range(20, 90):
        heard.take(pulse(day, alive=["A", "Z"]))
        deaf.take(pulse(day, alive=["Z"]))
    assert heard.positions["ruritania"].stale
    assert heard.positions["ruritania"].stance == "favor"
    assert not deaf.positions["ruritania"].stale


def test_since_is_the_day_of_the_change() -> None:
    flip = [*weeks_of("favor", 0.0, 40), *weeks_of("against", 40.0, 30)]
    position = position_of(Worker().take(*flip), 71.0)
    assert position.stance == "against"
    assert position.since is not None
    assert abs(position.since - (START + timedelta(days=40))) <= timedelta(days=1)


def test_a_late_reading_may_move_the_day_of_the_change() -> None:
    gap = [*weeks_of("favor", 0.0, 20), *weeks_of("against", 40.0, 20)]
    late = [reading(f"late{i}", 30.0 + i, "against", "ABC"[i % 3], fetched=61.0) for i in range(5)]
    assert position_of(Worker().take(*gap)).since == START + timedelta(days=40)
    assert position_of(Worker().take(*gap, *late)).since == START + timedelta(days=30)
