"""Tar archives of pages; packed ones (tar.gz, tar.zst) are unpacked by packed.py first."""

import tarfile
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

from extractors.formats.members import CHUNK, SKIP, Inner, Lost, Reading, lost, unpacked

BLOCK = tarfile.BLOCKSIZE
MAX_READ = 20_000_000  # bytes at once: headers may claim to be of any length


class _Bounded:
    """The file as tarfile may read it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int) -> bytes:
        if size > MAX_READ:
            raise tarfile.ReadError(f"a header of {size:,} bytes")
        return self._file.read(size)


def recognised(head: bytes, name: str) -> bool:  # noqa: ARG001 - the bytes tell
    """Does it begin with a header whose checksum is right?"""
    try:
        tarfile.TarInfo.frombuf(head[:BLOCK], "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


def inner_of(file: BinaryIO, *, name: str, reading: Reading) -> Iterator[Inner]:  # noqa: ARG001 - the bytes tell
    """The files in the archive, in its order, and what stands between them and is neither file nor padding."""
    bounded: Any = _Bounded(file)
    archive: Any = tarfile.open(fileobj=bounded, mode="r:", ignore_zeros=True)  # noqa: SIM115 - it holds nothing open
    number, expected = 0, 0
    while info := archive.next():
        archive.members.clear()  # it would remember all of them
        if gap := _gap(file, expected, info.offset):
            yield Inner(name="", number=number, called="", lost=gap)
            number += 1
        expected = archive.offset
        if not info.isdir():
            opened = partial(unpacked, partial(archive.extractfile, info), reading.budget)
            kind = None if info.isreg() else _no_file(info)
            place = info.name or f"({number})"
            yield Inner(name=place, number=number, called=place, opened=opened, lost=kind)
            number += 1
    if gap := _gap(file, expected, None):
        yield Inner(name="", number=number, called="", lost=gap)


def _no_file(info: tarfile.TarInfo) -> Lost:
    return Lost(name=info.name, position=0, code="skip.link", detail="a link or a device", stage=SKIP)


def _gap(file: BinaryIO, start: int, stop: int | None) -> Lost | None:
    """What stands between two members and is not empty; `stop` None: up to the end."""
    if start == stop:
        return None
    file.seek(start)
    place, filled = start, False
    while (stop is None or place < stop) and (chunk := file.read(CHUNK if stop is None else min(CHUNK, stop - place))):
        filled = filled or any(chunk)
        place += len(chunk)
    return (
        lost(file, start, place, code="archive.damaged", reason="no header of a file stands here") if filled else None
    )
