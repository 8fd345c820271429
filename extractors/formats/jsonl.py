"""JSON Lines: a document in each line, an object whose members are its columns (see rows.py)."""

import json
from typing import BinaryIO

from extractors.formats.members import MAX_BYTES, MAX_KEPT, Entries, Lost, Reading
from extractors.formats.rows import member_of

SUFFIXES = (".jsonl", ".ndjson", ".jsonlines")
LINE_BYTES = 3 * MAX_BYTES  # a page in JSON is longer than the page by its escapes


def recognised(head: bytes, name: str) -> bool:
    """Is its first line an object? A line that is longer than the head is judged by the name."""
    line, _, rest = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    if not line.startswith(b"{"):
        return False
    return name.endswith(SUFFIXES) or ((bool(rest) or len(head) < MAX_KEPT) and isinstance(_object(line), dict))


def entries_of(file: BinaryIO, *, start: int, reading: Reading) -> Entries:
    """The lines from the byte `start` on, where one begins; their names are the bytes where they begin."""
    file.seek(start)
    place = start
    while line := file.readline(LINE_BYTES):
        begin, place = place, place + len(line)
        if len(line) == LINE_BYTES and not line.endswith(b"\n"):
            while (rest := file.readline(LINE_BYTES)) and not rest.endswith(b"\n"):
                place += len(rest)
            place += len(rest)
            yield _lost(begin, place, "format.too_large", f"a line of more than {LINE_BYTES:,} bytes", line)
            continue
        bare = line.removeprefix(b"\xef\xbb\xbf") if not begin else line
        if not bare.strip():
            continue
        row = _object(bare)
        if isinstance(row, str):
            yield _lost(begin, place, "jsonl.malformed", f"bytes {begin:,} to {place:,}: {row}", line)
        else:
            yield member_of(row, columns=reading.columns, name=str(begin), position=place, raw=line[:MAX_KEPT])


def _lost(begin: int, place: int, code: str, detail: str, line: bytes) -> Lost:
    return Lost(name=str(begin), position=place, code=code, detail=detail, payload=line[:MAX_KEPT])


def _object(line: bytes) -> dict[str, object] | str:
    """The object in a line, or why there is none."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:  # not JSON, or not UTF-8
        return f"the line is no JSON ({error})"
    return row if isinstance(row, dict) else "the line is JSON, but no object"
