"""What an ingest writes: a private file beside the one that people open, one writer at a time; or a lake."""

import fcntl
import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import duckdb

from extractors.errors import PullquoteError
from warehouse.captures import FILE_BYTES, Captures
from warehouse.files import (
    CONFIG,
    Files,
    content_at,
    files_of,
    identity_of,
    marker_of,
    named_failures,
    write_marker,
)
from warehouse.lake import NAME as LAKE
from warehouse.lake import lake_opened
from warehouse.migrate import migrate
from warehouse.store import Store
from warehouse.transaction import at_most

logger = logging.getLogger(__name__)

LEAST_MEMORY = "50MB"  # of DuckDB, between two loads
POLL = 0.1  # seconds between two looks at the lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """An open and migrated private file, under the lock; `publish` shows people what was loaded into it.

    `in_lake`: it is a lake instead, of which people see each transaction when it is committed.
    """

    connection: duckdb.DuckDBPyConnection
    files: Files
    in_lake: bool = False
    cursors: ExitStack = field(default_factory=ExitStack)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own to the same warehouse, for another thread: it sees what is committed. It closes with the
        writer.
        """
        cursor = self.cursors.enter_context(self.connection.cursor())
        if self.in_lake:
            cursor.execute(f"USE {LAKE}")
        cursor.execute("SET TimeZone = 'UTC'")
        return cursor

    def share_cores(self, threads: int) -> None:
        """Use no more threads than this: beside processes that want the cores, more of them take half as much processor
        again for the same load, and are no faster.
        """
        self.connection.execute(f"SET threads = {threads}")

    def give_back_memory(self) -> None:
        """What is kept of the file in memory, to the system: DuckDB keeps all it has met, up to most of the machine's."""
        with at_most(LEAST_MEMORY, self.connection):
            pass

    def captures(self, folder: Path | None = None, *, file_bytes: int = FILE_BYTES) -> Captures:
        """The captures in a folder, by default that beside the published file, to be added to."""
        return Captures(
            connection=self.cursor(),
            folder=folder or self.files.captures,
            file_bytes=file_bytes,
            mark=f"{uuid4().hex[:8]}-" if self.in_lake else "",  # a lake's publishers have a folder each
        )


@contextmanager
def writer(store: Store, *, deadline: float = 60) -> Iterator[Writer]:
    """The warehouse, open for writing and migrated; made if missing.

    While another process of this machine writes it, waits up to `deadline` seconds, and one line of the log says so.
    PullquoteError: warehouse.busy, .unwritable, .corrupt, .foreign (not a warehouse of ours), .newer, and those of
    `lake_opened`.
    """
    files = files_of(store)
    with named_failures(store):
        if isinstance(store, Path) and files.published.is_dir():
            raise PullquoteError("warehouse.unwritable", f"{store} is a folder, not a file")
        descriptor = os.open(files.beside("lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        with named_failures(store):
            _lock(descriptor, store, deadline=deadline)
        with _private(files) if isinstance(store, Path) else lake_opened(store) as connection:
            with named_failures(store):
                migrate(connection, path=store)
            with ExitStack() as cursors:
                yield Writer(connection=connection, files=files, in_lake=not isinstance(store, Path), cursors=cursors)
    finally:
        os.close(descriptor)  # and with it goes the lock, as it does when the process dies


@contextmanager
def _private(files: Files) -> Iterator[duckdb.DuckDBPyConnection]:
    with named_failures(files.published):
        _prepare(files)
        connection = opened(files.private)
    try:
        yield connection
    finally:
        with suppress(duckdb.Error):  # with a full disk closing fails too; the reason is already on its way up
            connection.close()


def opened(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that may write the file, in UTC and without extensions from the network."""
    connection = duckdb.connect(str(path), config=CONFIG)
    # At each checkpoint all indexes are written anew: of a long ingest that was half the time of its loads.
    connection.execute("SET checkpoint_threshold = '256MB'")
    # What a load has freed goes back to the system, and is not kept for the next one.
    connection.execute("SET allocator_background_threads = true")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")  # it would write into the answers of commands
    return connection


def _lock(descriptor: int, store: Store, *, deadline: float) -> None:
    until = time.monotonic() + deadline
    told = False
    while not _is_taken(descriptor):
        owner = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
        if time.monotonic() >= until:
            detail = f"process {owner} is still writing {store} after {deadline:g} s; try again later"
            raise PullquoteError("warehouse.busy", detail)
        if not told:
            logger.warning("waiting for process %s, which is writing %s", owner, store)
            told = True
        time.sleep(max(0.0, min(POLL, until - time.monotonic())))
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)


def _is_taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _prepare(files: Files) -> None:
    """Settle which file the next load goes on from, so that a private file is there and the right one.

    The private file, even if it holds more than the published one: then a run died before it could publish. But the
    published file, if somebody put another one in its place; and a new one, if somebody removed it.
    """
    if files.published.exists():
        _follow_published(files)
    elif files.private.exists() and marker_of(files) is not None:
        logger.warning("%s is gone: starting anew, its rows are kept in %s", files.published, files.beside("previous"))
        _set_aside(files)
    if not files.private.exists():
        _start_private(files)


def _follow_published(files: Files) -> None:
    marker = marker_of(files)
    if marker and marker.identity == identity_of(files.published) and files.private.exists():
        return
    content = content_at(files.published)  # and an error if it is damaged or somebody else's
    if files.private.exists() and content_at(files.private) != content:
        logger.warning("%s was replaced: going on from it, not from %s", files.published, files.beside("previous"))
        _set_aside(files)
    if not files.private.exists():
        _wal(files.private).unlink(missing_ok=True)
        shutil.copyfile(files.published, files.beside("incoming"))
        files.beside("incoming").replace(files.private)
    write_marker(files, content)


def _start_private(files: Files) -> None:
    # Made elsewhere and renamed when whole: a death while DuckDB writes the first blocks leaves no damaged file.
    half = files.beside("incoming")
    for leftover in (half, _wal(half), _wal(files.private)):
        leftover.unlink(missing_ok=True)
    opened(half).close()
    half.replace(files.private)


def _set_aside(files: Files) -> None:
    previous = files.beside("previous")
    _wal(previous).unlink(missing_ok=True)
    files.private.replace(previous)
    if _wal(files.private).exists():
        _wal(files.private).replace(_wal(previous))
    files.beside("marker").unlink(missing_ok=True)


def _wal(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")
