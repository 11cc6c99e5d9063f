"""What is in hand when a worker dies, from one process to the next."""

from hypothesis import given
from hypothesis import strategies as st

from streams.in_hand import DEATHS_MOST, InHand, Place


class Disk:
    """The file that outlives the process."""

    def __init__(self) -> None:
        self.notes = b""

    def write(self, notes: bytes) -> None:
        self.notes = notes

    def start(self) -> InHand:
        return InHand(self.notes, self.write)


def place(offset: int) -> Place:
    return Place("articles.v1", 0, offset, offset * 7)


def test_a_record_in_hand_at_three_deaths_is_spent_and_its_neighbours_are_not() -> None:
    disk = Disk()
    disk.start().take([place(1), place(2)])
    for deaths in range(1, DEATHS_MOST):
        hand = disk.start()
        assert hand.deaths(place(1)) == deaths
        assert not hand.spent(place(1))
        hand.take([place(1)])
    hand = disk.start()
    assert hand.spent(place(1))
    assert hand.deaths(place(2)) == 1


def test_what_was_handled_is_forgotten() -> None:
    disk = Disk()
    disk.start().take([place(1)])
    hand = disk.start()
    hand.take([place(1)])
    hand.put_down([place(1)])
    assert disk.start().deaths(place(1)) == 0


def test_a_worker_that_stops_itself_blames_no_record() -> None:
    disk = Disk()
    hand = disk.start()
    hand.take([place(1)])
    hand.let_go()
    assert disk.start().deaths(place(1)) == 0


def test_deaths_are_remembered_while_other_records_are_handled() -> None:
    disk = Disk()
    disk.start().take([place(1), place(2)])
    hand = disk.start()
    hand.take([place(2)])
    hand.put_down([place(2)])
    hand.let_go()
    assert disk.start().deaths(place(1)) == 1


def test_a_start_without_work_counts_no_death() -> None:
    disk = Disk()
    disk.start().take([place(1)])
    for _ in range(5):
        assert disk.start().deaths(place(1)) == 1


def test_another_record_at_the_same_offset_is_another_record() -> None:
    disk = Disk()
    disk.start().take([place(1)])
    assert disk.start().deaths(Place("articles.v1", 0, 1, 99)) == 0


@given(st.binary(max_size=200))
def test_notes_that_cannot_be_read_are_no_notes(noted: bytes) -> None:
    InHand(noted, lambda _: None)


@given(st.integers(0, 200))
def test_notes_cut_short_are_no_notes(length: int) -> None:
    disk = Disk()
    disk.start().take([place(1)])
    cut = disk.notes[: min(length, len(disk.notes) - 1)]
    assert InHand(cut, lambda _: None).deaths(place(1)) == 0


@given(st.lists(st.tuples(st.sampled_from(["take", "handle", "die", "end"]), st.integers(0, 3)), max_size=40))
def test_deaths_are_those_since_the_record_was_last_handled(steps: list[tuple[str, int]]) -> None:
    disk = Disk()
    hand = disk.start()
    in_hand: set[int] = set()
    deaths = dict.fromkeys(range(4), 0)
    for step, offset in steps:
        if step == "take":
            hand.take([place(offset)])
            in_hand.add(offset)
        elif step == "handle":
            hand.put_down([place(offset)])
            in_hand.discard(offset)
            deaths[offset] = 0
        else:
            if step == "end":
                hand.let_go()
            else:
                for one in in_hand:
                    deaths[one] += 1
            in_hand.clear()
            hand = disk.start()
        assert {one: hand.deaths(place(one)) for one in range(4)} == deaths
