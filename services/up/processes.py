"""The processes of one machine: starts them in the order of the path, restarts what fails, ends them all."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from services.errors import ParleyError, UsageProblem

GRACE_SECONDS = 3.5  # Ctrl-C promises five seconds for all of it.
# So many restarts, each after less than STEADY_SECONDS, are no accident any more.
RESTARTS = 5
STEADY_SECONDS = 60.0
PR_SET_PDEATHSIG = 1

Follow = Callable[[IO[bytes]], object]


def _die_with_parent() -> None:
    """Ask Linux to end the child when `parley up` is killed outright; elsewhere an orphan has to be found by hand."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One verb of `parley` in a process of its own. Its log goes to a file.

    Its standard output is the file descriptor `stdout`, or what `stdout` is called with each time it starts, a pipe
    that has to be read on; without either it goes to the log.
    """

    def __init__(
        self, name: str, arguments: list[str], env: Mapping[str, str], logs: Path, stdout: int | Follow | None
    ) -> None:
        self.name = name
        self._command = [sys.executable, "-m", "services", name, *arguments]
        self._env, self._log_path, self._stdout = env, logs / f"{name}.log", stdout
        self._starts = 0
        self._started = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, in a session of its own, so that Ctrl-C reaches only `parley up`, which ends all in order."""
        self._starts += 1
        self._started = time.monotonic()
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  The command is our own.
                self._command,
                env={**os.environ, **self._env},
                stdin=subprocess.DEVNULL,
                stdout=log if self._stdout is None else subprocess.PIPE if callable(self._stdout) else self._stdout,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  Runs one system call before exec.
            )
        if callable(self._stdout):
            self._stdout(self.output)

    @property
    def output(self) -> IO[bytes]:
        """Its standard output, where it was opened as a pipe."""
        if self._process is None or self._process.stdout is None:
            raise ParleyError(f"{self.name} has no output to read")
        return self._process.stdout

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def last_words(self) -> str:
        """The last line of its log, for an error message."""
        lines = self._log_path.read_text(errors="replace").strip().splitlines() if self._log_path.exists() else []
        return _words(lines[-1]) if lines else "it left no log line"

    def check(self) -> bool:
        """Restart it if it has ended, and say whether that was needed.

        Raises ParleyError when it ends again and again, or when its call was wrong (exit code 2), which no restart
        mends.
        """
        if self.alive or self._process is None:
            return False
        code = self._process.returncode
        if time.monotonic() - self._started > STEADY_SECONDS:
            self._starts = 0
        if code == 2 or self._starts > RESTARTS:
            raise self.failure(f"ended with code {code}")
        self.start()
        return True

    def failure(self, what: str) -> ParleyError:
        """Return the error that says what became of it, and why; a UsageProblem where its call was wrong."""
        kind = UsageProblem if self._process is not None and self._process.poll() == 2 else ParleyError
        return kind(f"{self.name} {what}: {self.last_words()} (log: {self._log_path})")

    def terminate(self) -> None:
        if self.alive and self._process is not None:
            self._process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait for its end until `deadline` (time.monotonic), then kill it."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _words(line: str) -> str:
    """What a log line says, where it is one of JSON."""
    try:
        return str(json.loads(line)["message"])
    except (ValueError, TypeError, KeyError):
        return line


def end_all(children: list[Child]) -> None:
    """End every child together; none is left after GRACE_SECONDS."""
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        child.terminate()
    for child in children:
        child.wait(deadline)
