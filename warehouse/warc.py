"""Records in WARC files: written, found again after a crash, and read by a pointer to one of them.

A pointer is text, FILE:START:LENGTH. FILE is a name in the folder of captures, or the path of another WARC archive;
START and LENGTH, in bytes, are those of one record, compressed as a gzip member of its own in our files.
"""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote
from uuid import UUID

from extractors.errors import PullquoteError

GZIP = 31  # zlib's name for "one gzip member"
LEVEL = 4  # on web pages 6 % more bytes than level 9, in less than half of its time
CHUNK = 1 << 20
HEAD_BYTES = 4096  # our records' headers are shorter, unless an address is very long
DIGEST = b"\r\nWARC-Payload-Digest: sha256:"
SOFTWARE = "pullquote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record is; as text it is the pointer."""

    file: str
    start: int
    length: int

    def __str__(self) -> str:
        return f"{self.file}:{self.start}:{self.length}"

    @property
    def stop(self) -> int:
        """Where the next record begins."""
        return self.start + self.length


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Bytes to keep, and what a record says of them: `address` is a url or a place, `seen` when they were obtained."""

    record_id: UUID
    data: bytes
    sha256: str
    address: str
    media_type: str
    seen: datetime


def place_of(pointer: str) -> Place:
    """The place a pointer names; PullquoteError capture.malformed."""
    try:
        file, start, length = pointer.rsplit(":", 2)
        return Place(file=file, start=int(start), length=int(length))
    except ValueError:
        raise PullquoteError("capture.malformed", f"{pointer!r} points at no capture") from None


def captured(folder: Path, pointer: str, sha256: str | None = None) -> bytes:
    """The bytes that were kept, the same to the last one; `folder` is that of the captures, `sha256` what they had, where
    that is known: another's archive does not say it, and may have been written anew.

    PullquoteError capture.malformed, capture.missing (the file is not there), capture.damaged.
    """
    from fastwarc.warc import ArchiveIterator

    place = place_of(pointer)
    path = folder / place.file
    try:
        with path.open("rb") as file:
            file.seek(place.start)
            stored = file.read(place.length)
    except (OSError, OverflowError, ValueError) as error:
        raise PullquoteError("capture.missing", f"the capture {pointer} cannot be read: {error}") from error
    try:
        record = next(iter(ArchiveIterator(BytesIO(stored))), None)
        data = bytes(record.reader.read()) if record else b""
    except OSError as error:  # the root of what FastWARC says about streams
        raise PullquoteError("capture.damaged", f"the record at {pointer} in {folder} is damaged: {error}") from error
    if record is None:
        raise PullquoteError("capture.damaged", f"there is no record at {pointer} in {folder}")
    algorithm, _, digest = (record.headers.get("WARC-Payload-Digest") or "").partition(":")
    expected = sha256 or (digest if algorithm == "sha256" else None)
    if expected and expected != hashlib.sha256(data).hexdigest():
        raise PullquoteError("capture.damaged", f"the bytes at {pointer} in {folder} are not those that were kept")
    return data


def head_of_file(name: str, now: datetime) -> bytes:
    """The first record of a file: what wrote it."""
    from warcio.warcwriter import WARCWriter

    file = BytesIO()
    writer = WARCWriter(file, gzip=True, warc_version="1.1")
    info = {"software": SOFTWARE, "format": "WARC File Format 1.1"}
    record = writer.create_warcinfo_record(name, info)
    record.rec_headers.replace_header("WARC-Date", _moment(now))
    writer.write_record(record)
    return file.getvalue()


def record_of(content: Content) -> bytes:
    """One `resource` record, a gzip member: bytes as they were obtained, without the headers of any transfer."""
    from warcio.warcwriter import WARCWriter

    file = BytesIO()
    writer = WARCWriter(file, gzip=False, warc_version="1.1")
    digest = f"sha256:{content.sha256}"
    record = writer.create_warc_record(
        _uri_of(content.address),
        "resource",
        payload=BytesIO(content.data),
        length=len(content.data),
        warc_content_type=content.media_type,
        warc_headers_dict={
            "WARC-Record-ID": f"<urn:uuid:{content.record_id}>",
            "WARC-Date": _moment(content.seen),
            "WARC-Block-Digest": digest,
            "WARC-Payload-Digest": digest,
        },
    )
    writer.write_record(record)
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    return packer.compress(file.getvalue()) + packer.flush()


def whole_records(file: BinaryIO, *, name: str, start: int) -> Iterator[tuple[Place, str | None]]:
    """The complete records from `start` on, with the SHA-256 of their content; ends at the first that is torn."""
    file.seek(start)
    rest = b""
    while True:
        member, head, length = zlib.decompressobj(GZIP), b"", 0
        while not member.eof:
            chunk = rest or file.read(CHUNK)
            if not chunk:
                return
            try:
                head = (head + member.decompress(chunk))[:HEAD_BYTES]
            except zlib.error:
                return
            length += len(chunk) - len(member.unused_data)
            rest = member.unused_data
        yield Place(file=name, start=start, length=length), _digest_in(head)
        start += length


def _digest_in(head: bytes) -> str | None:
    place = head.find(DIGEST) + len(DIGEST)
    return head[place : place + 64].decode("ascii", "replace") if place >= len(DIGEST) else None


def _uri_of(address: str) -> str:
    """The address as a URI: a place without a scheme is that of a file."""
    known = "://" in address or address.startswith("urn:")
    return quote(address if known else f"file:{address}", safe=":/?#[]@!$&'()*+,;=%~", errors="replace")


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
