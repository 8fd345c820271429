"""Bodies without their encodings, and never more of them than the limit."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import PullquoteError
from flows.fetch.body import decoded, unzipped

LIMIT = 1_000_000


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


@pytest.mark.parametrize("name", ENCODERS)
@given(data=st.binary(max_size=2_000))
def test_what_was_encoded_comes_back(name: str, data: bytes) -> None:
    header, encode = ENCODERS[name]
    assert decoded(encode(data), header, limit=LIMIT) == data


@pytest.mark.parametrize("name", [name for name in ENCODERS if name != "not encoded"])
def test_a_bomb_is_met_at_the_limit(name: str) -> None:
    header, encode = ENCODERS[name]
    bomb = encode(bytes(20 * LIMIT))
    tracemalloc.start()
    try:
        with pytest.raises(PullquoteError, match=r"fetch\.too_large"):
            decoded(bomb, header, limit=LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 12 * LIMIT
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", [name for name in ENCODERS if name != "not encoded"])
def test_what_ends_too_early_is_broken(name: str) -> None:
    header, encode = ENCODERS[name]
    data = encode(b"words that end before their time " * 100)
    for length in (1, len(data) // 3, len(data) - 1):
        with pytest.raises(PullquoteError, match=r"fetch\.broken"):
            decoded(data[:length], header, limit=LIMIT)


@pytest.mark.parametrize("header", ["gzip", "deflate", "br", "zstd", "gzip, deflate", "rot13", "gzip, gzip, gzip"])
@given(data=st.binary(min_size=1, max_size=300))
def test_whatever_a_server_sends_is_bytes_or_a_refusal(header: str, data: bytes) -> None:
    try:
        assert len(decoded(data, header, limit=LIMIT)) <= LIMIT
    except PullquoteError as error:
        assert error.code in {"fetch.broken", "fetch.too_large"}  # noqa: PT017


def test_a_file_that_is_packed_or_not() -> None:
    assert unzipped(gzip.compress(b"<urlset/>"), limit=LIMIT) == unzipped(b"<urlset/>", limit=LIMIT) == b"<urlset/>"
