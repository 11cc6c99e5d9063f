"""Compressed bodies: every way they come, and no bomb."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.decoding import TooLarge, Undecodable, decoder_for

LIMIT = 100_000


def bare_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


WAYS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("", bytes),
    ("identity", bytes),
    ("gzip", gzip.compress),
    ("X-GZIP", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", bare_deflate),
    ("deflate", gzip.compress),
    ("br", brotli.compress),
]


def decode(encoding: str, sent: bytes, size: int = 1000, limit: int = LIMIT) -> bytes:
    decoder = decoder_for(encoding, limit)
    for start in range(0, len(sent), size):
        decoder.feed(sent[start : start + size])
    return decoder.body()


@pytest.mark.parametrize(("encoding", "compress"), WAYS)
@given(body=st.binary(max_size=5000).map(b"<rss>".__add__), size=st.integers(1, 700))
def test_what_was_compressed_comes_out(
    encoding: str, compress: Callable[[bytes], bytes], body: bytes, size: int
) -> None:
    assert decode(encoding, compress(body), size) == body


def test_gzip_in_several_members_is_one_body() -> None:
    sent = gzip.compress(b"<rss>") + gzip.compress(b"</rss>") + b"\0\0\0"
    assert decode("gzip", sent, 7) == b"<rss></rss>"


def test_markup_that_is_only_called_compressed_is_read() -> None:
    assert decode("gzip", b"<?xml version='1.0'?><rss/>", 1) == b"<?xml version='1.0'?><rss/>"


def test_an_empty_body_is_empty() -> None:
    assert [decode(encoding, b"") for encoding in ("", "gzip", "deflate", "br")] == [b""] * 4


@pytest.mark.parametrize(("encoding", "compress"), WAYS)
def test_the_cap_is_exact(encoding: str, compress: Callable[[bytes], bytes]) -> None:
    body = b"<" + b"a" * (LIMIT - 1)
    assert decode(encoding, compress(body)) == body
    with pytest.raises(TooLarge):
        decode(encoding, compress(body + b"a"))


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress, brotli.compress])
def test_a_bomb_costs_no_more_than_the_cap(compress: Callable[[bytes], bytes]) -> None:
    sent = compress(bytes(64_000_000))
    encoding = "br" if compress is brotli.compress else "gzip"
    tracemalloc.start()
    with pytest.raises(TooLarge):
        decode(encoding, sent, 65536)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * LIMIT


def test_the_bytes_received_are_capped_too() -> None:
    # Empty members decode to nothing at all, for ever.
    sent = gzip.compress(b"") * (LIMIT // 20 + 1)
    with pytest.raises(TooLarge):
        decode("gzip", sent)


@pytest.mark.parametrize(("encoding", "compress"), WAYS[2:])
def test_a_body_that_ends_too_early_is_not_taken_for_whole(encoding: str, compress: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Undecodable):
        decode(encoding, compress(b"<rss>" * 1000)[:-5])


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
@given(junk=st.binary(max_size=300))
def test_junk_is_refused_or_decoded_but_never_anything_else(encoding: str, junk: bytes) -> None:
    with suppress(TooLarge, Undecodable):
        decode(encoding, junk)


def test_an_encoding_that_was_not_asked_for_is_refused() -> None:
    with pytest.raises(Undecodable):
        decoder_for("zstd", LIMIT)
