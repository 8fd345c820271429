"""Archives → pages: what a file holds that holds many documents, member by member, archives inside archives too.

One module per kind; the file is the registration. A module has `recognised(head, name)` and either `entries_of`, if its
members are documents, or `inner_of`, if they are files of any kind. Nothing is written to disk, and nothing is held but
the member that is being read.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from io import BufferedReader, BytesIO
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Protocol

from extractors.errors import PullquoteError
from extractors.formats import __path__ as folder
from extractors.formats import pages_in
from extractors.formats.members import (
    BOMB,
    COLUMNS,
    FREE_BYTES,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_INFLATION,
    MAX_MEMBERS,
    SKIP,
    UNREADABLE,
    Budget,
    Columns,
    Entries,
    Inner,
    Lost,
    Member,
    Reading,
    Unpacked,
    is_page_name,
    size_of,
)
from extractors.records import Page, Rejected

HEAD_BYTES = 65_536  # of a file, to tell what it is
INNER_BITS = 40  # of a position for the place inside the member that its upper bits number
DRIVE = re.compile(r"[A-Za-z]:[\\/]")
BEHIND = (1 << INNER_BITS) - 1  # the place inside a member that is behind all of it


class ArchiveModule(Protocol):
    """What the modules offer of which one is an archive; see the top."""

    entries_of: Any
    inner_of: Any

    def recognised(self, head: bytes, name: str) -> bool:
        """Do the first HEAD_BYTES look like it, or else the name?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one member gave: pages, refusals, remarks of stage SKIP; `position` is where to go on after it."""

    items: tuple[Page | Rejected, ...]
    position: int


@cache
def archives() -> dict[str, ArchiveModule]:
    """Every kind of archive by its module's name."""
    names = sorted(info.name for info in pkgutil.iter_modules(folder) if info.name != "archives")
    modules = {name: importlib.import_module(f"extractors.formats.{name}") for name in names}
    return {
        name: found for name, found in modules.items() if hasattr(found, "entries_of") or hasattr(found, "inner_of")
    }


def is_archive(head: bytes, name: str) -> bool:
    """Whether a file of this name with this beginning is to be read member by member."""
    return _archive_of(head, name) is not None


def found_in(
    file: BinaryIO, *, uri: str, start: int = 0, columns: Columns = COLUMNS, kept_at: str | None = None
) -> Iterator[Found]:
    """What the archive holds, in its order, from the position `start` of an earlier look at the same bytes. `kept_at` is the
    path where it stays: the pages of its own records then have their `capture` there.

    Never raises on any bytes; a PullquoteError of `file` itself is passed on.
    """
    reading = Reading(budget=Budget(left=FREE_BYTES + MAX_INFLATION * size_of(file)), columns=columns)
    position, name = start, uri.rpartition("/")[2]
    if not hasattr(_archive_of(_head_of(file), name), "entries_of"):  # records are places in a file inside this one
        kept_at = None
    try:
        for entry in _entries(file, name, start, reading, depth=1):
            position = entry.position
            yield Found(items=tuple(_items(entry, uri, kept_at)), position=position)
    except PullquoteError as error:
        if error.code != BOMB:
            raise
        refusal = Rejected(stage="format", code=error.code, detail=error.detail, uri=uri)
        yield Found(items=(refusal,), position=position)


def _archive_of(head: bytes, name: str) -> ArchiveModule | None:
    return next((module for module in archives().values() if module.recognised(head, name.lower())), None)


def _items(entry: Member | Lost, uri: str, kept_at: str | None) -> Iterator[Page | Rejected]:
    place = f"{uri}#{entry.name}" if entry.name else uri
    place = place.encode("utf-8", "backslashreplace").decode()
    if isinstance(entry, Lost):
        yield Rejected(stage=entry.stage, code=entry.code, detail=entry.detail, uri=place, payload=entry.payload)
    else:
        capture = "{}:{}:{}".format(kept_at, *entry.record) if kept_at and entry.record else None
        for found in pages_in(
            entry.data, uri=place, url=entry.url, fetched_at=entry.fetched_at, media_type=entry.media_type
        ):
            if capture and isinstance(found, Page) and found.data == entry.data:
                yield replace(found, capture=capture)
            else:
                yield found


