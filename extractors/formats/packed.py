"""A single file that was packed by gzip or zstd. What is inside is a page, or an archive again (tar.gz)."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from extractors.formats import warc
from extractors.formats.frames import GZIP, ZSTD, Frames
from extractors.formats.members import Budget, Inner, Reading, unpacked

SHORT = {".tgz": ".tar", ".tzst": ".tar"}


class _Stream:
    """All the frames of a file as one stream; DamageError where it breaks off."""

    def __init__(self, file: BinaryIO) -> None:
        self._frames = Frames(file, start=0, budget=Budget(left=1 << 62))  # whoever reads this counts
        self._more = True

    def read(self, size: int) -> bytes:
        while self._more and self._frames.ended:
            self._more = self._frames.next()
        return self._frames.some(size) if self._more else b""


def recognised(head: bytes, name: str) -> bool:
    """Does it begin as packed files do? WARC files are packed a record at a time, and read so."""
    return head.startswith((GZIP, ZSTD)) and not warc.recognised(head, name)


def inner_of(file: BinaryIO, *, name: str, reading: Reading) -> Iterator[Inner]:
    """The one file."""
    path = PurePosixPath(name)
    yield Inner(
        name="",
        number=0,
        called=path.stem + SHORT.get(path.suffix.lower(), ""),
        opened=lambda: unpacked(lambda: _Stream(file), reading.budget),
    )
