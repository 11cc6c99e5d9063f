"""Which records were in hand when a worker died -> which to handle alone, and which not again; never touches a disk.

A record can kill the process that handles it (a crash in a native library, memory without end), and would then be
delivered to one worker after another for good. So what is in hand is noted before it is handled, and struck out after.
What the notes still hold when a worker starts was in hand at a death. A worker that stops itself, because the model,
the disk or the broker failed, strikes everything out first: that is not the records' fault.
"""

import zlib
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec

DEATHS_MOST: Final = 3
NOTED_MOST: Final = 10_000


class Place(msgspec.Struct, frozen=True, array_like=True):
    """One record. The checksum tells it from another cluster's record at the same offset."""

    topic: str
    partition: int
    offset: int
    checksum: int


class Notes(msgspec.Struct):
    """What outlives the process: what is in hand, and at how many deaths a record has been so."""

    hand: list[Place] = []
    deaths: list[tuple[Place, int]] = []


def place_of(message: Any) -> Place:
    """Return what a Faust message is known by."""
    return Place(message.topic, message.partition, message.offset, zlib.crc32(message.value or b""))


class InHand:
    """Starts from the notes of the process before; `write` replaces them, and must do so at once and whole."""

    def __init__(self, noted: bytes, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._hand: set[Place] = set()
        self._deaths: dict[Place, int] = {}
        self.take_over(noted)

    def take_over(self, noted: bytes) -> bool:
        """Count what a dead worker's notes hold, and return whether it died with something in hand.

        Whoever reads the notes must have erased them: a death that is counted twice would blame the innocent.
        """
        notes = _read(noted)
        counts = [*notes.deaths, *((place, 1) for place in notes.hand)]
        for place, deaths in counts:
            self._deaths[place] = self._deaths.get(place, 0) + deaths
        while len(self._deaths) > NOTED_MOST:
            del self._deaths[next(iter(self._deaths))]
        self._note()
        return bool(notes.hand)

    def deaths(self, place: Place) -> int:
        """Return at how many deaths the record was in hand. One with any is to be handled alone."""
        return self._deaths.get(place, 0)

    def spent(self, place: Place) -> bool:
        """Return whether the record is not to be handled again."""
        return self.deaths(place) >= DEATHS_MOST

    def take(self, places: Iterable[Place]) -> None:
        """Note that these records are about to be handled."""
        self._hand.update(places)
        self._note()

    def put_down(self, places: Iterable[Place]) -> None:
        """Strike out records that were handled."""
        for place in places:
            self._hand.discard(place)
            self._deaths.pop(place, None)
        self._note()

    def let_go(self) -> None:
        """Strike out everything that is in hand: the process is about to end, and not because of it."""
        self._hand.clear()
        self._note()

    def _note(self) -> None:
        self._write(msgspec.json.encode(Notes(list(self._hand), list(self._deaths.items()))))


def _read(noted: bytes) -> Notes:
    """Return the notes; none where they are empty or cut short, since a lost count only costs another death."""
    try:
        return msgspec.json.decode(noted, type=Notes) if noted else Notes()
    except msgspec.MsgspecError:
        return Notes()
