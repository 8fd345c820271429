"""An HTTP response as it was saved (RFC 9112): status line, headers, blank line, body. The HTTP inbox writes these.

Content-Location names the page's address, Date when it was obtained, Content-Type what the body is.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit

from extractors.formats.source import Source
from extractors.records import Page, Rejected

MEDIA_TYPES: tuple[str, ...] = ()  # the bytes tell, and a name would be that of the body too
SUFFIXES: tuple[str, ...] = ()
WRAPS = True  # what it holds is an input of its own, to be recognised by its own bytes

BEGINNING = b"HTTP/1."
HEAD_BYTES = 65_536  # servers refuse longer heads; beyond, it is a text that begins like a response


def recognised(data: bytes) -> bool:
    """Does it begin with a status line, and does its head end?"""
    return data.startswith(BEGINNING) and _head_and_body(data) is not None


def pages_of(source: Source) -> Iterator[Page | Rejected]:
    """The pages of the body, under the address that the head names."""
    from extractors.formats import pages_in

    head, body = _head_and_body(source.data) or (b"", source.data)
    headers = _headers(head)
    if recognised(body):
        yield source.rejected("format.nested", "the body is an HTTP response itself")
        return
    yield from pages_in(
        body,
        uri=source.uri,
        url=source.url or _address(headers.get("content-location")),
        fetched_at=source.fetched_at or _moment(headers.get("date")),
        media_type=headers.get("content-type"),
    )


def head_of(*, url: str | None, media_type: str | None, obtained: datetime) -> bytes:
    """The head to write before a body; url and media type must hold no control characters."""
    lines = ["HTTP/1.1 200 OK", f"Date: {format_datetime(obtained.astimezone(UTC), usegmt=True)}"]
    lines += [f"Content-Location: {url}"] if url else []
    lines += [f"Content-Type: {media_type}"] if media_type else []
    return "\r\n".join((*lines, "", "")).encode()


def _head_and_body(data: bytes) -> tuple[bytes, bytes] | None:
    ends = [(data.find(mark, 0, HEAD_BYTES), len(mark)) for mark in (b"\r\n\r\n", b"\n\n")]
    found = [(start, length) for start, length in ends if start >= 0]
    if not found:
        return None
    start, length = min(found)
    return data[:start], data[start + length :]


def _headers(head: bytes) -> Mapping[str, str]:
    lines = head.decode("utf-8", "replace").splitlines()[1:]
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _address(text: str | None) -> str | None:
    try:
        return text if text and urlsplit(text).scheme in {"http", "https"} and urlsplit(text).hostname else None
    except ValueError:
        return None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text) if text else None
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
