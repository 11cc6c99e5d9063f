"""The file in which a worker's notes outlive it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.errors import UsageProblem
from services.stream.notes import NotesFile
from streams.in_hand import InHand, Place


def test_a_shorter_note_replaces_a_longer_one_whole(tmp_path: Path) -> None:
    notes = NotesFile(tmp_path)
    assert notes.read() == b""
    notes.write(b"a long line of notes")
    notes.write(b"short")
    assert notes.read() == b"short"


def test_workers_of_one_directory_have_a_file_each(tmp_path: Path) -> None:
    one, other = NotesFile(tmp_path), NotesFile(tmp_path)
    one.write(b"one")
    other.write(b"other")
    assert (one.read(), other.read()) == (b"one", b"other")


def test_a_killed_workers_notes_are_taken_up_by_its_successor(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from services.stream.notes import NotesFile; "
        "notes = NotesFile(Path(sys.argv[1])); notes.write(b'in hand'); print('written', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"written\n"
        assert NotesFile(tmp_path).read() == b""
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        assert NotesFile(tmp_path).read() == b"in hand"


def test_a_directory_that_cannot_be_used_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageProblem, match="cannot be used"):
        NotesFile(tmp_path / "file" / "below")


def test_noting_a_batch_costs_less_than_a_millisecond(tmp_path: Path) -> None:
    notes = NotesFile(tmp_path)
    hand = InHand(notes.read(), notes.write)
    batch = [Place("articles.v1", 0, offset, offset) for offset in range(32)]
    best = 1.0
    for _ in range(200):
        started = time.perf_counter()
        hand.take(batch)
        hand.put_down(batch)
        best = min(best, time.perf_counter() - started)
    assert best < 0.001
