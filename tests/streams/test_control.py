"""The control record tells a broken reader from a record that breaks it."""

from collections.abc import Sequence

from streams.batch import read_batch
from streams.catalogue import read_catalogue
from streams.control import CONTROL
from streams.records import Probabilities, Statement


def test_reading_the_control_record_asks_the_model() -> None:
    asked: list[Statement] = []

    def read(statements: Sequence[Statement]) -> list[Probabilities]:
        asked.extend(statements)
        return [Probabilities(favor=1.0, against=0.0, neither=0.0) for _ in asked]

    (outcome,) = read_batch([CONTROL], read_catalogue(), read, "test")
    assert asked
    assert outcome.readings
    assert not outcome.reason
