"""Log lines as JSON: each parses, names its time, level, event and ids, and holds no secret."""

import json
import logging
import os
import threading
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from services import logs
from services.logs import about, conceal, is_json, start_logging

log = logging.getLogger("parley.test")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_has_time_level_event_message_and_the_ids_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("info", "json")
    assert is_json()
    log.info("%s: told %s", "desk", "a.1", extra=about("alert-told", sink="desk", alert="a", revision=1, digest=None))
    (line,) = lines(capsys)
    assert datetime.fromisoformat(str(line.pop("time"))).utcoffset() == timedelta(0)
    assert line == {
        "level": "info", "logger": "parley.test", "event": "alert-told", "message": "desk: told a.1",
        "sink": "desk", "alert": "a", "revision": 1,
    }  # fmt: skip


def test_an_event_without_a_name_is_named_by_its_fixed_words(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("info", "json")
    for partition in (1, 2):
        log.info("%s/%d: %d rows taken in within %.1f s", "log", partition, 7, 0.2)
    assert {line["event"] for line in lines(capsys)} == {"rows-taken-in-within-s"}


def test_whatever_is_said_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("info", "json")
    try:
        raise ValueError("two\nlines")
    except ValueError:
        log.exception("it failed:\n%s", "really")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("an old way", DeprecationWarning, stacklevel=1)
    thread = threading.Thread(target=lambda: os.environ["NOTHING"], name="t")
    thread.start()
    thread.join(60)
    failed, warned, uncaught = lines(capsys)
    assert "ValueError: two\nlines" in str(failed["error"])
    assert (warned["level"], warned["logger"]) == ("warning", "py.warnings")
    assert (uncaught["level"], uncaught["event"]) == ("critical", "uncaught")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_secret_is_in_no_line_whoever_writes_it(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("info", form)
    conceal("https://hooks.example/SECRETPATH", "short")
    try:
        raise OSError("cannot connect to https://hooks.example/SECRETPATH now")
    except OSError:
        log.exception("not sent to %s", "https://hooks.example/SECRETPATH", extra=about("x", url="a SECRETPATH b"))
    logging.getLogger("aiohttp").error("https://hooks.example/SECRETPATH answered")
    said = capsys.readouterr().err
    assert "hooks.example/SECRETPATH" not in said
    assert "<secret>" in said
    assert "short" not in logs._secrets


def test_text_stays_what_people_read(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("info")
    log.info("told %s", "a.1", extra=about("alert-told", alert="a"))
    assert capsys.readouterr().err.rstrip().endswith("INFO    parley.test: told a.1")
    assert not is_json()


def test_levels_below_the_one_asked_for_are_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("warning", "json")
    say: tuple[Callable[..., None], ...] = (log.debug, log.info, log.warning)
    for level in say:
        level("a thing")
    assert [line["level"] for line in lines(capsys)] == ["warning"]
