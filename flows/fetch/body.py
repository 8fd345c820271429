"""The body of an answer without its Content-Encoding, never longer than was asked for: a bomb is met at the limit."""

import zlib
from collections.abc import Callable, Mapping

import brotli
import zstandard

from extractors.errors import PullquoteError

TOO_LARGE = "fetch.too_large"
BROKEN = "fetch.broken"
MOST_LAYERS = 2  # encodings on top of each other; servers that compress twice by mistake exist
WINDOW = 8 * 1024 * 1024  # bytes of memory that a zstd frame may ask for, as RFC 9659 has it
PIECE = 1 << 16
SIP = 128  # bytes of zstd at once: its densest blocks make 4 MB of them

GZIP = b"\x1f\x8b"


def decoded(data: bytes, encodings: str, *, limit: int) -> bytes:
    """The data with its encodings (as the header lists them) undone.

    PullquoteError "fetch.too_large" if it, or any layer of it, has more than `limit` bytes, "fetch.broken" if it is not
    what the header says or ends too early.
    """
    layers = [name.strip().lower() for name in encodings.split(",") if name.strip().lower() not in {"", "identity"}]
    if len(layers) > MOST_LAYERS or any(name not in DECODERS for name in layers):
        raise PullquoteError(BROKEN, f"the server encoded it as {encodings[:60]}, which cannot be read")
    for name in reversed(layers):
        if data:  # an empty body is sent without its frame now and then
            data = _undone(DECODERS[name], data, name, limit)
    return data


def unzipped(data: bytes, *, limit: int) -> bytes:
    """What a .gz file holds, under the same limit and errors as `decoded`; other data as it is."""
    return _undone(_gzip, data, "gzip", limit) if data.startswith(GZIP) else data


def _undone(decoder: Callable[[bytes, int], bytes], data: bytes, name: str, limit: int) -> bytes:
    try:
        plain = decoder(data, limit + 1)
    except (zlib.error, brotli.error, zstandard.ZstdError, EOFError, MemoryError) as error:
        raise PullquoteError(BROKEN, f"the {name} data are damaged: {error}") from None
    if len(plain) > limit:
        raise PullquoteError(TOO_LARGE, f"more than {limit:,} bytes once its {name} is undone")
    return plain


def _gzip(data: bytes, most: int) -> bytes:
    plain = bytearray()
    while data.startswith(GZIP) and len(plain) < most:
        member = zlib.decompressobj(wbits=31)
        plain += member.decompress(data, most - len(plain))
        _ended(ended=member.eof or len(plain) >= most)
        data = member.unused_data  # another member, or what some servers append
    if not plain and data and not data.startswith(GZIP):
        raise zlib.error("no gzip at all")
    return bytes(plain)


def _deflate(data: bytes, most: int) -> bytes:
    # RFC 9110 means zlib's format; some servers send the bare stream.
    zlib_form = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    stream = zlib.decompressobj(wbits=15 if zlib_form else -15)
    plain = stream.decompress(data, most)
    _ended(ended=stream.eof or len(plain) >= most)
    return plain


def _brotli(data: bytes, most: int) -> bytes:
    stream = brotli.Decompressor()
    plain = bytearray(stream.process(data, output_buffer_limit=PIECE))
    while len(plain) < most and not stream.is_finished():
        piece = stream.process(b"", output_buffer_limit=PIECE)
        _ended(ended=bool(piece) or stream.is_finished())
        plain += piece
    return bytes(plain[:most])


def _zstd(data: bytes, most: int) -> bytes:
    plain = bytearray()
    frame = zstandard.ZstdDecompressor(max_window_size=WINDOW).decompressobj()
    start = 0
    while start < len(data) and len(plain) < most:
        if frame.eof:
            frame = zstandard.ZstdDecompressor(max_window_size=WINDOW).decompressobj()
        piece = data[start : start + SIP]
        plain += frame.decompress(piece)
        start += len(piece) - len(frame.unused_data)
    _ended(ended=frame.eof or len(plain) >= most)
    return bytes(plain[:most])


def _ended(*, ended: bool) -> None:
    if not ended:
        raise EOFError("they end too early")


DECODERS: Mapping[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
ACCEPTED = "gzip, deflate, br, zstd"
