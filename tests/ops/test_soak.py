"""What the soak says of figures over time."""

import random

from ops.soak.measure import Sample, trend, verdicts


def samples(megabytes_per_hour: float, files: float = 0.0, tasks: float = 0.0) -> list[Sample]:
    """Thirteen minutes, a look each five seconds, with the noise of a real process."""
    chance = random.Random(7)
    return [
        Sample(
            5.0 * turn,
            100 + chance.uniform(-2, 2) + megabytes_per_hour * turn * 5 / 3600,
            17 + chance.randint(0, 2) + int(files * turn),
            8 + chance.randint(0, 4) + int(tasks * turn),
        )
        for turn in range(160)
    ]


def test_a_process_that_stays_as_it_is_is_not_blamed() -> None:
    memory, wrong = verdicts(samples(0.0), 60.0)
    assert wrong == []
    assert abs(memory.slope) < 5


def test_each_kind_of_growth_is_named() -> None:
    for grown, what in (
        (samples(300.0), "memory"),
        (samples(0.0, files=0.2), "open files"),
        (samples(0.0, tasks=0.2), "tasks"),
    ):
        (only,) = verdicts(grown, 60.0)[1]
        assert only.startswith(what)


def test_growth_that_noise_could_be_is_no_growth() -> None:
    assert verdicts(samples(300.0)[:6], 60.0)[1] == []


def test_the_slope_is_that_of_the_line() -> None:
    found = trend([0.0, 1800.0, 3600.0], [10.0, 15.0, 20.0])
    assert (round(found.slope, 6), round(found.within, 6)) == (10.0, 0.0)
