"""Any bytes as text that is safe to look at."""

from collections.abc import Iterator

from extractors.formats.charset import charset_of, has_text, text_of
from warehouse.report.text import visible

ROW = 16  # bytes in a line of a hex dump
DUMPED = 1024  # bytes: what a binary file is, its beginning tells


def text_of_bytes(data: bytes, *, limit: int | None) -> str:
    """Text as it reads, anything else as a hex dump of its beginning; at most `limit` characters of text."""
    if not data:
        return "(no bytes)"
    if not has_text(data):
        more = "" if len(data) <= DUMPED else f"\n… {len(data) - DUMPED:,} more bytes (--raw has them all)"
        return "\n".join(_dumped(data[:DUMPED])) + more
    text = text_of(data, charset_of(data))
    cut = text if limit is None else text[:limit]
    more = "" if len(cut) == len(text) else f"\n… {len(text) - len(cut):,} more characters (--raw has them all)"
    return visible(cut) + more


def _dumped(data: bytes) -> Iterator[str]:
    for place in range(0, len(data), ROW):
        row = data[place : place + ROW]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        yield f"{place:08x}  {row.hex(' '):<{3 * ROW}} {letters}"
