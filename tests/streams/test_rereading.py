"""A new version of the model reads the last month again: as if it had read it the first time, and no news by itself."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy.stats import binom

from streams.admission import IGNORED
from streams.catalogue import read_catalogue
from streams.drift import Changes, Drift, tail
from streams.evidence import follow
from streams.memory import Memory
from streams.models_seen import ModelsSeen
from streams.readings import make_readings
from streams.records import Article, Capacity, Reading, ShiftAlert, Stance
from streams.relations import Relations
from streams.rereading import is_to_be_read_again, may_begin, read_again, statement_of
from streams.shift_settings import DAY
from streams.statements import read_article
from tests.streams.made import START, SURE, Worker, pulse, reading, weeks_of

FAVOR: Stance = "favor"
AGAINST: Stance = "against"
NEITHER: Stance = "neither"
LABELS: tuple[Stance, ...] = ("favor", "against", "neither")
OUTLETS = "ABCD"


def by(model: str, readings: Iterable[Reading]) -> list[Reading]:
    return [replace(one, model=model) for one in readings]


def again(readings: Iterable[Reading], labels: Iterable[Stance], model: str = "new") -> list[Reading]:
    return [read_again(one, SURE[label], model) for one, label in zip(readings, labels, strict=True)]


def never_otherwise(readings: Iterable[Reading]) -> list[Reading]:
    """The same readings had their model been there from the start."""
    return [replace(one, former=None) for one in readings]


def shifts(worker: Worker) -> list[ShiftAlert]:
    return [alert for alert in worker.alerts if alert.kind == "shift"]


# --- the same as a replay -------------------------------------------------------------------------------------------


@st.composite
def a_month(draw: st.DrawFn) -> tuple[list[Reading], list[Reading]]:
    """Readings of a month by the old model, and the same read again."""
    count = draw(st.integers(1, 14))
    old = [
        reading(
            f"m{number}",
            draw(st.integers(0, 28)) + number / 100,
            draw(st.sampled_from(LABELS)),
            draw(st.sampled_from(OUTLETS)),
            capacity=draw(st.sampled_from(("leader", "government", "legislature", "unnamed"))),
            revision=draw(st.integers(0, 1)),
        )
        for number in range(count)
    ]
    labels = draw(st.lists(st.sampled_from(LABELS), min_size=count, max_size=count))
    return by("old", old), again(by("old", old), labels)


def stands(memory: Memory) -> dict[str, tuple[object, ...]]:
    """What every key's evidence amounts to."""
    found: dict[str, tuple[object, ...]] = {}
    for key, dossier in memory.evidence.dossiers.items():
        dossier.refresh()
        if dossier.events:
            found[key] = (dossier.nodes, dossier.known, [(e.order, e.count, e.evidence) for e in dossier.events])
    return found


