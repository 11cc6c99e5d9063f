"""The simulation of the other kinds of alert: voices are heard as in the stream, and each false alert counts once."""

from collections import Counter
from datetime import timedelta

import pytest

from ops.bench.actors import EPOCH, World
from ops.bench.kinds import Counts, allies_an_actor, bound, describe
from ops.bench.movers import FAVOR, SOME, turn
from ops.bench.voices import DEPUTY, MINISTERS, PAIR, PRESIDENT, VOICES, Cast, Story, speak_all, steady, tell
from streams.dossiers.conditions import NAMED, named_conditions
from streams.dossiers.facets import keys_of
from streams.records import ShiftAlert
from streams.shift_settings import ShiftSettings

CALM = dict.fromkeys([voice.speaker for voice in VOICES], steady(FAVOR))


def cast(actor: str, rate: float = 1.0, naming: float = 0.3) -> Cast:
    return Cast(actor, World(rate=rate, copies=1.0), CALM, lambda _: SOME, naming)


def test_ministers_count_towards_the_state_and_have_a_voice_of_their_own_and_a_deputy_only_that() -> None:
    readings = speak_all(cast("ruritania", rate=4.0), 60, 1)
    by_speaker = {reading.speaker: keys_of(reading) for reading in readings}
    assert by_speaker[PRESIDENT.speaker][0] == "ruritania"
    assert by_speaker["officials"][0] == "ruritania"
    for minister in MINISTERS:
        keys = by_speaker[minister.speaker]
        assert (keys[0], keys[-1]) == ("ruritania", f"ruritania/{minister.speaker}#voice")
    assert by_speaker[DEPUTY.speaker][0] == f"ruritania/{DEPUTY.speaker}"


def test_copies_name_the_same_demand_and_demands_are_named_as_often_as_the_rules_are_taken_to() -> None:
    readings = speak_all(cast("ruritania", rate=20.0, naming=1.0), 200, 2)
    told: dict[str, set[str | None]] = {}
    for reading in readings:
        told.setdefault(reading.article.rpartition("-")[0], set()).add(named_conditions(reading))
    assert all(len(named) == 1 for named in told.values())
    named = Counter(next(iter(one)) for one in told.values())
    shares = tuple(named[kind] / len(told) for kind in ("none", "some", "hard"))
    assert len(told) > 2000
    assert shares == pytest.approx(NAMED[1], abs=0.03)


def test_allies_that_stand_still_raise_nothing_and_one_that_turns_parts() -> None:
    settings = ShiftSettings()
    moved = dict.fromkeys(CALM, turn(FAVOR, 1.0 - FAVOR, at=110.0))
    story = tell((cast(PAIR[0], 2.0), Cast(PAIR[1], World(rate=2.0), moved, lambda _: SOME, 0.0)), 190.0, 5, settings)
    assert set(story.known) == set(PAIR)
    before = EPOCH + timedelta(days=110)
    assert {alert.kind for alert in story.confirmed if alert.at < before} <= {"first-position"}
    (split,) = [alert for alert in story.confirmed if alert.kind == "ally-split"]
    assert (split.actor, split.other, split.before, split.after) == (PAIR[1], PAIR[0], "favor", "against")
    assert timedelta(days=21) <= split.at - before <= timedelta(days=75)


def alert(kind: str, speaker: str | None = None) -> ShiftAlert:
    return ShiftAlert(
        id="x", kind=kind, actor="ruritania", speaker=speaker, before="favor", after="against",  # type: ignore[arg-type]
        since=EPOCH, at=EPOCH, probability=1.0, status="confirmed",
    )  # fmt: skip


def test_false_alerts_are_counted_by_kind_over_the_years_that_bore_them() -> None:
    counts, until = Counts(), EPOCH + timedelta(days=4 * 365.25)
    known = {PAIR[0]: EPOCH, PAIR[1]: EPOCH + timedelta(days=2 * 365.25)}
    told = [alert("shift"), alert("shift", "Deputy"), alert("first-position"), alert("ally-split"), alert("ally-split")]
    counts.add(Story(told, known, until))
    assert counts.years == pytest.approx(6.0)
    assert counts.pair_years == pytest.approx(2.0)
    rows = {kind: (count, years) for kind, count, years in counts.rows()}
    assert rows["shift"] == (1, counts.years)
    assert rows["shift of a deputy"] == (1, counts.years)
    assert rows["ally-split"] == (2, counts.pair_years)
    mean, most = allies_an_actor()
    *_, last = describe(counts, 0.5)
    assert f"{2 / 6 + mean / 2:.2f} an actor and year, {2 / 6 + most / 2:.2f} with" in last


def test_the_bound_of_nothing_seen_is_the_exact_one() -> None:
    assert bound(0, 100.0) == pytest.approx(3.689 / 100.0, abs=1e-4)
