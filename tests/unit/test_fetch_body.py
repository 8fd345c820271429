"""Bodies without their encodings, and never more of them than the limit."""

import gzip
import tracemalloc

import pytest

from extractors.errors import PullquoteError
from flows.fetch.body import decoded, unzipped
from tests.encoders import ENCODERS

LIMIT = 1_000_000


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


def test_a_file_that_is_packed_or_not() -> None:
    assert unzipped(gzip.compress(b"<urlset/>"), limit=LIMIT) == unzipped(b"<urlset/>", limit=LIMIT) == b"<urlset/>"
