"""What an actor asks for before it talks is followed beside its stance, and alerts when it lastingly changes."""

import pytest
from msgspec.structs import replace

from streams.dossiers.conditions import named_conditions
from streams.records import Conditions, Reading, ShiftAlert, Stance
from tests.streams.made import Worker, pulse, reading, weeks_of


def says(words: str, condition: str | None = None) -> Reading:
    return replace(reading("one", 0.0), quote=words, condition=condition)


@pytest.mark.parametrize(
    ("words", "condition", "named"),
    [
        ("Ready for talks without preconditions, the minister says.", None, "none"),
        ("Calls for an unconditional ceasefire.", None, "none"),
        ("The minister drops all preconditions.", None, "none"),
        ("Talks only after the army has withdrawn.", "only after the army has withdrawn", "hard"),
        ("Talks once the president resigns.", "once the president resigns", "hard"),
        ("Would talk if the guns fall silent.", "if the guns fall silent", "some"),
        ("Talks on condition of security guarantees.", "on condition of security guarantees", "some"),
        ("Would talk if it were spring.", "if it were spring", None),
        ("Favours talks.", None, None),
        ("There can be no talks without preconditions.", None, None),
        ("Said on condition of anonymity that talks go on, without conditions of anonymity.", None, None),
    ],
)
def test_only_words_that_name_a_condition_or_its_absence_are_evidence(
    words: str, condition: str | None, named: Conditions | None
) -> None:
    assert named_conditions(says(words, condition)) == named


HARD = ("talks only after a withdrawal", "only after a withdrawal")
FREE = ("ready for talks without preconditions", None)


def weeks(label: Stance, said: tuple[str, str | None], first: float, days: int, outlets: str = "ABC") -> list[Reading]:
    return [
        replace(one, quote=f"{said[0]}, on day {one.article}", condition=said[1])
        for one in weeks_of(label, first, days, outlets=outlets)
    ]


def changes(worker: Worker) -> list[ShiftAlert]:
    return [alert for alert in worker.alerts if alert.kind == "condition-change"]


# The written timeline of this kind: Ruritania wants talks all along; until day 60 only after a withdrawal, then without
# preconditions.
TIMELINE = [*weeks("favor", HARD, 0.0, 60), *weeks("favor", FREE, 60.0, 40)]


def test_dropping_a_precondition_is_told_while_the_stance_stays() -> None:
    worker = Worker().take(*TIMELINE)
    pending, confirmed = changes(worker)
    assert (pending.status, confirmed.status, pending.id) == ("pending", "confirmed", confirmed.id)
    assert (confirmed.before, confirmed.after) == ("favor", "favor")
    assert (confirmed.condition_before, confirmed.condition_after) == ("hard", "none")
    assert confirmed.before_probabilities is not None
    assert set(confirmed.before_probabilities) == {"none", "some", "hard"}
    assert confirmed.before_probabilities["hard"] > 0.8
    assert all("without preconditions" in one.quote for one in confirmed.evidence)
    assert {one.kind for one in worker.alerts} == {"first-position", "condition-change"}


def test_a_change_of_conditions_has_no_position_of_its_own() -> None:
    worker = Worker().take(*TIMELINE, *(pulse(day) for day in range(100, 110)))
    assert set(worker.positions) == {"ruritania"}


def test_a_first_known_condition_is_no_change() -> None:
    assert changes(Worker().take(*weeks_of("favor", 0.0, 40), *weeks("favor", HARD, 40.0, 40))) == []


def test_conditions_that_come_and_go_raise_nothing() -> None:
    said = [HARD if day % 6 else FREE for day in range(150)]
    noisy = [
        replace(one, quote=f"{words} {one.article}", condition=condition)
        for one, (words, condition) in zip(weeks_of("favor", 0.0, 150), said, strict=True)
    ]
    assert "confirmed" not in [alert.status for alert in changes(Worker().take(*noisy))]


def test_a_change_of_conditions_that_comes_with_a_shift_is_told_by_the_shift_alone() -> None:
    worker = Worker().take(*weeks("against", HARD, 0.0, 60), *weeks("favor", FREE, 60.0, 60))
    assert [(alert.kind, alert.status) for alert in worker.alerts if alert.kind != "first-position"] == [
        ("shift", "pending"),
        ("shift", "confirmed"),
    ]


def test_one_outlet_alone_does_not_confirm_a_change_of_conditions() -> None:
    worker = Worker().take(*weeks("favor", HARD, 0.0, 60), *weeks("favor", FREE, 60.0, 40, outlets="A"))
    assert "confirmed" not in [alert.status for alert in changes(worker)]


def test_a_change_of_conditions_survives_a_restart_at_any_point() -> None:
    whole = Worker().take(*TIMELINE)
    for cut in range(58, 75, 3):
        first = Worker().take(*TIMELINE[:cut])
        assert [*first.alerts, *first.restart().take(*TIMELINE[cut:]).alerts] == whole.alerts
