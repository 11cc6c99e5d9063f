"""Deals rows into the batches of one training epoch, the same for the same seed; never touches a network."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.corpus.rows import LABELS, Row
from models.inputs import Inputs

Ids = NDArray[np.int64]


class Batch(NamedTuple):
    """Padded ids and mask (rows, tokens); per row the label's position in LABELS, the place in the input, the group."""

    ids: Ids
    mask: Ids
    labels: Ids
    places: Ids
    groups: Ids


def pad(encoded: Sequence[Sequence[int]]) -> tuple[Ids, Ids]:
    """Return ids and mask as arrays as wide as the longest of `encoded`; padding is 0 in both."""
    width = max(len(ids) for ids in encoded)
    ids = np.zeros((len(encoded), width), np.int64)
    mask = np.zeros((len(encoded), width), np.int64)
    for line, tokens in enumerate(encoded):
        ids[line, : len(tokens)] = tokens
        mask[line, : len(tokens)] = 1
    return ids, mask


class Dealer:
    """Holds every row both marked and unmarked, and deals one of the two per row and epoch.

    With `by_group` the rows of a group are dealt one after the other, so that most groups lie whole in one batch.
    """

    def __init__(
        self, rows: Sequence[Row], inputs: Inputs, batch: int, unmarked: float, by_group: bool = False
    ) -> None:
        self._marked = [inputs.encode(row.text, row.span) for row in rows]
        self._unmarked = [inputs.encode(row.text, None) for row in rows]
        self._labels = np.array([LABELS.index(row.label) for row in rows], np.int64)
        names: dict[str, int] = {}
        self._groups = np.array([names.setdefault(row.group, len(names)) for row in rows], np.int64)
        units: dict[int, list[int]] = {}
        for place, group in enumerate(self._groups):
            units.setdefault(int(group) if by_group else place, []).append(place)
        self._units = list(units.values())
        self._batch = batch
        self._share = unmarked

    def __len__(self) -> int:
        return (len(self._marked) + self._batch - 1) // self._batch

    def deal(self, seed: int, epoch: int) -> Iterator[Batch]:
        """Yield the batches of `epoch`: rows of like length together, batches in random order."""
        random = Random(f"{seed}/{epoch}")
        chosen = [
            plain if random.random() < self._share else marked
            for marked, plain in zip(self._marked, self._unmarked, strict=True)
        ]
        units = list(self._units)
        random.shuffle(units)
        # Lengths are sorted within stretches of twenty batches: little padding, and yet no epoch like another.
        stretch = 20 * self._batch * len(units) // len(chosen)
        order = [
            place
            for start in range(0, len(units), stretch)
            for unit in sorted(
                units[start : start + stretch], key=lambda unit: max(len(chosen[place]) for place in unit)
            )
            for place in unit
        ]
        starts = list(range(0, len(order), self._batch))
        random.shuffle(starts)
        for start in starts:
            places = order[start : start + self._batch]
            ids, mask = pad([chosen[place] for place in places])
            yield Batch(ids, mask, self._labels[places], np.array(places, np.int64), self._groups[places])
