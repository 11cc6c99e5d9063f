"""Bytes that might lie on a topic, and what must hold of decoding them."""

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from streams.topics import Malformed, decode_alert, decode_article, decode_evidence, decode_position, encode

DECODERS = {
    "alerts.v1": decode_alert,
    "articles.v1": decode_article,
    "positions.v1": decode_position,
    "readings.v1": decode_evidence,
}
GOLDEN = [
    (folder.name, file.read_bytes())
    for folder in sorted(Path("tests/contracts").iterdir())
    if folder.name in DECODERS
    for file in sorted(folder.glob("*.json"))
]
PIECES = st.sampled_from(
    [
        b"null",
        b"-1",
        b"1e999",
        b"NaN",
        b'""',
        b"[]",
        b"{}",
        b"true",
        b'"\\ud800"',
        b'"\xff"',
        b"0.5",
        b"," * 5,
        b"[" * 600,
        b'"9999-99-99T00:00:00Z"',
        b'"2025-05-01T00:00:00"',
        b"9" * 20,
        b'"kind"',
        b":",
        b"\x00",
    ]
)


@st.composite
def records(draw: Any) -> tuple[str, bytes]:
    """A golden message of a topic, bent, and the topic (at times another)."""
    topic, value = draw(st.sampled_from(GOLDEN))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(value)))
        value = value[:place] + draw(PIECES | st.binary(max_size=4)) + value[place + draw(st.integers(0, 30)) :]
    return draw(st.just(topic) | st.sampled_from(sorted(DECODERS))), value


INPUTS = records() | st.tuples(st.sampled_from(sorted(DECODERS)), st.binary(max_size=200) | st.none())


def check(found: tuple[str, bytes | None]) -> None:
    """A record that is encoded and decoded to itself, or Malformed; nothing else."""
    topic, value = found
    try:
        record = DECODERS[topic](value)
    except Malformed:
        return
    again = encode(record)
    assert DECODERS[topic](again) == record
    assert encode(DECODERS[topic](again)) == again
