"""What is kept up to date reading by reading is what a plain, slow computation from scratch gives."""

from datetime import timedelta
from itertools import combinations
from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.dossiers.dossier import Dossier
from streams.dossiers.emissions import Triple, make_emissions
from streams.dossiers.passages import passage_rate, passed
from streams.dossiers.reports import make_report
from streams.records import Probabilities, Reading, Stance
from streams.retention import freeze
from streams.shift_settings import DAY, HOUR, ShiftSettings
from tests.streams.made import START, reading, resign, signature

SETTINGS = ShiftSettings()
# Few enough that an example's readings do freeze.
FREEZING = ShiftSettings(quotable_reports=1)
WIRES = [signature(f"wire {i}") for i in range(2)]
TITLES = ["Lantern parade opens doors", "Granary harvest song delights", ""]


@st.composite
def some_readings(draw: st.DrawFn) -> list[Reading]:
    made = []
    for i in range(draw(st.integers(1, 25))):
        like = resign(draw(st.sampled_from(WIRES)), draw(st.integers(0, 40))) if draw(st.booleans()) else None
        day, title = draw(st.integers(0, 400)) / 24, draw(st.sampled_from(TITLES))
        label: Stance = draw(st.sampled_from(["favor", "against"]))
        made.append(reading(f"a{i:02}", day, label, draw(st.sampled_from("ABC")), like=like, title=title))
    return made


def built(readings: list[Reading], settings: ShiftSettings = SETTINGS) -> Dossier:
    dossier = Dossier(settings, make_emissions(settings))
    for one in readings:
        dossier.add(one)
        dossier.refresh()
    return dossier


def leads_by_hand(readings: list[Reading]) -> list[Reading]:
    """The earliest of each connected component, by repeated merging of pairs."""
    groups = [{one.article} for one in readings]
    by_id = {one.article: one for one in readings}
    for one, other in combinations(readings, 2):
        agree = sum(a == b for a, b in zip(one.signature, other.signature, strict=True)) / 64
        near = abs((one.time - other.time).total_seconds()) <= SETTINGS.occasion_hours * HOUR
        if agree >= SETTINGS.copy_similarity and near:
            touched = [group for group in groups if group & {one.article, other.article}]
            groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    return sorted(
        (min((by_id[a] for a in g), key=lambda r: (r.time, r.article)) for g in groups),
        key=lambda r: (r.time, r.article),
    )


@given(some_readings())
@settings(max_examples=60, deadline=None)
def test_copies_are_the_connected_components(readings: list[Reading]) -> None:
    events = built(readings).events
    found = sorted((report.time, report.order[1]) for event in events for report in event.leads)
    assert found == [(one.time.timestamp(), one.article) for one in leads_by_hand(readings)]


def events_by_hand(leads: list[Reading]) -> list[list[str]]:
    events: list[list[Reading]] = []
    for one in leads:
        words, claimed = make_report(one).words, None
        for event in events:
            hours = (one.time - event[0].time).total_seconds() / HOUR
            others = make_report(event[0]).words
            if hours <= SETTINGS.occasion_hours and min(len(words), len(others)) >= 3:
                overlap = len(words & others) / min(len(words), len(others))
                if overlap >= SETTINGS.retelling_overlap:
                    claimed = event
                    break
        last = events[-1] if events else None
        if (
            claimed is None
            and last is not None
            and (one.time - last[0].time).total_seconds() <= SETTINGS.cycle_hours * HOUR
        ):
            claimed = last
        if claimed is None:
            events.append([one])
        else:
            claimed.append(one)
    return [[one.article for one in event] for event in events]


@given(some_readings())
@settings(max_examples=60, deadline=None)
def test_events_are_what_one_pass_in_order_gathers(readings: list[Reading]) -> None:
    found = [[report.order[1] for report in event.leads] for event in built(readings).events]
    assert found == events_by_hand(leads_by_hand(readings))


def matrix(seconds: float) -> np.ndarray:
    """The chain's transition matrix as the exponential of its generator, by its eigenvectors."""
    q = passage_rate(SETTINGS) / 3
    generator = np.full((3, 3), q) - 3 * q * np.eye(3)
    values, vectors = np.linalg.eigh(generator)
    return np.asarray(vectors @ np.diag(np.exp(values * seconds)) @ vectors.T)


