"""Zip archives of pages, and WACZ files, which are zip archives with WARC files in the folder archive/.

An archive without its table of contents, which stands at the end, is read from its beginning as far as it goes.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from extractors.formats.members import CHUNK, SKIP, DamageError, Inner, Lost, Reading, lost, size_of, unpacked

LOCAL, DESCRIPTOR, TABLE, TABLE_END = b"PK\x03\x04", b"PK\x07\x08", b"PK\x01\x02", b"PK\x05\x06"
UNTOLD = 0xFFFFFFFF  # a size that stands elsewhere
HEADER = struct.Struct("<4xHHHHHIIIHH")  # of a member: version, flags, method, time, day, CRC, sizes, lengths
TABLE_SIZE = struct.Struct("<12xI")
COMMENT_BYTES = 65_557  # the end of the table with the longest comment
MAX_TABLE = 200_000_000  # bytes of the table of contents, which is held in memory: a million files
ENCRYPTED, UNSIZED, UTF8 = 0x1, 0x8, 0x800  # flags
STORED, DEFLATED = 0, 8
WACZ, WACZ_SUFFIX, RECORDS = "datapackage.json", ".wacz", "archive/"


def recognised(head: bytes, name: str) -> bool:  # noqa: ARG001 - the bytes tell
    """Does it begin with a member, or is it an archive of none?"""
    return head.startswith((LOCAL, TABLE_END))


def inner_of(file: BinaryIO, *, name: str, reading: Reading) -> Iterator[Inner]:
    """The files in the archive, in the order of its table of contents."""
    try:
        if _table_size(file) > MAX_TABLE:
            raise DamageError("its table of contents is larger than any real one")
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        for inner in _without_table(file, str(error), reading):
            is_part = bool(inner.name) and name.lower().endswith(WACZ_SUFFIX) and not inner.name.startswith(RECORDS)
            yield replace(inner, lost=_part_of_wacz(inner.name)) if is_part else inner
        return
    infos = archive.infolist()
    is_wacz = name.lower().endswith(WACZ_SUFFIX) or any(info.filename == WACZ for info in infos)
    for number, info in enumerate(infos):
        if info.filename.endswith("/"):
            continue
        place = info.filename or f"({number})"
        reason = None
        if is_wacz and not info.filename.startswith(RECORDS):
            reason = _part_of_wacz(place)
        elif info.flag_bits & ENCRYPTED:
            reason = _lost(place, "archive.encrypted", "it is encrypted")
        opened = partial(unpacked, partial(archive.open, info), reading.budget)
        yield Inner(name=place, number=number, called=place, opened=opened, lost=reason)


def _part_of_wacz(name: str) -> Lost:
    return _lost(name, "skip.wacz", "a part of a WACZ file that holds no records", stage=SKIP)


def _lost(name: str, code: str, detail: str, *, stage: str = "format") -> Lost:
    return Lost(name=name, position=0, code=code, detail=detail, stage=stage)


def _table_size(file: BinaryIO) -> int:
    size = size_of(file)
    file.seek(max(0, size - COMMENT_BYTES))
    tail = file.read(COMMENT_BYTES)
    place = tail.rfind(TABLE_END)
    size_told: int = TABLE_SIZE.unpack_from(tail, place)[0] if 0 <= place <= len(tail) - TABLE_SIZE.size else 0
    return 0 if size_told == UNTOLD else size_told


class _Window:
    """The bytes of a file from `start` to `stop`, inflated where they were deflated; DamageError if they break off."""

    def __init__(self, file: BinaryIO, start: int, stop: int, method: int) -> None:
        self._file, self._place, self._stop = file, start, stop
        self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS) if method == DEFLATED else None
        self._rest = b""

    def read(self, size: int) -> bytes:
        if self._unpacker is None:
            return self._raw(size)
        while not self._unpacker.eof:
            data = self._rest or self._raw(CHUNK)
            out = self._unpacker.decompress(data, size)
            self._rest = self._unpacker.unconsumed_tail
            if out:
                return out
            if not data:
                raise DamageError("it breaks off")
        return b""

    def _raw(self, size: int) -> bytes:
        self._file.seek(self._place)
        data = self._file.read(min(size, self._stop - self._place))
        self._place += len(data)
        if not data and self._place < self._stop:
            raise DamageError("the archive ends in the middle of it")
        return data


def _without_table(file: BinaryIO, reason: str, reading: Reading) -> Iterator[Inner]:
    """The files that stand one after the other, as far as they can be followed, and at last why it had to be so."""
    size, place, number = size_of(file), 0, 0
    while (place := _find(file, LOCAL, place, size)) < size:
        file.seek(place)
        head = file.read(HEADER.size)
        if len(head) < HEADER.size:
            break
        _, flags, method, _, _, _, packed, _, name_length, extra_length = HEADER.unpack(head)
        name = file.read(name_length).decode("utf-8" if flags & UTF8 else "cp437", "replace")
        begin = place + HEADER.size + name_length + extra_length
        sized = not flags & UNSIZED and packed != UNTOLD
        stop = begin + packed if sized else _find(file, DESCRIPTOR, begin, size)
        place = min(stop, size) if sized else begin
        if name.endswith("/"):
            continue
        name = name or f"({number})"
        trouble = None
        if flags & ENCRYPTED:
            trouble = _lost(name, "archive.encrypted", "it is encrypted")
        elif method not in (STORED, DEFLATED):
            trouble = _lost(name, "archive.damaged", "its packing is not known")
        opened = partial(unpacked, partial(_Window, file, begin, stop, method), reading.budget)
        yield Inner(name=name, number=number, called=name, opened=opened, lost=trouble)
        number += 1
    table = _find(file, TABLE, 0, size)
    detail = f"the table of contents cannot be read ({reason}); what stands before it could be, as far as it goes"
    end = _lost("", "archive.damaged", detail)
    if table < size:
        end = lost(file, table, size, code=end.code, reason=detail)
    yield Inner(name="", number=number, called="", lost=end)


def _find(file: BinaryIO, mark: bytes, place: int, size: int) -> int:
    """Where the mark stands from `place` on; `size` if it does not."""
    step = 1 << 20
    while place < size:
        file.seek(place)
        chunk = file.read(step)
        found = chunk.find(mark)
        if found >= 0:
            return place + found
        place += max(len(chunk) - len(mark) + 1, 1)
    return size
