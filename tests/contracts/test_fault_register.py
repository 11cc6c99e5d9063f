"""The table of faults names tests that live elsewhere; a renamed one would be missed by the long run only."""

from pathlib import Path

from tests.faults.register import ELSEWHERE

ROOT = Path(__file__).parents[2]


def test_every_test_that_the_register_names_is_there() -> None:
    gone = []
    for name in ELSEWHERE:
        path, _, function = name.partition("::")
        if f"def {function}(" not in (ROOT / path).read_text():
            gone.append(name)
    assert len(ELSEWHERE) > 20
    assert gone == []
