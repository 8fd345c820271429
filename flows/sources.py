"""What the user named → the inputs to read: files, folders, globs, "-" for standard input, and addresses of pages."""

import glob
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, TypeVar, cast
from urllib.parse import urlsplit
from urllib.request import url2pathname

from extractors.errors import PullquoteError
from extractors.formats.members import MAX_BYTES, is_page_name
from extractors.records import Rejected

STDIN = "-"
EMPTY_FOLDER = "source.empty_folder"
UNREADABLE = "source.unreadable"
TOO_LARGE = "source.too_large"
LIST_SUFFIX = ".urls"  # a list of addresses, one a line; read where it is named, not where it merely lies in a folder

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One input as a stream: `opened` gives it from its beginning, seekable, or raises OSError; once only for standard
    input. `uri` is the place as the user gave it, `size` its bytes where that is known before it is read, `path` that of a
    file of this machine whose name is text; the rest is what a server said of it.
    """

    uri: str
    opened: Callable[[], BinaryIO]
    size: int | None = None
    path: Path | None = None
    url: str | None = None
    fetched_at: datetime | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A page on the web, or a feed or sitemap that leads to some: an input once `fetch.reach` has asked for it."""

    uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """An input that needs no reading: whoever keeps it says that it is what it was."""

    uri: str


def sources_of(arguments: Sequence[str]) -> Iterator[Source | Address | Rejected]:
    """Every input the arguments name, in their order and sorted inside folders, each once.

    What names no input comes back as a Rejected with stage "source": a typo must not end the batch.
    """
    met: set[str] = set()
    for argument in arguments:
        for source in _named_by(argument):
            if source.uri not in met:
                met.add(source.uri)
                yield source


def names_anything(arguments: Sequence[str]) -> bool:
    """Whether there is at least one input to read."""
    return any(not isinstance(source, Rejected) for source in sources_of(arguments))


def data_of(source: Source) -> bytes | Rejected:
    """All bytes of an input that is one page, or why they cannot be had."""
    try:
        with source.opened() as file:
            return whole(file, source)
    except OSError as error:
        return unreadable(source.uri, error)


def whole(file: BinaryIO, source: Source) -> bytes | Rejected:
    """All that the opened input holds, unless it is more than a page can be."""
    size = source.size or 0
    data = b"" if size > MAX_BYTES else file.read(MAX_BYTES + 1)  # it may have grown
    if max(size, len(data)) > MAX_BYTES:
        told = f"{size:,} bytes, " if size else ""
        return _refused(source.uri, TOO_LARGE, f"{told}more than {MAX_BYTES:,} bytes")
    return data


class ReadFailedError(PullquoteError):
    """A file that was opened could not be read on: the fault of a disk or a network, not of its bytes."""


def unreadable(uri: str, error: OSError | ReadFailedError) -> Rejected:
    """An input that is there and cannot be read."""
    reason = error.detail if isinstance(error, ReadFailedError) else error.strerror or error
    return _refused(uri, UNREADABLE, f"cannot be read: {reason}")


class _Steady(io.RawIOBase):
    """A file whose failures cannot be mistaken for those of its bytes."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._told(partial(self._file.read, len(buffer)))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if whence == io.SEEK_SET and offset < 0:
            raise ValueError("before the beginning")
        return self._told(partial(self._file.seek, offset, whence))

    def tell(self) -> int:
        return self._file.tell()

    def _told(self, call: Callable[[], Value]) -> Value:
        try:
            return call()
        except OSError as error:
            raise ReadFailedError(UNREADABLE, error.strerror or str(error)) from error


def steady(file: BinaryIO) -> io.BufferedReader:
    """The seekable file, whose OSErrors are ReadFailedErrors from now on."""
    return io.BufferedReader(_Steady(file), io.DEFAULT_BUFFER_SIZE * 8)


def file_source(path: Path) -> Source:
    """A file of this machine."""
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError:  # its opening will tell
        size = None
    named = size is not None and printable(str(path.absolute())) == str(path.absolute())
    return Source(uri=printable(str(path)), opened=partial(_opened, path), size=size, path=path if named else None)


def _opened(path: Path) -> BinaryIO:
    file = path.open("rb")
    if file.seekable():
        return file
    with file:  # a pipe with a name
        return _spooled(file)


def _spooled(stream: BinaryIO) -> BinaryIO:
    """A stream that flows only once, seekable: beyond what a page may have it waits on the disk."""
    spool = SpooledTemporaryFile(max_size=MAX_BYTES)  # noqa: SIM115 - whoever asked for it closes it
    shutil.copyfileobj(stream, spool)
    spool.seek(0)
    return cast("BinaryIO", spool)


def lines_of(text: str) -> Sequence[str]:
    """The addresses of a list: one a line, blank lines and those that begin with # left out."""
    return [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]


def _named_by(argument: str) -> Iterator[Source | Address | Rejected]:
    if argument == STDIN:
        yield Source(uri=STDIN, opened=lambda: _spooled(sys.stdin.buffer))
        return
    scheme = urlsplit(argument).scheme if "://" in argument else ""
    if scheme.lower() in {"http", "https"}:
        yield Address(uri=printable(argument))
        return
    if scheme.lower() not in ("", "file"):
        from flows.fetch.remote import sources_at

        yield from sources_at(argument)
        return
    path = Path(url2pathname(urlsplit(argument).path) if scheme else argument)
    try:
        if path.is_dir():
            yield from _inside(path)
        elif path.suffix == LIST_SUFFIX and path.is_file():
            yield from _listed(path)
        elif path.exists():
            yield file_source(path)
        else:
            yield from _matching(argument)
    except (OSError, ValueError) as error:  # a name too long for the file system, a NUL in it
        yield _refused(argument, UNREADABLE, f"cannot be read: {error}")


def _listed(path: Path) -> Iterator[Address | Rejected]:
    data = data_of(file_source(path))
    if isinstance(data, Rejected):
        yield data
        return
    for line in lines_of(data.decode("utf-8-sig", "replace")):
        yield Address(uri=line)


def _inside(folder: Path) -> Iterator[Source | Rejected]:
    """The files below a folder; hidden and half-written ones are not pages."""
    found = False
    failures: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(parent, name) for name in sorted(names) if is_page_name(name)):
            if path.is_file():
                found = True
                yield file_source(path)
    for failure in failures:
        yield _refused(str(failure.filename), UNREADABLE, f"cannot be read: {failure.strerror}")
    if not found and not failures:
        yield _refused(str(folder), EMPTY_FOLDER, "the folder holds no page")


def _matching(pattern: str) -> Iterator[Source | Address | Rejected]:
    if not glob.has_magic(pattern):
        yield _refused(pattern, "source.missing", "does not exist")
        return
    paths = sorted(Path(match) for match in glob.glob(pattern, recursive=True))  # noqa: PTH207 - Path.glob knows no absolute patterns
    for path in paths:
        if path.is_dir() and "**" not in pattern:  # ** names what is inside already
            yield from _inside(path)
        elif path.is_file() and pattern.endswith(LIST_SUFFIX):
            yield from _listed(path)
        elif path.is_file() and is_page_name(path.name):
            yield file_source(path)
    if not paths:
        yield _refused(pattern, "source.missing", "nothing matches this pattern")


def printable(name: str) -> str:
    """The name as the warehouse stores it: file names may hold bytes that are no text."""
    return name.encode("utf-8", "backslashreplace").decode()


def _refused(uri: str, code: str, detail: str) -> Rejected:
    return Rejected(stage="source", code=code, detail=detail, uri=printable(uri))
