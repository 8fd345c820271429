"""What waits in an inbox and what of it makes the next batch. Decides only: the clock and the disk are arguments."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

MOST_WAITING = 10_000  # files known by name; the folder itself is the queue, and what goes beyond is found by a sweep
LONGEST_PAUSE = 60.0  # seconds between two attempts, however many there were
UNSURE = 10  # times the settling time, where the system cannot say whether somebody is still writing

Writing = Literal["no", "yes", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A file as it was seen: any change of its bytes, place or permissions changes one of these."""

    inode: int
    size: int
    modified_ns: int
    changed_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A file of a batch: `path` with what it looked like before it was read."""

    path: str
    look: Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How files become batches; see the settings of the same names."""

    batch_pages: int
    batch_bytes: int
    batch_seconds: float
    settle_seconds: float
    attempts: int


@dataclass(slots=True)
class _Waiting:
    since: float
    look: Look | None = None
    unchanged_since: float = 0.0
    attempts: int = 0
    not_before: float = 0.0
    company: int = MOST_WAITING  # files that it may share a batch with; halved each time such a batch fails
    reason: str = ""


@dataclass(slots=True)
class Backlog:
    """The files that wait, in the order in which they were noticed; at most MOST_WAITING of them.

    Times are seconds of one steady clock.
    """

    pace: Pace
    overflowed: bool = False
    _waiting: dict[str, _Waiting] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def room(self) -> int:
        """How many more names it takes."""
        return MOST_WAITING - len(self._waiting)

    def notice(self, path: str, *, now: float) -> None:
        """A file is there or has changed; beyond MOST_WAITING only that something was missed is kept."""
        if path in self._waiting:
            return
        if self.room <= 0:
            self.overflowed = True
            return
        self._waiting[path] = _Waiting(since=now)

    def settled(self, path: str) -> None:
        """The file needs nothing more."""
        self._waiting.pop(path, None)

    def failed(self, batch: tuple[Ready, ...], reason: str, *, now: float, final: bool = False) -> None:
        """A batch failed: the halves are tried by themselves, and a single file again after a pause that doubles.

        `final`: there is no use in trying again.
        """
        for ready in batch:
            entry = self._waiting.get(ready.path)
            if entry is None:
                continue
            entry.reason = reason
            if len(batch) > 1:
                entry.company = max(1, len(batch) // 2)
                continue
            entry.attempts = self.pace.attempts if final else entry.attempts + 1
            entry.not_before = now + min(2.0 ** (entry.attempts - 1), LONGEST_PAUSE)

    def given_up(self) -> Iterator[tuple[str, str]]:
        """The files that failed as often as is allowed, each with the last reason."""
        for path, entry in self._waiting.items():
            if entry.attempts >= self.pace.attempts:
                yield path, entry.reason

    def due(
        self, *, now: float, look_at: Callable[[str], Look | None], writing: Callable[[str], Writing]
    ) -> tuple[Ready, ...]:
        """The next batch; empty while nothing is ready, or what is ready may still wait for company.

        Files that are gone are forgotten. A file that fails to open counts as failed.
        """
        batch: list[Ready] = []
        size, company, since = 0, self.pace.batch_pages, now
        for path, entry in tuple(self._waiting.items()):
            if entry.company <= len(batch):  # it failed among as many before
                continue
            look = self._ready_look(path, entry, now, look_at, writing)
            if look is None:
                continue
            if batch and size + look.size > self.pace.batch_bytes:
                return tuple(batch)
            batch.append(Ready(path=path, look=look))
            size, company, since = size + look.size, min(company, entry.company), min(since, entry.since)
            if len(batch) >= company:
                return tuple(batch)
        full = size >= self.pace.batch_bytes
        return tuple(batch) if full or now - since >= self.pace.batch_seconds else ()

    def _ready_look(
        self,
        path: str,
        entry: _Waiting,
        now: float,
        look_at: Callable[[str], Look | None],
        writing: Callable[[str], Writing],
    ) -> Look | None:
        """What a file looks like that may be read now; None: not yet, or not any more."""
        if entry.not_before > now or entry.attempts >= self.pace.attempts:
            return None
        look = look_at(path)
        if look is None:
            self.settled(path)
            return None
        if look != entry.look:
            entry.look, entry.unchanged_since = look, now
        quiet = now - entry.unchanged_since
        if quiet < self.pace.settle_seconds:
            return None
        try:
            answer = writing(path)
        except OSError as error:
            self.failed((Ready(path=path, look=look),), f"cannot be read: {error.strerror or error}", now=now)
            return None
        sure = answer == "no" or (answer == "unknown" and quiet >= UNSURE * self.pace.settle_seconds)
        return look if sure else None
