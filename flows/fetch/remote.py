"""Addresses in object stores → sources that are read like files, through fsspec and its package for the store.

Only stores whose address names an object and no server: where the store is and who asks is for its own configuration to
say. Nothing that fetches (http), reads this machine (file, local) or wraps another address (simplecache::, zip::).
"""

import io
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from extractors.formats.members import is_page_name
from extractors.records import Rejected
from flows.sources import EMPTY_FOLDER, UNREADABLE, Source, printable

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem
    from fsspec.spec import AbstractBufferedFile

STORES = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "memory": "fsspec"}
WILD = frozenset("*?[")
BLOCK = 8_000_000  # bytes that are asked for at once


def sources_at(address: str) -> Iterator[Source | Rejected]:
    """The objects that an address names: one, those below a prefix, or those that match a pattern; sorted."""
    import fsspec

    kind = address.partition("://")[0].lower()
    if kind not in STORES or "::" in address:
        known = ", ".join(("http", "https", *STORES))
        yield _refused(address, "source.unsupported", f"{kind}: addresses are not read; there are {known}")
        return
    try:
        store = fsspec.filesystem(kind)
        path = store._strip_protocol(address)  # noqa: SLF001 - what url_to_fs does, but for chains
        yield from _objects(store, path, address)
    except ImportError:
        yield _refused(address, "source.unsupported", f"{kind}: addresses need the package {STORES[kind]}")
    except FileNotFoundError:
        yield _refused(address, "source.missing", "does not exist")
    except Exception as error:  # noqa: BLE001 - every store has errors of its own: no credentials, no bucket, no network
        yield _refused(address, UNREADABLE, f"cannot be read: {_told(error)}")


def _objects(store: "AbstractFileSystem", path: str, address: str) -> Iterator[Source | Rejected]:
    if WILD.isdisjoint(path):
        entry = store.info(path)
        if entry["type"] != "directory":
            yield _source(store, path, entry)
            return
        found = store.find(path, detail=True)
    else:
        found = store.glob(path, detail=True)
    start = len(PurePosixPath(path).parts) if WILD.isdisjoint(path) else 0
    names = [name for name in sorted(found) if found[name]["type"] == "file" and _is_page(name, start)]
    yield from (_source(store, name, found[name]) for name in names)
    if not names and WILD.isdisjoint(path):
        yield _refused(address, EMPTY_FOLDER, "the folder holds no page")
    elif not names:
        yield _refused(address, "source.missing", "nothing matches this pattern")


def _is_page(name: str, start: int) -> bool:
    """As in folders of this machine: nothing hidden below the prefix."""
    *folders, last = PurePosixPath(name).parts[start:] or (name,)
    return is_page_name(last) and not (start and any(folder.startswith(".") for folder in folders))


def _source(store: "AbstractFileSystem", path: str, entry: Mapping[str, Any]) -> Source:
    return Source(
        uri=printable(store.unstrip_protocol(path)), opened=partial(_opened, store, path), size=entry.get("size")
    )


def _opened(store: "AbstractFileSystem", path: str) -> BinaryIO:
    try:
        return cast("BinaryIO", io.BufferedReader(_Object(store.open(path, "rb", block_size=BLOCK)), BLOCK // 8))
    except Exception as error:
        raise OSError(_told(error)) from error


class _Object(io.RawIOBase):
    """An object of a store as a file of Python: whatever goes wrong in the store is an OSError."""

    def __init__(self, file: "AbstractBufferedFile") -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._file.read(len(buffer))
        except Exception as error:
            raise OSError(_told(error)) from error
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def _told(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


def _refused(address: str, code: str, detail: str) -> Rejected:
    return Rejected(stage="source", code=code, detail=detail, uri=printable(address))
