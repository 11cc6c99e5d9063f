"""Days older than half a year are forgotten: the position within what is remembered is the same, to the byte."""

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.memory import Memory
from streams.positions import make_position
from streams.records import EvidenceRecord, Reading, Stance
from streams.rows import Row
from streams.shift_settings import ShiftSettings
from streams.topics import encode
from tests.streams.made import START, Worker, pulse, reading

SHORT = ShiftSettings(quotable_reports=1, remembered_days=100.0, forgetting_days=10.0)
OTHER = {"favor": "against", "against": "favor"}
# As long as production remembers. At half of that, two in a hundred of these voices lose a pending alert.
LONG = ShiftSettings(quotable_reports=1)
NEVER = ShiftSettings(quotable_reports=1, remembered_days=40_000.0)


def run(readings: list[Reading], settings_: ShiftSettings, days: int, every: int = 3) -> Worker:
    records: list[EvidenceRecord] = [*readings, *(pulse(day) for day in range(1, days, every))]
    records.sort(key=lambda r: (r.time if isinstance(r, Reading) else r.minute, isinstance(r, Reading)))  # type: ignore[union-attr]
    return Worker(memory=Memory(settings_)).take(*records)


def position(worker: Worker, day: float) -> bytes:
    now = (START + timedelta(days=day)).timestamp()
    return encode(make_position("ruritania", worker.memory.evidence.dossier("ruritania"), now, frozenset()))


def days_kept(worker: Worker) -> int:
    return sum(key.startswith("day ") for key in worker.rows)


def two_years(seed: int) -> list[Reading]:
    """A voice that turns now and then, is misread now and then, and falls silent now and then."""
    rng = random.Random(seed)
    day, label = 0.0, rng.choice(["favor", "against"])
    found = []
    for i in range(rng.randint(30, 60)):
        day += rng.choice([0.3, 1.0, 3.0, 9.0, 30.0])
        if rng.random() < 0.05:
            label = OTHER[label]
        said: Stance = label if rng.random() < 0.9 else OTHER[label]  # type: ignore[assignment]
        found.append(reading(f"r{i}", day, said, rng.choice("ABC")))
    return found


@given(st.integers(0, 1_000_000))
@settings(max_examples=4, deadline=None)
def test_what_is_forgotten_changes_no_position_and_no_alert(seed: int) -> None:
    readings = two_years(seed)
    last = int((readings[-1].time - START).days) + 150
    short, forgetful, mindful = (run(readings, each, last, 7) for each in (SHORT, LONG, NEVER))
    assert position(short, last) == position(mindful, last)
    assert position(forgetful, last) == position(mindful, last)
    assert position(forgetful.restart(), last) == position(mindful, last)
    assert position(forgetful.restart(lambda rows: rows[::-1]), last) == position(mindful, last), "in any order"
    told = [(a.id, a.kind, a.status, a.since, a.at, a.before, a.after) for a in mindful.alerts]
    assert [(a.id, a.kind, a.status, a.since, a.at, a.before, a.after) for a in forgetful.alerts] == told


def test_a_key_takes_no_more_however_long_it_is_followed() -> None:
    daily = [reading(f"d{i}", float(i), "favor", "ABC"[i % 3]) for i in range(400)]
    worker = run(daily, SHORT, 400)
    dossier = worker.memory.evidence.dossier("ruritania")
    most = SHORT.remembered_days + SHORT.forgetting_days + 5
    assert 50 <= days_kept(worker) <= most
    assert len(dossier.events) <= most + 1
    assert len(dossier.nodes) == len(dossier.events)
    assert sum(key.startswith("past ") for key in worker.rows) <= 2
    assert len(dossier.archive.articles()) <= most


def test_a_reading_older_than_what_is_remembered_counts_no_more_and_leaves_no_row() -> None:
    daily = [reading(f"d{i}", float(i), "favor", "ABC"[i % 3]) for i in range(300)]
    worker = run(daily, SHORT, 300)
    before, rows = position(worker, 300), dict(worker.rows)
    worker.take(reading("ancient", 20.5, "against", "B", fetched=299.0), daily[5])
    assert position(worker, 300) == before
    assert worker.rows == rows


def test_a_crash_between_the_days_and_what_stands_for_them_counts_nothing_twice() -> None:
    daily = [reading(f"d{i}", float(i), "favor" if i < 120 else "against", "ABC"[i % 3]) for i in range(300)]
    worker = run(daily, SHORT, 230)
    kept = {key: value for key, value in worker.rows.items() if key.startswith("day ")}
    after = run(daily, SHORT, 300)
    both = Worker(memory=Memory(SHORT), rows={**kept, **after.rows})
    both.memory.put([Row(key, value) for key, value in both.rows.items()])
    assert position(both, 300) == position(after, 300)


def test_who_was_quoted_once_is_forgotten_altogether() -> None:
    """An author a week for a year and a half, beside somebody who speaks daily: what is kept stops growing."""
    daily = [reading(f"d{i}", float(i), "favor", "ABC"[i % 3]) for i in range(500)]
    once = [
        reading(f"o{i}", i * 7.0 + 0.5, "against", "A", speaker=f"author {i}", capacity="expert") for i in range(70)
    ]
    worker = run([*daily, *once], SHORT, 500)
    # So few words are kept verbatim for longer than days are remembered.
    remembered = (SHORT.quotable_days + 14) / 7
    assert remembered / 2 < len(worker.memory.evidence.dossiers) <= remembered + 1
    assert sum(" ruritania/author" in key for key in worker.rows) <= remembered
    assert "ruritania/author 0" not in worker.memory.evidence.dossiers
    for order in (list, lambda rows: rows[::-1]):
        again = worker.restart(order)
        assert again.memory.evidence.dossiers.keys() == worker.memory.evidence.dossiers.keys()
        assert position(again, 500) == position(worker, 500)
    # An article that is read again, after a consumer's reset, calls nobody back.
    worker.take(once[0])
    assert "ruritania/author 0" not in worker.memory.evidence.dossiers
    # Whoever speaks again is heard as anybody new.
    worker.take(reading("again", 499.0, "favor", "B", speaker="author 0", capacity="expert"))
    assert len(worker.memory.evidence.dossiers["ruritania/author 0"].events) == 1


def test_a_silent_voice_that_was_known_is_not_forgotten() -> None:
    known = [reading(f"d{i}", float(i), "favor", "ABC"[i % 3]) for i in range(60)]
    other = [reading(f"e{i}", float(i), "favor", "ABC"[i % 3], actor="syldavia") for i in range(400)]
    worker = run([*known, *other], SHORT, 400)
    assert make_position("ruritania", worker.memory.evidence.dossier("ruritania"), 400.0, frozenset()).stance == "favor"
