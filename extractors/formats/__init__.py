"""Bytes → pages. One module per input format; the file is the registration.

A format module has `MEDIA_TYPES` and `SUFFIXES` (what its inputs are called), `recognised(data)` (what they look like)
and `pages_of(source)` (what they hold). One that says `WRAPS = True` holds other inputs, and is asked before all others.
What is too large to be held whole, because it is many documents, is an archive: see archives.py.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import PurePosixPath
from typing import Protocol

from extractors.formats.charset import has_text
from extractors.formats.html import resembles
from extractors.formats.members import MAX_BYTES
from extractors.formats.source import Source
from extractors.records import Page, Rejected

BLANK = b" \t\r\n\x0b\x0c\xef\xbb\xbf\xff\xfe\xc2\xa0\0"  # white space, byte order marks, no-break spaces

CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)

# What binary files begin with; a named kind makes a better refusal than "binary".
SIGNATURES = {
    b"%PDF-": "a PDF document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "gzip data",
    b"\x28\xb5\x2f\xfd": "zstd data",
    b"\x7fELF": "an ELF program",
    b"PAR1": "a Parquet file",
}


class FormatModule(Protocol):
    """What every module in this package offers."""

    MEDIA_TYPES: tuple[str, ...]
    SUFFIXES: tuple[str, ...]

    def recognised(self, data: bytes) -> bool:
        """Do the bytes look like this format?"""

    def pages_of(self, source: Source) -> Iterator[Page | Rejected]:
        """The pages the source holds, in its order."""


@cache
def formats() -> dict[str, FormatModule]:
    """Every format by its module's name: a module that has `pages_of` is one."""
    found: dict[str, FormatModule] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if hasattr(module, "pages_of"):
            found[info.name] = module
    return found


def pages_in(
    data: bytes,
    *,
    uri: str,
    url: str | None = None,
    fetched_at: datetime | None = None,
    media_type: str | None = None,
    charset: str | None = None,
) -> Iterator[Page | Rejected]:
    """The pages in one input, in its order; what is no page comes back as a Rejected. Never raises on any bytes.

    What the bytes look like beats what they are called: servers and file names mislabel pages, and their encodings.
    """
    said = CHARSET.search(media_type) if media_type and not charset else None
    source = Source(data=data, uri=uri, url=url, fetched_at=fetched_at, charset=said[1] if said else charset)
    for module in formats().values():
        if getattr(module, "WRAPS", False) and module.recognised(data):
            yield from module.pages_of(source)
            return
    refusal = _refusal(source)
    if refusal:
        yield refusal
        return
    yield from _format_of(data, uri, media_type).pages_of(source)


def _refusal(source: Source) -> Rejected | None:
    data = source.data
    if not data.strip(BLANK):
        return source.rejected(
            "format.empty", "the input has no bytes" if not data else "the input is only white space"
        )
    if len(data) > MAX_BYTES:
        return source.rejected("format.too_large", f"{len(data):,} bytes, more than {MAX_BYTES:,}")
    for signature, name in SIGNATURES.items():
        if data.startswith(signature):
            return source.rejected("format.binary", f"the input is {name}, not a page")
    if not has_text(data):
        return source.rejected("format.binary", "the bytes are not text in any known encoding")
    return None


def _format_of(data: bytes, uri: str, media_type: str | None) -> FormatModule:
    modules = formats()
    for name, module in modules.items():
        if name != "text" and module.recognised(data):
            return module
    name = (media_type or "").partition(";")[0].strip().lower()
    place, _, member = uri.partition("#")  # a fragment of an address, or a file in an archive
    suffixes = {PurePosixPath(part).suffix.lower() for part in (place.partition("?")[0], member)}
    for module in modules.values():
        if name in module.MEDIA_TYPES or (not name and suffixes.intersection(module.SUFFIXES)):
            return module
    return modules["html"] if resembles(data) else modules["text"]
