"""An HTTP response as it was saved (RFC 9112): status line, headers, blank line, body. The HTTP inbox writes these.

Content-Location names the page's address, Date when it was obtained, Content-Type what the body is. Encodings of the
body are undone; many programs that save responses undo them themselves and leave the header.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from io import BytesIO
from typing import Protocol

from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader, ZstdReader

from extractors.formats.charset import has_text
from extractors.formats.members import MAX_BYTES, DamageError
from extractors.formats.source import Source, address_of, moment_of
from extractors.records import Page, Rejected

MEDIA_TYPES: tuple[str, ...] = ()  # the bytes tell, and a name would be that of the body too
SUFFIXES: tuple[str, ...] = ()
WRAPS = True  # what it holds is an input of its own, to be recognised by its own bytes

BEGINNING = b"HTTP/1."
HEAD_BYTES = 65_536  # servers refuse longer heads; beyond, it is a text that begins like a response


class _Reader(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


# RFC 9110; "deflate" is zlib's format.
ENCODINGS: Mapping[str, Callable[[BytesIO], _Reader]] = {
    "gzip": GzipReader,
    "x-gzip": GzipReader,
    "deflate": partial(GzipReader, zlib=True),
    "br": BrotliReader,
    "zstd": ZstdReader,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response: `status` is its code as written, `headers` have lower-case names, `body` is without encodings."""

    status: str
    headers: Mapping[str, str]
    body: bytes


def recognised(data: bytes) -> bool:
    """Does it begin with a status line, and does its head end?"""
    return data.startswith(BEGINNING) and _head_and_body(data) is not None


def pages_of(source: Source) -> Iterator[Page | Rejected]:
    """The pages of the body, under the address that the head names."""
    from extractors.formats import pages_in

    try:
        answer = answer_of(source.data)
    except DamageError as error:
        yield source.rejected("format.encoding", str(error))
        return
    if recognised(answer.body):
        yield source.rejected("format.nested", "the body is an HTTP response itself")
        return
    yield from pages_in(
        answer.body,
        uri=source.uri,
        url=source.url or address_of(answer.headers.get("content-location")),
        fetched_at=source.fetched_at or moment_of(answer.headers.get("date")),
        media_type=answer.headers.get("content-type"),
    )


def head_of(*, url: str | None, media_type: str | None, obtained: datetime) -> bytes:
    """The head to write before a body; url and media type must hold no control characters."""
    lines = ["HTTP/1.1 200 OK", f"Date: {format_datetime(obtained.astimezone(UTC), usegmt=True)}"]
    lines += [f"Content-Location: {url}"] if url else []
    lines += [f"Content-Type: {media_type}"] if media_type else []
    return "\r\n".join((*lines, "", "")).encode()


def answer_of(data: bytes) -> Answer:
    """A response as it was saved; DamageError if its body cannot be unpacked."""
    head, body = _head_and_body(data) or (data, b"")
    headers = headers_of(head)
    status = head[:HEAD_BYTES].split(maxsplit=2)[1:2]
    return Answer(
        status=status[0].decode("ascii", "replace") if status else "", headers=headers, body=_bare(headers, body)
    )


def headers_of(head: bytes) -> Mapping[str, str]:
    """The lines under the first one, by their names in lower case."""
    lines = head.decode("utf-8", "replace").strip("\r\n").split("\n")[1:]
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _bare(headers: Mapping[str, str], body: bytes) -> bytes:
    """The body without the encodings that the headers name."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        with suppress(OSError):  # it was undone, or breaks off; what is there is looked at as it is
            body = _all_of(ChunkedReader(BytesIO(body)))
    for name in reversed(headers.get("content-encoding", "").lower().split(",")):
        body = _unpacked(name.strip(), body)
    return body


def _unpacked(encoding: str, body: bytes) -> bytes:
    try:
        return _all_of(ENCODINGS[encoding](BytesIO(body))) if encoding in ENCODINGS and body else body
    except OSError as error:
        if has_text(body):  # whoever saved it unpacked it
            return body
        raise DamageError(f"the body's encoding {encoding} cannot be undone: {error}") from None


def _all_of(reader: _Reader) -> bytes:
    """What a reader gives, or so much of it that it is too large for a page."""
    parts: list[bytes] = []
    size = 0
    while size <= MAX_BYTES and (part := reader.read(MAX_BYTES + 1 - size)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _head_and_body(data: bytes) -> tuple[bytes, bytes] | None:
    ends = [(data.find(mark, 0, HEAD_BYTES), len(mark)) for mark in (b"\r\n\r\n", b"\n\n")]
    found = [(start, length) for start, length in ends if start >= 0]
    if not found:
        return None
    start, length = min(found)
    return data[:start], data[start + length :]
