"""WARC archives (ISO 28500), plain or packed by gzip or zstd a record at a time, and the WET files made of them.

Responses of status 200 with HTML or text are pages, and so are such resources and conversions; all others are remarks.
A damaged record costs what lies between it and the next one that can be read.
"""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from extractors.formats.frames import GZIP, Frames
from extractors.formats.members import (
    CHUNK,
    MAX_BYTES,
    SKIP,
    Budget,
    DamageError,
    Entries,
    Lost,
    Member,
    Reading,
    lost,
    size_of,
)
from extractors.formats.message import Answer, answer_of, headers_of
from extractors.formats.source import address_of, moment_of

SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".wet", ".wet.gz", ".wet.zst")
BEGINNING = b"WARC/"
END = b"\r\n\r\n"
HEAD_BYTES = 65_536  # of a record; longer ones are no head
BLOCK_BYTES = 2 * MAX_BYTES  # of a record: a body with its chunks and headers is larger than the page
HOLDING = frozenset({"response", "resource", "conversion"})
PAGES = frozenset({"", "text/html", "application/xhtml+xml", "text/plain", "text/markdown"})
KIND = re.compile(r"[a-z-]{1,40}", re.IGNORECASE)  # of a record
ENCODED = re.compile(rb"^(?:transfer|content)-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)
STEP = 1 << 20  # bytes looked through at a time for the next record


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """A record: its headers, of its block at most BLOCK_BYTES and only where it may hold a page, and where to go on."""

    headers: Mapping[str, str]
    block: bytes
    length: int
    stop: int


def recognised(head: bytes, name: str) -> bool:
    """Does it begin with a record, or is it called and packed as such files are?"""
    if head.startswith(GZIP):
        return _begins(zlib.decompressobj(31), head) or name.endswith(SUFFIXES)
    return head.startswith(BEGINNING) or name.endswith(SUFFIXES)


def entries_of(file: BinaryIO, *, start: int, reading: Reading) -> Entries:
    """The records from the byte `start` on, where one begins; their names are the bytes where they begin."""
    size = size_of(file)
    frames = Frames(file, start=start, budget=reading.budget)
    number = 0  # in its frame, which holds one record in most files and all of them in some
    while frames.place < size:
        begin = frames.place
        try:
            if frames.ended:
                number = 0
                if frames.next():
                    continue
                return
            record = _record_of(frames)
        except DamageError as error:
            stop = _next(file, begin + 1, frames.magic) or size
            yield lost(file, begin, stop, code="warc.damaged", reason=str(error))
            number = 0
            frames.go_to(stop)
            continue
        if record:
            entry = _entry(record, f"{begin}.{number}" if number and frames.magic else str(begin))
            alone = record.stop > begin and (not frames.magic or (number == 0 and frames.magic == GZIP))
            if isinstance(entry, Member) and alone and _is_bare(record, entry.data):
                entry = replace(entry, record=(begin, record.stop - begin))
            yield entry
            number += 1


def _begins(unpacker: "zlib._Decompress", head: bytes) -> bool:
    try:
        return unpacker.decompress(head, len(BEGINNING)) == BEGINNING
    except zlib.error:
        return False


def _record_of(frames: Frames) -> _Record | None:
    """The record that comes next; None if only blank lines do."""
    head = frames.until(END, HEAD_BYTES)
    if head is None:
        if frames.read(HEAD_BYTES).strip():
            raise DamageError("no record begins here")
        return None
    headers = headers_of(head)
    length = headers.get("content-length", "")
    if not head.lstrip(b"\r\n").startswith(BEGINNING) or not length.isdecimal() or "warc-type" not in headers:
        raise DamageError("this is not the head of a record")
    if not KIND.fullmatch(headers["warc-type"]):
        raise DamageError("the record's head is damaged")
    block = frames.read(min(int(length), BLOCK_BYTES) if headers["warc-type"] in HOLDING else 0)
    rest = int(length) - len(block)
    while rest and (passed := frames.read(min(rest, CHUNK))):
        rest -= len(passed)
    if rest:
        raise DamageError(f"the record breaks off {rest:,} bytes before its end")
    if frames.read(len(END)).strip():
        raise DamageError("the record is longer or shorter than its head says")
    return _Record(headers=headers, block=block, length=int(length), stop=frames.stop)


def _entry(record: _Record, name: str) -> Member | Lost:
    headers, kind = record.headers, record.headers["warc-type"].lower()

    def passed(code: str, detail: str, *, stage: str = SKIP) -> Lost:
        payload = b"" if stage == SKIP else record.block
        return Lost(name=name, position=record.stop, code=code, detail=detail, stage=stage, payload=payload)

    if kind not in HOLDING:
        return passed("skip.record", f"a record of type {kind[:40]}")
    if record.length > BLOCK_BYTES:
        return passed("format.too_large", f"a record of {record.length:,} bytes", stage="format")
    try:
        answer = _answer(headers, record.block)
    except DamageError as error:
        return passed("warc.encoding", str(error), stage="format")
    if answer.status != "200":
        return passed("skip.status", f"an answer of status {answer.status[:40]}")
    media_type = answer.headers.get("content-type", "")
    if media_type.partition(";")[0].strip().lower() not in PAGES:
        return passed("skip.media_type", f"an answer of type {media_type[:80]}")
    return Member(
        name=name,
        position=record.stop,
        data=answer.body,
        url=address_of(headers.get("warc-target-uri", "").strip("<>")),
        fetched_at=moment_of(headers.get("warc-date")),
        media_type=media_type or None,
    )


def _is_bare(record: _Record, body: bytes) -> bool:
    """Does any reader of WARC files find just this body in the record: are there no encodings to be undone, and does its
    head say what it holds?
    """
    head = record.block[: len(record.block) - len(body)]
    told = record.headers.get("content-type", "").lower().startswith("application/http")
    if not head:
        return record.block == body and not told
    plain = END in head and b"\n\n" not in head and not ENCODED.search(head)
    return told and head.startswith(b"HTTP/") and plain and head.endswith(END) and record.block.endswith(body)


def _answer(headers: Mapping[str, str], block: bytes) -> Answer:
    """The HTTP response in a record, or what stands there without one."""
    if block.startswith(b"HTTP/"):
        return answer_of(block)
    return Answer(status="200", headers={"content-type": headers.get("content-type", "")}, body=block)


def _next(file: BinaryIO, place: int, magic: bytes) -> int | None:
    """Where the next record begins from `place` on; None: there is none."""
    mark = magic or BEGINNING
    while True:
        file.seek(place)
        chunk = file.read(STEP)
        found = chunk.find(mark)
        while found >= 0:
            if _is_record(file, place + found):
                return place + found
            found = chunk.find(mark, found + 1)
        if len(chunk) < STEP:
            return None
        place += STEP - len(mark) + 1


def _is_record(file: BinaryIO, place: int) -> bool:
    frames = Frames(file, start=place, budget=Budget(left=HEAD_BYTES**2))
    try:
        head = frames.until(END, HEAD_BYTES)
    except DamageError:
        return False
    return bool(head and head.startswith(BEGINNING) and "warc-type" in headers_of(head))