@given(a_month(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_month_read_again_is_what_the_new_model_alone_would_have_made_of_it(
    month: tuple[list[Reading], list[Reading]], data: st.DataObject
) -> None:
    old, new = month
    log = data.draw(st.permutations(old))
    # A crash repeats some of what was sent, and an old worker may be late with its own.
    repeated = data.draw(st.permutations([*new, *data.draw(st.lists(st.sampled_from(new), max_size=4))]))
    late = data.draw(st.lists(st.sampled_from(old), max_size=3))
    worker = Worker().take(*log, *repeated, *late)
    alone = Worker().take(*data.draw(st.permutations(never_otherwise(new))))
    assert stands(worker.memory) == stands(alone.memory)
    assert stands(worker.restart(list).memory) == stands(alone.memory)
    assert stands(worker.restart(lambda rows: rows[::-1]).memory) == stands(alone.memory)


def test_a_repeated_rereading_changes_no_row_and_tells_nothing() -> None:
    old = by("old", weeks_of("favor", 0, 20))
    new = again(old, ["favor"] * 20)
    worker = Worker().take(*old, pulse(20), *new)
    rows, told = dict(worker.rows), list(worker.alerts)
    worker.take(*new)
    assert (worker.rows, worker.alerts) == (rows, told)


def test_what_the_new_model_takes_for_no_stance_is_gone_with_its_rows_in_a_month() -> None:
    old = by("old", weeks_of("favor", 0, 20))
    worker = Worker().take(*old, pulse(20), *again(old, [FAVOR] * 10 + [NEITHER] * 10))
    assert worker.memory.evidence.dossier("ruritania").latest == old[9].time.timestamp()
    worker.take(*old)
    assert worker.memory.evidence.dossier("ruritania").latest == old[9].time.timestamp(), (
        "the old model's do not return"
    )
    worker.take(*(pulse(day) for day in range(21, 60)))
    assert not [
        key for key in worker.rows if key.startswith("reading") and worker.memory.evidence.reading("ruritania", key)
    ]
    kept = {one.id for one in worker.memory.evidence.counted("ruritania")}
    assert kept.isdisjoint(one.id for one in old[10:])


def test_the_speaker_s_place_in_the_quote_is_kept_so_that_the_same_words_are_read_alike() -> None:
    article = Article(
        id="a", url="", outlet="Daily Lantern", title="Macron says France supports a ceasefire in the harbour war",
        text="", published=START, fetched=START,
    )  # fmt: skip
    found = read_article(article, read_catalogue()).statements
    assert found
    assert found[0].speaker_start >= 0
    made = make_readings(article, found, [SURE["favor"]] * len(found), "old")
    for statement, one in zip(found, made, strict=True):
        left = statement_of(one)
        assert (left.quote, left.speaker_start, left.speaker_end) == (
            statement.quote, statement.speaker_start, statement.speaker_end,
        )  # fmt: skip


# --- told apart from news -------------------------------------------------------------------------------------------

STEADY = by("old", weeks_of("favor", 0.0, 40))


def test_a_change_that_only_the_new_model_sees_is_taken_in_silence_and_counted() -> None:
    worker = Worker().take(*STEADY, pulse(40))
    drifted = [key for one in again(STEADY, ["against"] * 40) for key in _take(worker, one)]
    assert worker.positions["ruritania"].stance == "against"
    assert shifts(worker) == []
    assert drifted == ["ruritania"]
    worker.take(*by("new", weeks_of("against", 41.0, 20)), *(pulse(day) for day in range(62, 120)))
    assert shifts(worker) == []


def _take(worker: Worker, one: Reading) -> tuple[str, ...]:
    outcome = follow(one, worker.memory)
    worker.keep(outcome.rows)
    worker.send(outcome)
    worker.memory.put(outcome.states)
    return outcome.drifted


def test_a_shift_that_both_models_see_is_told_as_soon_as_the_month_is_read_again() -> None:
    """It began before the new model came: what is the world's must not be put down to the reader."""
    flip = by("old", weeks_of("against", 40.0, 1, every=0.5))
    worker = Worker().take(*STEADY, *flip, pulse(41))
    fresh = by("new", weeks_of("against", 41.5, 8, every=0.5))
    worker.take(*fresh)
    assert "confirmed" not in [alert.status for alert in shifts(worker)]
    labels: list[Stance] = [FAVOR] * 40 + [AGAINST] * 2
    worker.take(*again([*STEADY, *flip], labels))
    assert [alert.status for alert in shifts(worker)] == ["pending", "confirmed"]


def test_a_disagreement_that_only_the_new_model_sees_parts_no_allies() -> None:
    allies = Relations((("grenzmark", "ruritania"),))
    log = [one for actor in ("grenzmark", "ruritania") for one in by("old", weeks_of("against", 0, 120, actor=actor))]
    log.sort(key=lambda one: one.time)
    worker = Worker(memory=Memory(relations=allies))
    for day in range(1, 121):
        worker.take(*(one for one in log if day - 1 <= (one.time - START) / timedelta(days=1) < day), pulse(day))
    accord = worker.memory.accord("grenzmark&ruritania")
    assert accord.agreed == "against"
    month = [one for one in log if one.time >= START + timedelta(days=90)]
    labels: list[Stance] = ["favor" if one.actor == "ruritania" else "against" for one in month]
    worker.take(*again(month, labels))
    for day in range(121, 180):
        worker.take(
            *by("new", [reading(f"g{day}", day, "against", "ABC"[day % 3], actor="grenzmark")]),
            *by("new", [reading(f"r{day}", day, "favor", "ABC"[day % 3])]),
            pulse(day + 0.9),
        )
    assert worker.positions["ruritania"].stance == "favor"
    assert [alert for alert in worker.alerts if alert.kind == "ally-split"] == []


# --- who reads again ------------------------------------------------------------------------------------------------


def seen(*versions: str) -> ModelsSeen:
    models = ModelsSeen()
    for day, version in enumerate(versions):
        models.put(version, START + timedelta(days=day))
    return models


def test_a_version_that_was_never_met_begins_at_once_and_goes_on_until_another_takes_over() -> None:
    assert may_begin("first", seen(), {}, 0.0, 0.0) is None
    assert may_begin("first", seen("first"), {}, 0.0, 0.0) is None, "there is nothing of another's"
    assert may_begin("second", seen("first"), {}, 0.0, 0.0) is not None
    assert may_begin("second", seen("first", "second"), {}, 0.0, 0.0) is not None


def test_an_older_version_waits_until_the_newer_one_is_not_heard_any_more() -> None:
    """Otherwise two workers in the middle of an upgrade would read each other's readings again for ever."""
    models = seen("first", "second")
    assert may_begin("first", models, {}, 100.0, 200.0, patience=300.0) is None
    assert may_begin("first", models, {"second": 350.0}, 100.0, 500.0, patience=300.0) is None
    assert may_begin("first", models, {"second": 350.0}, 100.0, 650.0, patience=300.0) is not None
    assert may_begin("first", models, {}, 100.0, 400.0, patience=300.0) is not None


def test_an_older_version_that_reads_again_is_the_one_at_work_and_holds_nothing_for_long() -> None:
    old = by("old", weeks_of("favor", 0, 40))
    new = again(old, ["favor"] * 40)
    worker = Worker().take(*old, pulse(40), *new)
    current = worker.memory.models.current()
    assert current is not None
    assert current.version == "new"
    back = again(new, ["favor"] * 40, "old")
    worker.take(*back)
    current = worker.memory.models.current()
    assert current is not None
    assert current.version == "old"
    worker.take(*by("old", weeks_of("against", 41.0, 12)))
    assert [alert.status for alert in shifts(worker)] == ["pending", "confirmed"]


def test_only_readings_of_another_version_within_the_time_that_still_count_are_read_again() -> None:
    since, one = START + timedelta(days=5), replace(reading("a", 6.0, revision=1), model="old")
    assert is_to_be_read_again(one, "new", since, 0)
    assert not is_to_be_read_again(one, "old", since, 0)
    assert not is_to_be_read_again(one, "new", since, 2)
    assert not is_to_be_read_again(one, "new", START + timedelta(days=7), 0)
    assert not is_to_be_read_again(pulse(6), "new", since, 0)


# --- what chance allows ---------------------------------------------------------------------------------------------


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.01, 0.99))
def test_the_tail_is_the_binomial_distribution_s(changed: int, more: int, share: float) -> None:
    read = changed + more
    assert tail(changed, read, share) == pytest.approx(binom.sf(changed - 1, read, share), rel=1e-6, abs=1e-12)


