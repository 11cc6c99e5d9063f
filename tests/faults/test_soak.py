"""`make soak`, shortly: its whole machinery runs, and says of each process what it takes."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_short_soak_shows_what_each_process_takes() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "ops.soak", "1"], cwd=ROOT, capture_output=True, text=True, timeout=500, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    figures = {line.split()[0]: line.split()[1:] for line in run.stdout.splitlines() if line.split()}
    for process in ("up", "stream"):
        megabytes, then, slope, within, files = figures[process][:5]
        assert float(megabytes) > 20
        assert float(then) > 20
        assert float(within) >= 0
        assert slope
        assert int(files.split("-")[0]) > 2


def test_a_time_that_is_none_is_one_clear_line() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "ops.soak", "soon"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.splitlines() == ["parley: MINUTES=soon: not a number of minutes"]
