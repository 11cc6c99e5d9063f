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
            self._directory = directory
            self._path, self._file = _lock_first(directory)
        except OSError as error:
            raise UsageProblem(f"state directory {directory}: cannot be used ({error.strerror})") from None

    def read(self) -> bytes:
        """Return what was written last."""
        return os.pread(self._file, SIZE_MOST, 0).partition(b"\n")[0]

    def take_orphaned(self) -> list[bytes]:
        """Return the notes of the directory's other workers that are dead, each once: they are erased by reading them.

        A worker that takes over their partitions would otherwise not know what was in hand when they died, and a record
        that kills would need three deaths of each. Erased before they are used, since a lost count only costs a death.
        """
        found = []
        for path in sorted(self._directory.glob("in-hand-*.json")):
            if path == self._path:
                continue
            try:
                file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            except OSError:
                continue
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                notes = os.pread(file, SIZE_MOST, 0).partition(b"\n")[0]
                os.ftruncate(file, 0)
            except OSError:
                # Its worker lives, or another has its notes in hand at this moment.
                continue
            finally:
                os.close(file)
            if notes:
                found.append(notes)
        return found

    def write(self, notes: bytes) -> None:
        """Replace the notes (one line). One system call, so that a kill leaves the old line or the new one.

        (One longer than a memory page may be cut, and then counts as empty.) What an earlier, longer line leaves behind
        the line's end is not read.
        """
        os.pwrite(self._file, notes + b"\n", 0)

    def close(self) -> None:
        """Let go of the lock; the notes are then a dead worker's, unless nothing is in hand."""
        os.close(self._file)


def _lock_first(directory: Path) -> tuple[Path, int]:
    for number in range(WORKERS_MOST):
        path = directory / f"in-hand-{number}.json"
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
        else:
            return path, file
    raise OSError(0, f"more than {WORKERS_MOST} workers share it")
