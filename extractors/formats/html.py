"""HTML and XHTML: one file, one page (which may hold several pasted documents and articles)."""

import re
from collections.abc import Iterator
from itertools import islice

from extractors.formats.source import Source
from extractors.records import Page, Rejected

MEDIA_TYPES = ("text/html", "application/xhtml+xml")
SUFFIXES = (".html", ".htm", ".xhtml")

MARKUP = re.compile(
    rb"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]|<(?:p|div|article|title|table|span)[\s>]", re.IGNORECASE
)
TAG = re.compile(rb"</?[a-zA-Z][\w-]*[^<>]{0,300}>")
CANONICAL = re.compile(rb"<link\b[^>]{0,300}\brel\s*=\s*[\"']?canonical\b[^>]{0,600}>", re.IGNORECASE)
OG_URL = re.compile(rb"<meta\b[^>]{0,300}\bproperty\s*=\s*[\"']?og:url\b[^>]{0,600}>", re.IGNORECASE)
ADDRESS = re.compile(rb"https?://[^\s\"'<>]{3,2000}", re.IGNORECASE)
BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html\b|head\b|body\b)",
    re.IGNORECASE | re.DOTALL,
)
SAMPLE_BYTES = 20_000
HEAD_BYTES = 200_000
MIN_TAGS = 3  # a text page may speak of <p> once


def recognised(data: bytes) -> bool:
    """Does it begin like a document? Comments and an XML declaration may stand before."""
    return bool(BEGINNING.match(_sample(data)))


def resembles(data: bytes) -> bool:
    """Does it hold several tags early on? Asked only where no name says what it is: a text may speak of tags."""
    sample = _sample(data)
    return bool(MARKUP.search(sample)) and len(list(islice(TAG.finditer(sample), MIN_TAGS))) >= MIN_TAGS


def _sample(data: bytes) -> bytes:
    return data[:SAMPLE_BYTES].replace(b"\0", b"")  # UTF-16 looks like ASCII without its NULs


def pages_of(source: Source) -> Iterator[Page | Rejected]:
    """The one page, under the address it declares (canonical link, og:url) where nobody gave one."""
    yield source.page("html", url=None if source.url else _declared_address(source.data[:HEAD_BYTES]))


def _declared_address(head: bytes) -> str | None:
    for pattern in (CANONICAL, OG_URL):
        match = pattern.search(head)
        address = ADDRESS.search(match[0]) if match else None
        if address:
            return address[0].decode("utf-8", "replace").replace("&amp;", "&")
    return None
