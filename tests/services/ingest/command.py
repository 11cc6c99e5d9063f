"""`parley` as a person types it, for the verbs that read files."""

import subprocess
import sys
from pathlib import Path


def parley(*words: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command to its end and return what it said."""
    return subprocess.run(
        [sys.executable, "-m", "services", *map(str, words)],
        capture_output=True,
        text=True,
        input=stdin,
        timeout=120,
        check=False,
    )
