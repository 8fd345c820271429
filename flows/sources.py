"""What the user named → the inputs to read: files, folders, globs, file: addresses, "-" for standard input."""

import glob
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from extractors.formats import MAX_BYTES
from extractors.records import Rejected

STDIN = "-"
EMPTY_FOLDER = "source.empty_folder"
UNREADABLE = "source.unreadable"
TOO_LARGE = "source.too_large"
SKIPPED_SUFFIXES = (".tmp", ".answer.json")  # half-written files, and the answers that lie beside seed pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One input to read; `path` is None for standard input. `uri` is the place as the user gave it."""

    uri: str
    path: Path | None


def sources_of(arguments: Sequence[str]) -> Iterator[Source | Rejected]:
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
    return any(isinstance(source, Source) for source in sources_of(arguments))


def data_of(source: Source) -> bytes | Rejected:
    """All bytes of an input, or why they cannot be had."""
    try:
        if source.path is None:
            return sys.stdin.buffer.read()
        size = source.path.stat().st_size
        if size > MAX_BYTES:
            return _refused(source.uri, TOO_LARGE, f"{size:,} bytes, more than {MAX_BYTES:,}")
        return source.path.read_bytes()
    except OSError as error:
        return _refused(source.uri, UNREADABLE, f"cannot be read: {error.strerror or error}")


def _named_by(argument: str) -> Iterator[Source | Rejected]:
    if argument == STDIN:
        yield Source(uri=STDIN, path=None)
        return
    scheme = urlsplit(argument).scheme if "://" in argument else ""
    if scheme not in ("", "file"):
        yield _refused(
            argument, "source.unsupported", f"{scheme}: addresses are not fetched; save the page and name the file"
        )
        return
    path = Path(url2pathname(urlsplit(argument).path) if scheme else argument)
    try:
        if path.is_dir():
            yield from _inside(path)
        elif path.exists():
            yield Source(uri=printable(str(path)), path=path)
        else:
            yield from _matching(argument)
    except (OSError, ValueError) as error:  # a name too long for the file system, a NUL in it
        yield _refused(argument, UNREADABLE, f"cannot be read: {error}")


def _inside(folder: Path) -> Iterator[Source | Rejected]:
    """The files below a folder; hidden ones and those with SKIPPED_SUFFIXES are not pages."""
    found = False
    failures: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(parent, name) for name in sorted(names) if is_page_name(name)):
            if path.is_file():
                found = True
                yield Source(uri=printable(str(path)), path=path)
    for failure in failures:
        yield _refused(str(failure.filename), UNREADABLE, f"cannot be read: {failure.strerror}")
    if not found and not failures:
        yield _refused(str(folder), EMPTY_FOLDER, "the folder holds no page")


def _matching(pattern: str) -> Iterator[Source | Rejected]:
    if not glob.has_magic(pattern):
        yield _refused(pattern, "source.missing", "does not exist")
        return
    paths = sorted(Path(match) for match in glob.glob(pattern, recursive=True))  # noqa: PTH207 - Path.glob knows no absolute patterns
    for path in paths:
        if path.is_dir() and "**" not in pattern:  # ** names what is inside already
            yield from _inside(path)
        elif path.is_file() and is_page_name(path.name):
            yield Source(uri=printable(str(path)), path=path)
    if not paths:
        yield _refused(pattern, "source.missing", "nothing matches this pattern")


def is_page_name(name: str) -> bool:
    """Whether a file of this name is taken from a folder: not a hidden one, nor one with SKIPPED_SUFFIXES."""
    return not name.startswith(".") and not name.endswith(SKIPPED_SUFFIXES)


def printable(name: str) -> str:
    """The name as the warehouse stores it: file names may hold bytes that are no text."""
    return name.encode("utf-8", "backslashreplace").decode()


def _refused(uri: str, code: str, detail: str) -> Rejected:
    return Rejected(stage="source", code=code, detail=detail, uri=printable(uri))