def test_an_actor_whose_labels_change_far_oftener_than_the_others_is_named() -> None:
    drift = Drift()
    for number in range(300):
        drift.add("grenzmark", number % 20 == 0)
    for number in range(30):
        drift.add("ruritania", number % 2 == 0)
    for number in range(4):
        drift.add("sylvania", number == 0)
    assert drift.total == Changes(334, 31)
    assert dict(drift.unusual()) == {"ruritania": Changes(30, 15)}


def test_a_model_that_changes_everybody_s_labels_alike_names_nobody() -> None:
    drift = Drift()
    for actor in ("grenzmark", "ruritania"):
        for number in range(100):
            drift.add(actor, number % 3 == 0)
    assert drift.unusual() == {}


# --- what moves nothing is counted ----------------------------------------------------------------------------------


def reason(worker: Worker, one: Reading) -> str:
    outcome = follow(one, worker.memory)
    assert outcome.positions == ()
    return outcome.ignored


def test_every_stance_that_moves_nothing_has_its_reason() -> None:
    office: Capacity = "leader"
    worker = Worker().take(*by("new", weeks_of("favor", 0, 400)), *(pulse(day) for day in range(1, 401)))
    assert worker.memory.evidence.dossier("ruritania").past is not None
    new = replace(reading("x", 399.0, capacity=office), model="new")
    assert reason(worker, replace(new, old=True)) == "old-quote"
    assert reason(worker, replace(new, scope="limited")) == "limited"
    assert reason(worker, replace(new, reported_by="tass")) == "reported"
    assert reason(worker, replace(new, probabilities=SURE["neither"])) == ""
    assert reason(worker, replace(reading("y", 20.0), model="new")) == "forgotten"
    frozen = worker.memory.evidence.dossier("ruritania").archive.articles()
    (article,) = sorted(frozen)[:1]
    assert reason(worker, replace(reading("z", 300.0), article=article)) == "frozen"
    assert worker.memory.evidence.dossier("ruritania").latest <= START.timestamp() + 400 * DAY
    read_by_both = replace(reading("w", 399.0), model="old", id="w")
    worker.take(replace(read_by_both, model="old"), read_again(read_by_both, SURE["favor"], "newest"))
    assert reason(worker, read_by_both) == "former-model"
    assert set(IGNORED) >= {"old-quote", "limited", "reported", "forgotten", "frozen", "former-model"}
