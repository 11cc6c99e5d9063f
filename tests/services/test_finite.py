"""Numbers that are none, on the command line and in the environment."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        (["newsroom", "--port", "0", "--step", "nan"], {}),
        (["up", "--step", "nan"], {}),
        (["ingest", "--feeds", "none.opml", "--poll-min", "nan"], {}),
        (["ingest", "--feeds", "none.opml", "--fetch-timeout", "inf"], {}),
        (["replay", "/dev/null", "--false-alerts", "nan"], {}),
        (["ingest", "--feeds", "none.opml"], {"PARLEY_POLL_MIN": "nan"}),
        (["ingest", "--feeds", ""], {}),
        (["ingest", "--feeds", " "], {}),
        (["up", "--feeds", ""], {}),
    ],
)
def test_what_is_no_value_is_one_clear_line_and_exit_code_2(arguments: list[str], settings: dict[str, str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "services", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **settings},
        check=False,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert len(run.stderr.splitlines()) == 1, run.stderr
    assert any(word in run.stderr for word in ("nan", "inf", "finite", "--feeds"))
