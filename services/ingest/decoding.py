"""A compressed body to its bytes, piece by piece and never more than a cap: a bomb costs what the cap allows.

aiohttp can decompress by itself, but then only one of the two sizes can be capped as it streams; a body that a server
calls gzip and is not would be an error, while feeds like that exist and are readable.
"""

import zlib
from typing import Final, Protocol

import brotli

ACCEPTED: Final = "gzip, deflate, br"


class TooLarge(Exception):
    """The body, compressed or not, is larger than its cap."""


class Undecodable(Exception):
    """The body is not what its Content-Encoding says."""


class Decoder(Protocol):
    """Takes the body as it arrives; raises TooLarge or Undecodable."""

    def feed(self, data: bytes) -> None:
        """Take the next piece of the body as sent."""

    def body(self) -> bytes:
        """Return everything decoded; raises Undecodable when the end is missing."""


class _Capped:
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0
        self._received = 0

    def _receive(self, data: bytes) -> None:
        self._received += len(data)
        if self._received > self._limit:
            raise TooLarge

    def _room(self) -> int:
        # One byte more than allowed, so that reaching the cap and passing it are told apart.
        return self._limit - self._size + 1

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._limit:
            raise TooLarge
        self._pieces.append(piece)

    def body(self) -> bytes:
        return b"".join(self._pieces)


class Identity(_Capped):
    """A body that is not compressed."""

    def feed(self, data: bytes) -> None:
        self._receive(data)
        self._keep(data)


class Zlib(_Capped):
    """gzip in one or several members, zlib, and the bare deflate that some servers send as "deflate"."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._start = b""
        self._stream: zlib._Decompress | None = None
        self._plain = False

    def feed(self, data: bytes) -> None:
        self._receive(data)
        if self._plain:
            self._keep(data)
            return
        if self._stream is None:
            self._start += data
            if len(self._start) < 2:
                return
            data, self._start = self._start, b""
            if data[:1] in b"<{\xef" or data[:2].isspace():
                # Labelled as compressed, sent as it is: markup shows at once.
                self._plain = True
                self._keep(data)
                return
            self._stream = _zlib_stream(data)
        self._inflate(data)

    def _inflate(self, data: bytes) -> None:
        stream = self._stream
        while data and stream is not None:
            if stream.eof:
                if data[:2] != b"\x1f\x8b":
                    # Padding after the last member, as gzip(1) also ignores it.
                    return
                stream = self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
            try:
                piece = stream.decompress(data, self._room())
            except zlib.error as error:
                raise Undecodable(str(error)) from None
            self._keep(piece)
            data = stream.unconsumed_tail or stream.unused_data

    def body(self) -> bytes:
        if self._start:
            raise Undecodable("one byte is no compressed body")
        if self._stream is not None and not self._stream.eof:
            raise Undecodable("the compressed body ends too early")
        return super().body()


class Brotli(_Capped):
    """A brotli stream."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._stream = brotli.Decompressor()

    def feed(self, data: bytes) -> None:
        self._receive(data)
        try:
            self._keep(self._stream.process(data, output_buffer_limit=self._room()))
            while not self._stream.can_accept_more_data():
                self._keep(self._stream.process(b"", output_buffer_limit=self._room()))
        except brotli.error as error:
            raise Undecodable(str(error)) from None

    def body(self) -> bytes:
        if self._received and not self._stream.is_finished():
            raise Undecodable("the compressed body ends too early")
        return super().body()


def decoder_for(encoding: str, limit: int) -> Decoder:
    """Return the decoder for a Content-Encoding; `limit` caps both the bytes received and the bytes decoded.

    Raises Undecodable for an encoding that we did not offer.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return Identity(limit)
    if name in ("gzip", "x-gzip", "deflate"):
        return Zlib(limit)
    if name == "br":
        return Brotli(limit)
    raise Undecodable(f"encoding {name[:20]!r} was not asked for")


def _zlib_stream(start: bytes) -> "zlib._Decompress":
    if start[:2] == b"\x1f\x8b":
        return zlib.decompressobj(zlib.MAX_WBITS | 16)
    # RFC 1950: the low four bits of the first byte are 8, and the first two bytes are a multiple of 31.
    if start[0] & 0x0F == 8 and int.from_bytes(start[:2]) % 31 == 0:
        return zlib.decompressobj()
    return zlib.decompressobj(-zlib.MAX_WBITS)
