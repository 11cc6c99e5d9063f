"""The golden messages of articles, readings and positions: what is on the topics can be read and written again."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from streams.records import Pulse, Reading, Stand, Verdict, Withdrawal
from streams.topics import (
    ARTICLES,
    POSITIONS,
    READINGS,
    Malformed,
    NewerKind,
    decode_article,
    decode_evidence,
    decode_position,
    encode,
)

Decode = Callable[[bytes | None], msgspec.Struct]
DECODERS: dict[str, Decode] = {
    ARTICLES.name: decode_article,
    READINGS.name: decode_evidence,
    POSITIONS.name: decode_position,
}
GOLDEN = sorted(path for topic in DECODERS for path in (Path(__file__).parent / topic).glob("*.json"))
every_golden_message = pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.name}-{path.stem}")


def raw(path: Path) -> bytes:
    """The message as it stands on the topic; the file ends with a newline, the message does not."""
    return path.read_bytes().removesuffix(b"\n")


def decode(path: Path, message: bytes) -> msgspec.Struct:
    return DECODERS[path.parent.name](message)


def test_every_topic_and_every_record_of_the_evidence_log_has_a_golden_message() -> None:
    assert {path.parent.name for path in GOLDEN} == set(DECODERS)
    evidence = [decode(path, raw(path)) for path in GOLDEN if path.parent.name == READINGS.name]
    assert {type(record) for record in evidence} == {Reading, Withdrawal, Pulse, Verdict, Stand}


@every_golden_message
def test_a_golden_message_is_written_as_it_was_read(path: Path) -> None:
    assert encode(decode(path, raw(path))) == raw(path)


@every_golden_message
def test_an_unknown_field_is_ignored(path: Path) -> None:
    newer = json.loads(raw(path)) | {"added_later": [1, {"x": None}]}
    assert decode(path, json.dumps(newer).encode()) == decode(path, raw(path))


def decodes(path: Path, message: dict[str, object]) -> bool:
    try:
        decode(path, json.dumps(message).encode())
    except Malformed:
        return False
    return True


# What a record cannot do without. A field that joins a record later must have a default, so this list never grows.
NEEDED = {
    "articles.v1": {"id", "url", "outlet", "title", "text", "published", "fetched"},
    "reading": {
        *("record", "id", "article", "revision", "actor", "speaker", "capacity", "quote", "start", "end"),
        *("probabilities", "model", "outlet", "url", "title", "published", "fetched"),
    },
    "withdrawal": {"record", "article", "revision", "at"},
    "pulse": {"record", "minute"},
    "verdict": {"record", "actor", "what", "at"},
    "stand": {"record", "to", "actor", "stance", "probabilities", "since", "last_evidence", "at", "reading"},
    "positions.v1": {"actor", "stance", "probabilities", "at"},
}


@every_golden_message
def test_only_the_fields_of_the_first_version_are_needed(path: Path) -> None:
    message = json.loads(raw(path))
    needed = {field for field in message if not decodes(path, {k: v for k, v in message.items() if k != field})}
    assert needed == NEEDED[message.get("record", path.parent.name)]


@every_golden_message
@pytest.mark.parametrize("broken", [b"", b"{", b"null", b"[]", b'"text"', b"\xff\xfe", b"{}" * 2, b"[" * 100_000])
def test_what_is_no_record_is_malformed(path: Path, broken: bytes) -> None:
    with pytest.raises(Malformed):
        decode(path, broken)


@pytest.mark.parametrize("kind", ["promise", "model-change"])
def test_a_kind_of_evidence_that_only_a_newer_version_knows_is_told_from_what_is_malformed(kind: str) -> None:
    with pytest.raises(NewerKind, match=kind):
        decode_evidence(json.dumps({"record": kind, "actor": "ruritania"}).encode())


@pytest.mark.parametrize(
    "message",
    [b'{"record":"pulse"}', b'{"record":7}', b'{"record":"' + b"x" * 99 + b'"}', b'{"record":"A B"}', b"[]", None],
)
def test_what_no_version_can_have_sent_is_malformed(message: bytes | None) -> None:
    with pytest.raises(Malformed) as found:
        decode_evidence(message)
    assert not isinstance(found.value, NewerKind)
