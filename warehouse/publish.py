"""Private file → published file: a whole copy, swapped in by one rename. In a lake a commit shows it all by itself."""

import fcntl
import os
import shutil
from pathlib import Path

from warehouse.connection import Writer
from warehouse.files import (
    Files,
    content_at,
    content_of,
    identity_of,
    marker_of,
    named_failures,
    sync_folder,
    write_marker,
)
from warehouse.index import indexed
from warehouse.transaction import in_little_memory

FICLONE = 0x40049409  # linux/fs.h: share the blocks of another file, on file systems that can (btrfs, xfs)


def is_due(writer: Writer, *, now: float, seconds: float, size: int) -> bool:
    """Whether to publish at the end of a run that ends at `now` (seconds since 1970).

    A copy costs as much as the file is large: one of more than `size` bytes is published `seconds` after the last time
    at the earliest, by the run that is the first to end then.
    """
    files = writer.files
    if writer.in_lake or not files.published.exists() or files.private.stat().st_size <= size:
        return True
    return now - files.published.stat().st_mtime >= seconds


def is_pending(writer: Writer) -> bool:
    """Whether something was loaded that people do not see yet."""
    return not writer.in_lake and _published_content(writer.files) != content_of(
        writer.connection, path=writer.files.private
    )


def publish(writer: Writer) -> bool:
    """Show people all that was loaded; False if the published file holds it already, and then nothing is written.

    To be called at the end of every run, also one with nothing new: an earlier one may have died before publishing.
    A reader has either the old file or the new one, whole; whoever has the old one open keeps it.
    PullquoteError warehouse.unwritable if the disk is full; the published file stays as it was.
    """
    if writer.in_lake:
        with named_failures("the lake"):
            return indexed(writer.connection) > 0
    files = writer.files
    with named_failures(files.published):
        content = content_of(writer.connection, path=files.private)
        if _published_content(files) == content:
            return False
        indexed(writer.connection)
        in_little_memory(writer.connection, lambda: writer.connection.execute("FORCE CHECKPOINT"))
        half = files.beside("outgoing")
        try:
            _copy(files.private, half)
            if files.published.exists():
                shutil.copymode(files.published, half)
            half.replace(files.published)
        finally:
            half.unlink(missing_ok=True)
        sync_folder(files.published.parent)
        write_marker(files, content)
    return True


def _published_content(files: Files) -> str | None:
    if not files.published.exists():
        return None
    marker = marker_of(files)
    if marker and marker.identity == identity_of(files.published):
        return marker.content
    return content_at(files.published)


def _copy(source: Path, target: Path) -> None:
    """Copy a file, by sharing its blocks where the file system can, and wait until it is on the disk.

    Closing `source` drops the lock that DuckDB holds on it in this process (POSIX locks belong to the process, not to
    the handle). Our own lock on the .lock file is what keeps other writers out.
    """
    with source.open("rb") as reader, target.open("wb") as writer:
        try:
            fcntl.ioctl(writer.fileno(), FICLONE, reader.fileno())
        except OSError:
            shutil.copyfileobj(reader, writer, 1 << 20)
        writer.flush()
        os.fsync(writer.fileno())
