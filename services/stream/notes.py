"""A worker's notes of what is in hand, as a file that its successor finds; says nothing about what they mean.

One file per worker of a directory: the first that no living process has locked. A process that died, however, has let
go of its lock, so that the next one to start takes up its notes. Nothing is synced to the disk: what was written
survives the process as soon as the system has it, and a failure of the whole machine is no record's fault.
"""

import fcntl
import os
from pathlib import Path
from typing import Final

from services.errors import UsageProblem

WORKERS_MOST: Final = 1000
SIZE_MOST: Final = 16 * 1024 * 1024


class NotesFile:
    """Holds its lock as long as the process lives."""

    def __init__(self, directory: Path) -> None:
        """Raises UsageProblem where the directory cannot be written."""
        try:
            directory.mkdir(parents=True, exist_ok=True)
            self._file = _lock_first(directory)
        except OSError as error:
            raise UsageProblem(f"state directory {directory}: cannot be used ({error.strerror})") from None

    def read(self) -> bytes:
        """Return what was written last."""
        return os.pread(self._file, SIZE_MOST, 0).partition(b"\n")[0]

    def write(self, notes: bytes) -> None:
        """Replace the notes (one line). One system call, so that a kill leaves the old line or the new one.

        (One longer than a memory page may be cut, and then counts as empty.) What an earlier, longer line leaves behind
        the line's end is not read.
        """
        os.pwrite(self._file, notes + b"\n", 0)


def _lock_first(directory: Path) -> int:
    for number in range(WORKERS_MOST):
        file = os.open(directory / f"in-hand-{number}.json", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
        else:
            return file
    raise OSError(0, f"more than {WORKERS_MOST} workers share it")