def _entries(file: BinaryIO, name: str, start: int, reading: Reading, *, depth: int) -> Entries:
    """All that the archive holds; of one that breaks off, what comes before that, and the reason."""
    position = start
    try:
        module = _archive_of(_head_of(file), name)
        if module is None:
            return
        if hasattr(module, "entries_of"):
            entries = module.entries_of(file, start=start, reading=reading)
        else:
            entries = _of_files(module, file, name, start, reading, depth)
        for entry in entries:
            position = entry.position
            yield entry
    except UNREADABLE as error:
        yield Lost(name="", position=position, code="archive.damaged", detail=f"the archive breaks off: {_told(error)}")


def _of_files(module: ArchiveModule, file: BinaryIO, name: str, start: int, reading: Reading, depth: int) -> Entries:
    first, inside = start >> INNER_BITS, start & ((1 << INNER_BITS) - 1)
    for inner in module.inner_of(file, name=name, reading=reading):
        behind = (inner.number + 1) << INNER_BITS
        if not inner.name and inner.opened:  # the only one there is: its places are those of the archive
            yield from _of_file(inner, start, reading, depth)
        elif inner.number >= MAX_MEMBERS:
            detail = f"more than {MAX_MEMBERS:,} files in one archive; the rest was not read"
            yield Lost(name="", position=behind, code="archive.too_many", detail=detail)
            return
        elif inner.number < first:
            continue
        elif inner.lost:
            yield replace(inner.lost, position=behind)
        else:
            for entry in _of_file(inner, inside if inner.number == first else 0, reading, depth):
                yield replace(entry, position=_position(inner.number, entry.position))


def _of_file(inner: Inner, start: int, reading: Reading, depth: int) -> Entries:
    """What a file in an archive holds: a page, or if it is an archive again all that is in there from `start` on.

    Positions are those in the file; BEHIND: after it.
    """

    def lost(code: str, detail: str, payload: bytes = b"", stage: str = "format") -> Lost:
        return Lost(name=inner.name, position=BEHIND, code=code, detail=detail, payload=payload, stage=stage)

    if inner.name and not _is_visible(inner.name):
        yield lost("skip.hidden", "a hidden file or folder", stage=SKIP)
        return
    try:
        with inner.opened() if inner.opened else BytesIO() as file:
            head = _head_of(file)
            if not is_archive(head, inner.called):
                yield from _page(file, inner)
            elif depth >= MAX_DEPTH:
                yield lost("archive.too_deep", f"an archive inside {depth} others", head)
            else:
                for entry in _entries(file, inner.called, start, reading, depth=depth + 1):
                    name = "#".join(part for part in (inner.name, entry.name) if part)
                    yield replace(entry, name=name)
            if failure := _failure(file):
                yield lost("archive.damaged", f"it cannot be read to its end: {_told(failure)}")
    except UNREADABLE as error:
        yield lost("archive.damaged", f"it cannot be read: {_told(error)}")


def _page(file: BufferedReader | BytesIO, inner: Inner) -> Entries:
    data = file.read(MAX_BYTES + 1)
    lost = partial(Lost, name=inner.name, position=BEHIND)
    if len(data) > MAX_BYTES:
        yield lost(code="format.too_large", detail=f"more than {MAX_BYTES:,} bytes")
    elif _leads_outside(inner.name):
        yield lost(code="archive.unsafe_name", detail="its name leads out of the archive", payload=data)
    elif not _failure(file):
        yield Member(name=inner.name, position=BEHIND, data=data)


def _failure(file: BufferedReader | BytesIO) -> Exception | None:
    raw = getattr(file, "raw", None)
    return raw.failure if isinstance(raw, Unpacked) else None


def _position(number: int, inside: int) -> int:
    """Where to go on after a place inside a member; before the member if it is itself an archive of archives."""
    if inside == BEHIND:
        return (number + 1) << INNER_BITS
    return (number << INNER_BITS) + (inside if inside < BEHIND else 0)


def _head_of(file: BinaryIO) -> bytes:
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    return head


def _told(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


def _is_visible(name: str) -> bool:
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part != ".."]
    return all(is_page_name(part) and part != "__MACOSX" for part in parts)


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or bool(DRIVE.match(name))
