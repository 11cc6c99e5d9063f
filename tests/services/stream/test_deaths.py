"""Several workers of one directory: what was in hand at any of their deaths is known to whoever goes on."""

from pathlib import Path

from prometheus_client import REGISTRY

from services.stream.notes import NotesFile
from services.stream.run import take_over
from streams.in_hand import DEATHS_MOST, InHand, Place

KILLER, NEIGHBOUR = Place("articles.v1", 0, 7, 1), Place("articles.v1", 0, 8, 2)


def start(directory: Path) -> tuple[NotesFile, InHand]:
    notes = NotesFile(directory)
    noted = notes.read()
    hand = InHand(b"", notes.write)
    take_over(hand, [noted])
    return notes, hand


def die(notes: NotesFile) -> None:
    """Let go of the lock, as the system does for a process that is killed."""
    notes.close()


def deaths_counted() -> float:
    return REGISTRY.get_sample_value("parley_worker_deaths_total") or 0.0


def test_a_record_that_kills_one_worker_after_the_other_is_spent_after_three_deaths_in_all(tmp_path: Path) -> None:
    workers = [start(tmp_path) for _ in range(DEATHS_MOST + 1)]
    before = deaths_counted()
    for death, (notes, hand) in enumerate(workers[:DEATHS_MOST]):
        take_over(hand, notes.take_orphaned())
        assert hand.deaths(KILLER) == death
        hand.take([KILLER, NEIGHBOUR] if death == 0 else [KILLER])
        die(notes)
    notes, hand = workers[DEATHS_MOST]
    take_over(hand, notes.take_orphaned())
    assert hand.spent(KILLER)
    assert hand.deaths(NEIGHBOUR) == 1
    assert deaths_counted() - before == DEATHS_MOST


def test_no_death_is_counted_twice(tmp_path: Path) -> None:
    first, second, third = (start(tmp_path) for _ in range(3))
    first[1].take([KILLER])
    die(first[0])
    for notes, hand in (second, third, second):
        take_over(hand, notes.take_orphaned())
    assert [second[1].deaths(KILLER), third[1].deaths(KILLER)] == [1, 0]
    # Nor by the successor in the dead worker's own file.
    assert start(tmp_path)[1].deaths(KILLER) == 0


def test_what_a_living_worker_has_in_hand_is_no_death(tmp_path: Path) -> None:
    first, second = start(tmp_path), start(tmp_path)
    first[1].take([KILLER])
    assert second[0].take_orphaned() == []
    assert first[0].read() != b""
