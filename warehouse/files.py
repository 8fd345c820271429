"""The files that make up a warehouse, what they hold, and what can be wrong with them.

NAME             published: always complete, replaced by atomic rename, never locked by an ingest
.NAME.private    written; at rest it holds what NAME holds, or more if a run died before it could publish
.NAME.marker     which file was published last, so that a NAME that somebody replaced or removed is noticed
.NAME.lock       held by the writer; never deleted, as deleting a lock file lets two writers in
.NAME.previous   the private file of a NAME that somebody replaced or removed
NAME.captures/    the raw bytes of the pages, in WARC files that are only ever appended to
.NAME.incoming, .NAME.outgoing   half-made copies; whatever is in them may be overwritten
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from extractors.errors import PullquoteError
from warehouse.store import Store

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    # Without it DuckDB writes files that 1.0 can read and leaves zstd columns uncompressed, silently: 25 times the size.
    "storage_compatibility_version": "v1.2.0",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}

# What DuckDB says about a file, and which of our codes it is; all else it says about files is "cannot be written".
SYMPTOMS = (
    ("Could not set lock", "warehouse.busy"),
    ("Transaction conflict", "warehouse.busy"),
    ("database is locked", "warehouse.busy"),
    ("not a valid DuckDB database", "warehouse.corrupt"),
    ("Corrupt database file", "warehouse.corrupt"),
    ("Could not read enough bytes", "warehouse.corrupt"),
    ("failure while replaying WAL", "warehouse.corrupt"),
    ("erialization", "warehouse.corrupt"),
    ("newer DuckDB version", "warehouse.newer"),
    ("database file with version number", "warehouse.newer"),
)

OURS = "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"

MAX_DETAIL = 300  # characters of somebody else's message that still read as one line


@dataclass(frozen=True, slots=True)
class Files:
    """Where the files of the warehouse `published` are."""

    published: Path

    def beside(self, suffix: str) -> Path:
        """A hidden file next to the published one."""
        return self.published.with_name(f".{self.published.name}.{suffix}")

    @property
    def captures(self) -> Path:
        """The folder of the captures, unless the settings name another."""
        return self.published.with_name(f"{self.published.name}.captures")

    @property
    def private(self) -> Path:
        """The file that is written."""
        return self.beside("private")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What we published last: the file (inode, time of change in ns, bytes) and a digest of its contents."""

    identity: tuple[int, int, int]
    content: str


def files_of(store: Store) -> Files:
    """What lies on this machine: of a lake the captures and the lock."""
    return Files(store.expanduser().resolve() if isinstance(store, Path) else store.local)


def identity_of(path: Path) -> tuple[int, int, int]:
    """What tells this very file from one that takes its place: inode, time of change in ns, bytes."""
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


def marker_of(files: Files) -> Marker | None:
    """The marker, or None if there is none that can be read."""
    try:
        value = json.loads(files.beside("marker").read_text(encoding="utf-8"))
        inode, changed, size = value["identity"]
        return Marker(identity=(int(inode), int(changed), int(size)), content=str(value["content"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_marker(files: Files, content: str) -> None:
    """Note that the file now published is known to hold `content`."""
    half = files.beside("marker.tmp")
    half.write_text(json.dumps({"identity": identity_of(files.published), "content": content}), encoding="utf-8")
    half.replace(files.beside("marker"))


def content_of(connection: duckdb.DuckDBPyConnection, *, path: Store) -> str:
    """A digest of what the warehouse holds: its runs, its maintenance and its schema; "empty" without any table, "begun"
    while there is nothing to hold rows.

    Every load adds a run and all else a row of maintenance, so two files with equal digests hold the same rows.
    PullquoteError warehouse.foreign if the tables are somebody else's.
    """
    tables = {name for (name,) in connection.execute(OURS).fetchall()}
    if not tables:
        return "empty"
    if "schema_files" not in tables:
        raise PullquoteError("warehouse.foreign", f"{path} holds tables, but is not a warehouse of ours")
    if "runs" not in tables:  # who made it died between its first migration and the next
        return "begun"
    row = connection.execute(
        """
        SELECT (SELECT count(*) FROM runs), (SELECT coalesce(bit_xor(hash(run_id)), 0) FROM runs),
               (SELECT bit_xor(hash(name || sha256)) FROM schema_files)
        """
    ).fetchone()
    if "maintenance" in tables:
        row = (row or ()) + (connection.execute("SELECT count(*), max(happened) FROM maintenance").fetchone() or ())
    return ":".join(str(value) for value in row or ())


def content_at(path: Path) -> str:
    """The digest of the warehouse in a file, which is only read."""
    with named_failures(path):
        connection = duckdb.connect(str(path), read_only=True)
        try:
            return content_of(connection, path=path)
        finally:
            connection.close()


@contextmanager
def named_failures(path: Store | str) -> Iterator[None]:
    """Turns what DuckDB and the system say about a file into one clear line with a code."""
    try:
        yield
    except (
        duckdb.IOException,
        duckdb.FatalException,
        duckdb.SerializationException,
        duckdb.TransactionException,
    ) as error:
        code = next((code for symptom, code in SYMPTOMS if symptom in str(error)), "warehouse.unwritable")
        raise PullquoteError(code, _detail(code, path, str(error))) from error
    except OSError as error:
        detail = f"{path} cannot be written: {error.strerror or error}"
        raise PullquoteError("warehouse.unwritable", detail) from error


def _detail(code: str, path: Store | str, message: str) -> str:
    said = message.strip().partition("\n")[0][:MAX_DETAIL]
    return {
        "warehouse.busy": f"another program has {path} open for writing: {said}",
        "warehouse.corrupt": f"{path} is damaged or no warehouse; it was left as it is ({said})",
        "warehouse.newer": f"{path} was written by a newer version ({said})",
    }.get(code, f"{path} cannot be written: {said}")


def sync_folder(path: Path) -> None:
    """Make a rename inside the folder outlast a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
