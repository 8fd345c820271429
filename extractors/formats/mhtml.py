"""A page saved by a browser with all it shows in one file (RFC 2557): a mail of several parts, of which one is the page."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from extractors.formats.source import Source, address_of, moment_of
from extractors.records import Page, Rejected

MEDIA_TYPES = ("multipart/related", "message/rfc822", "application/x-mimearchive")
SUFFIXES = (".mhtml", ".mht")
WRAPS = True  # the page in it is an input of its own, to be recognised by its own bytes

HEAD_BYTES = 8_192
HEADER = re.compile(rb"\s*(?:[A-Za-z][\w-]*:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)+")
PARTS = re.compile(rb"^Content-Type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
HTML = frozenset({"text/html", "application/xhtml+xml"})


def recognised(data: bytes) -> bool:
    """Does it begin with the header lines of a mail of related parts?"""
    head = HEADER.match(data[:HEAD_BYTES])
    return bool(head and PARTS.search(head[0]))


def pages_of(source: Source) -> Iterator[Page | Rejected]:
    """The page; frames, style and pictures beside it are none."""
    from extractors.formats import pages_in

    mail = message_from_bytes(source.data)
    part = next((part for part in mail.walk() if part.get_content_type() in HTML), None)
    data = part.get_payload(decode=True) if part else None
    if part is None or not isinstance(data, bytes):
        yield source.rejected("format.no_html", "none of the parts of the saved page is HTML")
        return
    if recognised(data):
        yield source.rejected("format.nested", "the page is a saved page itself")
        return
    yield from pages_in(
        data,
        uri=source.uri,
        url=source.url or address_of(_line(mail, "Snapshot-Content-Location") or _line(part, "Content-Location")),
        fetched_at=source.fetched_at or moment_of(_line(mail, "Date")),
        media_type=_line(part, "Content-Type"),
    )


def _line(part: Message, name: str) -> str | None:
    value = part.get(name)
    return " ".join(str(value).split()) if value else None
