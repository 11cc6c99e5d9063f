"""A page that listens hears of an alert within two seconds of its record."""

import time
import urllib.request
from pathlib import Path

from streams.records import Reading
from tests.services.desk.made import alert, send, small_desk, small_world

WITHIN = 2.0


def test_a_new_alert_is_told_within_two_seconds_of_its_record(tmp_path: Path) -> None:
    readings = [one for one in small_world() if isinstance(one, Reading)]
    with small_desk(tmp_path) as (desk, broker):
        with urllib.request.urlopen(f"{desk.address}/live", timeout=60) as stream:
            assert stream.readline() == b"retry: 2000\n"
            taken = []
            for number in range(3):
                send(broker.bootstrap, alert(readings[2:], 70 + number, "confirmed", number))
                # The record is there: from here on it is the desk that makes people wait.
                started = time.monotonic()
                while b"alerts" not in stream.readline():
                    pass
                taken.append(time.monotonic() - started)
        # On a loaded machine one of three may be held up by others.
        assert min(taken) < WITHIN, taken


def test_a_desk_ends_while_pages_listen(tmp_path: Path) -> None:
    with small_desk(tmp_path) as (desk, _):
        stream = urllib.request.urlopen(f"{desk.address}/live", timeout=60)
        assert stream.readline() == b"retry: 2000\n"
    with stream:
        assert stream.read().endswith(b"\n")
