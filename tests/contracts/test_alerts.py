"""The golden messages of `alerts.v1`: what is on the topic today can be read and written again, byte for byte."""

import json
from pathlib import Path
from typing import get_args

import pytest

from streams.records import AlertKind
from streams.topics import ALERTS, Malformed, decode_alert, encode

GOLDEN = sorted((Path(__file__).parent / ALERTS.name).glob("*.json"))
# As they were written before an alert carried its proof: an interval for its date, and what each reading did to it.
OLDER = sorted((Path(__file__).parent / ALERTS.name / "before-proof").glob("*.json"))


def raw(path: Path) -> bytes:
    """The message as it stands on the topic; the file ends with a newline, the message does not."""
    return path.read_bytes().removesuffix(b"\n")


def test_every_status_has_a_golden_message() -> None:
    assert {decode_alert(raw(path)).status for path in GOLDEN} == {"pending", "confirmed", "retracted", "closed"}


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_message_is_written_as_it_was_read(path: Path) -> None:
    assert encode(decode_alert(raw(path))) == raw(path)


def test_every_kind_has_a_golden_message() -> None:
    kinds = {decode_alert(raw(path)).kind for path in GOLDEN}
    assert kinds == set(get_args(AlertKind)) - {"canary"}


@pytest.mark.parametrize("path", OLDER, ids=lambda path: path.stem)
def test_an_older_message_says_what_it_said(path: Path) -> None:
    assert OLDER
    alert, written = decode_alert(raw(path)), json.loads(raw(path))
    again = json.loads(encode(alert))
    assert {field: again[field] for field in written if field != "evidence"} == {
        field: value for field, value in written.items() if field != "evidence"
    }
    for one, before in zip(again["evidence"], written["evidence"], strict=True):
        assert {field: one[field] for field in before} == before
    assert (alert.since_from, alert.since_to, alert.other) == (None, None, None)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_an_unknown_field_is_ignored(path: Path) -> None:
    newer = json.loads(raw(path)) | {"added_later": {"x": 1}}
    assert decode_alert(json.dumps(newer).encode()) == decode_alert(raw(path))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
@pytest.mark.parametrize("field", ["id", "actor", "before", "after", "since", "at", "probability", "status"])
def test_a_message_without_a_field_that_it_needs_is_malformed(path: Path, field: str) -> None:
    older = json.loads(raw(path))
    del older[field]
    with pytest.raises(Malformed, match=field):
        decode_alert(json.dumps(older).encode())


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_times_without_a_zone_are_malformed(path: Path) -> None:
    naive = json.loads(raw(path)) | {"at": "2024-05-03T13:00:00"}
    with pytest.raises(Malformed, match="timezone"):
        decode_alert(json.dumps(naive).encode())
