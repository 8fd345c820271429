"""What archives are made of, for the modules that read them."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from tarfile import TarError
from typing import Any, BinaryIO
from zipfile import BadZipFile

from extractors.errors import PullquoteError

MAX_BYTES = 20_000_000  # the largest of 1,452 labelled pages has 6 MB; a page beyond this is an archive or an attack
MAX_DEPTH = 3  # a WARC compressed once more, in a WACZ in a zip; deeper ones are made to exhaust
FREE_BYTES = 2_000_000_000  # what any archive may unpack to,
MAX_INFLATION = 200  # and how many times its own size beyond that: HTML shrinks to a tenth, its like to a fiftieth
MAX_MEMBERS = 1_000_000  # files in one archive
MAX_KEPT = 1_000_000  # bytes of a damaged stretch that go into the quarantine
CHUNK = 65_536

BOMB = "archive.bomb"
SKIPPED_SUFFIXES = (
    ".tmp",
    ".answer.json",
    ".urls",
)  # half-written files, answers beside seed pages, lists of addresses
SKIP = "skip"  # the stage of what holds no page by its nature; a remark, neither quarantined nor a failure


class DamageError(Exception):
    """What stands here cannot be read; the text says why."""


# What the readers say of bytes that are not what they should be; failures of the file itself are PullquoteErrors.
UNREADABLE = (
    *(DamageError, EOFError, OSError, OverflowError, RuntimeError, ValueError),
    *(struct.error, zlib.error, BadZipFile, TarError),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A document of an archive. `name` is its place inside; `position` is where to go on after it, in the archive's own
    terms. `record` is (start, length) of the bytes of the file that are a WARC record with just these bytes in it, where
    there is one.
    """

    name: str
    position: int
    data: bytes
    url: str | None = None
    fetched_at: datetime | None = None
    media_type: str | None = None
    record: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A stretch of an archive that gave no document: damaged or refused, or with the stage SKIP of another kind."""

    name: str
    position: int
    code: str
    detail: str
    payload: bytes = b""
    stage: str = "format"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """A file in an archive, itself a page or an archive: `opened` gives it, seekable, from its beginning.

    `name` is "" only for the one in a file that is packed by itself; `called` is what it would be called by itself. `lost`:
    why it cannot be opened.
    """

    name: str
    number: int
    called: str
    opened: Callable[[], io.BufferedReader] | None = None
    lost: Lost | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where rows have what a page is made of: of each list the first name that a row knows counts."""

    content: tuple[str, ...] = ("html", "raw_html", "content", "body", "text")
    url: tuple[str, ...] = ("url", "uri", "source_url", "link")
    fetched_at: tuple[str, ...] = ("fetched_at", "crawled_at", "warc_date", "timestamp", "date")
    media_type: tuple[str, ...] = ("media_type", "content_type", "mime_type")


COLUMNS = Columns()


@dataclass(slots=True, kw_only=True)
class Budget:
    """How much an archive may still unpack to: bombs end here, whatever they are made of."""

    left: int

    def spend(self, count: int) -> None:
        """Take note of so many bytes; PullquoteError BOMB when there are too many."""
        self.left -= count
        if self.left < 0:
            raise PullquoteError(BOMB, "it unpacks to far more than any pages would; the rest was not read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How an archive is read: what it may cost, and what its columns are called."""

    budget: Budget
    columns: Columns = COLUMNS


class Unpacked(io.RawIOBase):
    """A stream that can only be read forwards, as one that can be sought: going back begins anew. All counts.

    Where it cannot be read on it ends, and `failure` says why.
    """

    def __init__(self, opened: Callable[[], Any], budget: Budget) -> None:
        super().__init__()
        self._opened, self._budget = opened, budget
        self._stream, self._place = opened(), 0
        self.failure: Exception | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: Any, /) -> int:
        try:
            data = self._stream.read(len(buffer))
        except UNREADABLE as error:
            self.failure, data = error, b""
        buffer[: len(data)] = data
        self._place += len(data)
        self._budget.spend(len(data))
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        target = offset + (self._place if whence == io.SEEK_CUR else 0)
        if whence == io.SEEK_END:
            while self.read(CHUNK):
                pass
            target = self._place + offset
        if target < self._place:
            self._stream, self._place = self._opened(), 0
        while self._place < target and self.read(min(CHUNK, target - self._place)):
            pass
        return self._place


def unpacked(opened: Callable[[], Any], budget: Budget) -> io.BufferedReader:
    """What `opened` gives, from its beginning; `raw` is an Unpacked."""
    return io.BufferedReader(Unpacked(opened, budget), CHUNK)


def stretch_of(file: BinaryIO, start: int, stop: int) -> bytes:
    """The bytes from `start` to `stop`, as many as are kept of a damaged stretch."""
    file.seek(start)
    return file.read(min(stop - start, MAX_KEPT))


def lost(file: BinaryIO, start: int, stop: int, *, code: str, reason: str) -> Lost:
    """A damaged stretch, with its bytes."""
    return Lost(
        name=str(start),
        position=stop,
        code=code,
        detail=f"bytes {start:,} to {stop:,}: {reason}",
        payload=stretch_of(file, start, stop),
    )


def is_page_name(name: str) -> bool:
    """Whether a file of this name is taken from a folder: not a hidden one, nor one with SKIPPED_SUFFIXES."""
    return not name.startswith(".") and not name.endswith(SKIPPED_SUFFIXES)


def size_of(file: BinaryIO) -> int:
    """The bytes of a seekable file; it stands at its end afterwards."""
    return file.seek(0, io.SEEK_END)


Entries = Iterator[Member | Lost]
