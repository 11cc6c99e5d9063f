"""The table of faults names tests that live elsewhere, and is of a whole run; the long run would be late to see it."""

import subprocess
import sys
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


def run_faults(directory: Path, *options: str) -> int:
    """Run the tests in that directory as `make test-faults` does; return pytest's exit code."""
    table = ["-p", "tests.faults.table", "--fault-table", str(directory / "table.md")]
    command = [sys.executable, "-m", "pytest", *table, "-c", str(ROOT / "pyproject.toml"), "-m", "fault"]
    return subprocess.run(
        [*command, "--rootdir", str(directory), "-o", f"cache_dir={directory / 'cache'}", *options, str(directory)],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
    ).returncode


def test_a_second_run_of_what_failed_is_judged_by_its_tests_and_leaves_the_table(tmp_path: Path) -> None:
    test = "import pytest\n\n@pytest.mark.fault(1, 'made')\ndef test_made():\n    assert {}\n"
    (tmp_path / "test_made.py").write_text(test.format("False"))
    assert run_faults(tmp_path) != 0
    table = (tmp_path / "table.md").read_text()
    assert "test_made.py::test_made` | failed" in table
    again = ("--last-failed", "--last-failed-no-failures", "none")
    assert run_faults(tmp_path, *again) == 1
    (tmp_path / "test_made.py").write_text(test.format("True"))
    assert run_faults(tmp_path, *again) == 0
    assert (tmp_path / "table.md").read_text() == table
