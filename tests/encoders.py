"""Ways to encode a body, each with the header that says so."""

import gzip
import zlib
from collections.abc import Callable

import brotli
import zstandard


def bare_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


ENCODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.compress),
    "two members": ("gzip", lambda data: gzip.compress(data[:5]) + gzip.compress(data[5:])),
    "two frames": ("zstd", lambda data: zstandard.compress(data[:5]) + zstandard.compress(data[5:])),
    "two layers": ("gzip, br", lambda data: brotli.compress(gzip.compress(data))),
    "not encoded": ("identity", bytes),
}
