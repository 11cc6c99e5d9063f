"""Which reading raised an alert, by the alert's id, for every kind that the stream raises."""

import pytest

from services.trace.raising import raised_by
from streams.canary import canary_alert, make_canary
from streams.memory import Memory
from streams.records import AlertKind, Reading
from streams.relations import Relations
from tests.services.trace.test_trace import NOON, readings_of
from tests.streams.made import Worker, weeks_of
from tests.streams.test_conditions import TIMELINE
from tests.streams.test_partings import AGREE, in_order, leader, minister, one_of

KINDS: dict[AlertKind, list[list[Reading]]] = {
    "first-position": [weeks_of("favor", 0, 30)],
    "condition-change": [TIMELINE],
    "shift": [weeks_of("favor", 0, 90), weeks_of("against", 90, 60)],
    "ally-split": [*AGREE, one_of("ruritania", "favor", 90, 50), one_of("grenzmark", "against", 90, 50)],
    "departure": [
        leader("against", 0, 150), minister("against", 0, 90), minister("favor", 90, 60, every=3),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_exactly_one_reading_raised_an_alert(kind: AlertKind) -> None:
    worker = Worker(memory=Memory(relations=Relations((("grenzmark", "ruritania"),))))
    readings = [one for some in KINDS[kind] for one in some]
    worker.take(*in_order(*KINDS[kind], until=151))
    raised = [alert for alert in worker.alerts if alert.kind == kind]
    assert raised
    for alert in raised:
        assert sum(raised_by(alert, one) for one in readings) == 1


def test_a_canary_raised_its_own_alert_and_no_other() -> None:
    (canary,) = readings_of(make_canary(NOON))
    (other,) = readings_of(make_canary(NOON.replace(hour=13)))
    assert raised_by(canary_alert(canary), canary)
    assert not raised_by(canary_alert(canary), other)
