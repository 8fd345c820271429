"""What lands in a folder, from its changes and from sweeps through all of it, without what is known to be dealt with."""

import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from threading import Event

from extractors.formats.members import is_page_name
from flows.watch.backlog import Backlog, Look
from flows.watch.ears import Ears
from flows.watch.folder import files_below, look_at

logger = logging.getLogger(__name__)

SWEPT_AT_ONCE = 5_000  # files that a sweep looks at before batches have their turn again
CROWDED = 5_000  # waiting files from which a sweep rests: the folder is the queue


@dataclass(slots=True, kw_only=True)
class Arrivals:
    """Notices in `backlog` what lands in `inbox`, by its paths as `inbox` is spelled; `done` is left out.

    A sweep through the folder at the start and every `sweep_seconds` finds what no change told. Which files were dealt
    with is remembered by a hash of path and look, only to spare reading them again: the ledger is the truth.
    """

    inbox: Path
    done: Path | None
    sweep_seconds: float
    backlog: Backlog
    wake: Event
    next_sweep: float = 0.0
    _place: Path = field(init=False)
    _ears: Ears | None = None
    _inode: int = 0
    _sweep: Iterator[str] | None = None
    _settled: set[int] = field(default_factory=set)
    _still_there: set[int] = field(default_factory=set)  # those that the current sweep has met

    def __post_init__(self) -> None:
        self._place = self.inbox.resolve()
        self.done = self.done.resolve() if self.done else None

    @property
    def sweeping(self) -> bool:
        """Whether a sweep is under way, so that it is not known yet how much there is."""
        return self._sweep is not None

    def take_in(self, now: float) -> None:
        """What was heard, and a part of the sweep if it is time for one."""
        self._listen(now)
        if self._ears:
            paths, missed = self._ears.heard()
            self.backlog.overflowed |= missed
            for path in paths:
                self._heard(path, now)
        if len(self.backlog) >= CROWDED:
            return
        if self._sweep is None and (now >= self.next_sweep or self.backlog.overflowed):
            self.backlog.overflowed = False
            self._sweep, self._still_there = files_below(self._place, without=self.done), set()
        if self._sweep is not None:
            self._sweep_on(self._sweep, now)

    def settled(self, path: str, look: Look) -> None:
        """The file, as it looked, needs nothing more."""
        self._settled.add(hash((path, look)))
        self._still_there.add(hash((path, look)))

    def stop(self) -> None:
        """Listen no more."""
        if self._ears:
            self._ears.stop()

    def _listen(self, now: float) -> None:
        """Listen to the folder that is there now, also if it is another one than before."""
        try:
            inode = self._place.stat().st_ino
        except OSError:
            inode = 0
        if inode == self._inode:
            return
        if self._inode:
            logger.warning("%s was %s", self.inbox, "replaced" if inode else "removed; waiting for it")
        self.stop()
        self._inode, self._ears, self.next_sweep = inode, None, now
        if inode:
            self._ears = Ears(self._place, self.wake)
            self._ears.start()

    def _heard(self, path: str, now: float) -> None:
        inside = os.path.relpath(path, self._place)
        if any(part.startswith(".") for part in Path(inside).parts) or (self.done and self.done in Path(path).parents):
            return
        if os.path.isdir(path):  # noqa: PTH112 - of a folder that was moved in, its files are not told
            for file in files_below(Path(path), without=self.done):
                self._notice(file, now)
        elif is_page_name(Path(path).name):
            self._notice(path, now)

    def _notice(self, found: str, now: float) -> None:
        look = look_at(found)
        if look is None:
            return
        path = str(self.inbox / os.path.relpath(found, self._place))
        key = hash((path, look))
        if key in self._settled:
            self._still_there.add(key)
        else:
            self.backlog.notice(path, now=now)

    def _sweep_on(self, sweep: Iterator[str], now: float) -> None:
        met = 0
        for path in islice(sweep, SWEPT_AT_ONCE):
            self._notice(path, now)
            met += 1
        if met < SWEPT_AT_ONCE:  # through; what it did not meet is gone and need not be remembered
            self._settled, self._sweep = self._still_there, None
            self.next_sweep = time.monotonic() + self.sweep_seconds
