"""The sample's score: what is right, late, and false."""

from datetime import UTC, datetime

from msgspec.structs import replace

from ops.bench.sample import score
from services.newsroom.timeline import read_expected
from streams.records import ShiftAlert
from tests.services.notify.samples import alert


def told(day: datetime, actor: str = "united-kingdom") -> ShiftAlert:
    return replace(alert(status="confirmed"), actor=actor, before="against", after="favor", at=day)


def test_a_shift_counts_inside_its_window_with_its_days() -> None:
    lines = score([told(datetime(2025, 3, 15, tzinfo=UTC))], read_expected())
    assert "united-kingdom: against -> favor from 2025-03-02: confirmed 2025-03-15, 13 days" in lines
    assert lines[-1] == "precision 1.00, recall 0.20"


def test_a_second_alert_and_one_outside_the_window_are_false() -> None:
    day, late = datetime(2025, 3, 15, tzinfo=UTC), datetime(2025, 9, 1, tzinfo=UTC)
    lines = score([told(day), told(day), told(late, "european-union")], read_expected())
    assert sum(line.startswith("false: ") for line in lines) == 2
    assert lines[-1] == "precision 0.33, recall 0.20"
