"""Plain text: a rendition of a page without markup, one line or paragraph after the other."""

from collections.abc import Iterator

from extractors.formats.source import Source
from extractors.records import Page, Rejected

MEDIA_TYPES = ("text/plain", "text/markdown")
SUFFIXES = (".txt", ".text", ".md")


def recognised(data: bytes) -> bool:
    """Text is what nothing else claims."""
    return bool(data)


def pages_of(source: Source) -> Iterator[Page | Rejected]:
    """The one page."""
    yield source.page("text")
