"""The inbox as a folder: which of its files are pages, what they look like, and where they go afterwards."""

import fcntl
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from extractors.formats.members import is_page_name
from flows.watch.backlog import Look, Writing


def files_below(folder: Path | str, *, without: Path | None = None) -> Iterator[str]:
    """The pages below a folder, in no order and without reading whole folders into memory.

    Hidden and half-made files are none; `without` is a folder to leave out. What cannot be listed is left out.
    """
    try:
        entries = os.scandir(folder)
    except OSError:
        return
    with entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if without is None or Path(entry.path) != without:
                    yield from files_below(entry.path, without=without)
            elif is_page_name(entry.name):
                yield entry.path


def look_at(path: str) -> Look | None:
    """What the file looks like now; None if it is gone or no regular file."""
    try:
        status = os.stat(path)  # noqa: PTH116 - thousands of them, as text
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return Look(inode=status.st_ino, size=status.st_size, modified_ns=status.st_mtime_ns, changed_ns=status.st_ctime_ns)


def writing(path: str) -> Writing:
    """Whether anybody has the file open for writing: the kernel grants a read lease only where nobody has.

    OSError if the file cannot be opened. The process must ignore SIGIO, which a writer that comes in between causes.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return "yes"
    except OSError:  # somebody else's file, or a file system without leases
        return "unknown"
    else:
        return "no"
    finally:
        os.close(descriptor)


def moved(path: str, look: Look, *, inbox: Path, done: Path) -> Path | None:
    """Where the file lies in `done` now; None if it is not the file any more that was looked at, and then it stays.

    Nothing there is overwritten. OSError if it cannot be moved.
    """
    if look_at(path) != look:
        return None
    target = done / Path(path).relative_to(inbox)
    target.parent.mkdir(parents=True, exist_ok=True)
    stem, number = target.stem, 1
    while target.exists():
        number += 1
        target = target.with_name(f"{stem}.{number}{target.suffix}")
    shutil.move(path, target)
    return target