@given(some_readings())
@settings(max_examples=40, deadline=None)
def test_the_filter_and_the_passages_are_those_of_the_textbook(readings: list[Reading]) -> None:
    dossier = built(readings)
    alpha = np.full(3, 1 / 3)
    joint: list[np.ndarray] = []  # joint[k][x]: P(data so far, in x now, the stay in x began with event k)
    before = None
    for event in dossier.events:
        likelihood = np.exp(np.array(event.evidence))
        step = np.eye(3) if before is None else matrix(event.start - before)
        entered = alpha if before is None else alpha @ step - alpha * np.diag(step)
        joint = [weights * np.diag(step) * likelihood for weights in joint] + [entered * likelihood]
        alpha = (alpha @ step) * likelihood
        scale = alpha.sum()
        alpha, joint, before = alpha / scale, [weights / scale for weights in joint], event.start
    assert dossier.nodes[-1].filtered == pytest.approx(tuple(alpha), abs=1e-9)
    assert sum(joint) == pytest.approx(alpha, abs=1e-9)
    for state in range(3):
        best = max(weights[state] for weights in joint)
        assert joint[dossier.nodes[-1].since[state]][state] == pytest.approx(best, rel=1e-6, abs=1e-12)
        for k, event in enumerate(dossier.events):
            later = sum(weights[state] for weights in joint[k + 1 :])
            assert passed(dossier.nodes, state, event.start) == pytest.approx(later, abs=1e-9)


def recent_by_hand(dossier: Dossier, time: float) -> tuple[float, set[str]]:
    late = [event for event in dossier.events if event.start >= time]
    return sum(event.count for event in late), {outlet for event in late for outlet in event.outlets}


@given(some_readings(), st.data())
@settings(max_examples=60, deadline=None)
def test_what_was_said_recently_is_a_count_from_scratch_whatever_came_went_or_was_asked(
    readings: list[Reading], data: st.DataObject
) -> None:
    dossier = Dossier(SETTINGS, make_emissions(SETTINGS))
    for one in readings:
        dossier.add(one)
        if data.draw(st.booleans()):
            other = data.draw(st.sampled_from(readings))
            dossier.forget(other.id, (other.time.timestamp(), other.article, other.revision))
        dossier.refresh()
        time = START.timestamp() + data.draw(st.floats(-1, 18)) * DAY
        count, outlets = dossier.since(time)
        wanted = recent_by_hand(dossier, time)
        assert count == pytest.approx(wanted[0], abs=1e-6)
        assert set(outlets) == wanted[1]


@given(some_readings(), st.permutations(range(25)), st.integers(30, 50))
@settings(max_examples=80, deadline=None)
def test_freezing_changes_no_bit_and_is_what_the_rows_give_in_any_order(
    readings: list[Reading], order: list[int], day: int
) -> None:
    dossier = built(readings, FREEZING)
    nodes, events = list(dossier.nodes), [event.order for event in dossier.events]
    frozen, gone = freeze(dossier, (START + timedelta(days=day)).timestamp())
    for name, row in frozen.items():
        dossier.put_day(name, row)
    for one in readings:
        if one.id in gone:
            dossier.forget(one.id, (one.time.timestamp(), one.article, one.revision))
    dossier.refresh()
    assert dossier.nodes == nodes
    assert [event.order for event in dossier.events] == events

    rebuilt = Dossier(FREEZING, make_emissions(FREEZING))
    rows = [one for one in readings if one.id not in gone]
    for place in order:
        if place < len(rows):
            rebuilt.add(rows[place])
    for name, row in reversed(frozen.items()):
        rebuilt.put_day(name, row)
    rebuilt.refresh()
    assert rebuilt.nodes == nodes


@given(st.floats(0, 1), st.floats(0, 1))
def test_evidence_is_bounded_and_doubt_is_no_evidence(favor: float, share: float) -> None:
    emissions = make_emissions(SETTINGS)
    against = (1 - favor) * share
    weighed = emissions.weigh(
        reading("a", 0.0, probabilities=Probabilities(favor=favor, against=against, neither=1 - favor - against))
    )
    surest: Triple = emissions.weigh(
        reading("b", 0.0, probabilities=Probabilities(favor=1.0, against=0.0, neither=0.0))
    )
    assert weighed[0] - weighed[2] <= surest[0] - surest[2] + 1e-9
    nothing = emissions.weigh(reading("c", 0.0, probabilities=Probabilities(favor=0.0, against=0.0, neither=1.0)))
    assert nothing == pytest.approx((0.0, 0.0, 0.0))


def test_favor_and_against_are_read_through_the_confusion() -> None:
    """P(read as against | state), by hand from the settings."""
    s = SETTINGS
    seen = {}
    for state, mix in zip(("favor", "mixed", "against"), s.mixes, strict=True):
        f = s.neither_share * s.reader_neither[0] + (1 - s.neither_share) * (
            mix * s.reader_favor[0] + (1 - mix) * s.reader_against[0]
        )
        a = s.neither_share * s.reader_neither[1] + (1 - s.neither_share) * (
            mix * s.reader_favor[1] + (1 - mix) * s.reader_against[1]
        )
        seen[state] = a / (a + f)
    weighed = make_emissions(s).weigh(
        reading("a", 0.0, probabilities=Probabilities(favor=0.0, against=1.0, neither=0.0))
    )
    assert weighed[2] - weighed[0] == pytest.approx(log(seen["against"] / seen["favor"]))
    assert exp(weighed[2] - weighed[1]) == pytest.approx(seen["against"] / seen["mixed"])
