"""Whom to ask next, and when: a queue for each host, one question at a time, with pauses. Decides; knows no clock."""

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from extractors.errors import PullquoteError
from flows.fetch.memory import Remembered

MOST_FAILURES = 5  # in a row until a host is left alone: with three attempts each a quarter of an hour of timeouts


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """An address to ask: `uri` as it was named, `url` where redirects have led by now, `host` whose turn it waits for.

    `levels` says how many listings may still stand between it and its pages; `trusted` that a person named it, or a
    server inside an allowed network. `known` is what it said last time, as far as that still counts.
    """

    uri: str
    url: str
    host: str
    origin: str
    levels: int = 0
    trusted: bool = False
    hops: int = 0
    tries: int = 0
    known: Remembered | None = None


@dataclass(slots=True, kw_only=True)
class _Host:
    waiting: deque[Errand] = field(default_factory=deque)
    ready: float = 0.0
    busy: bool = False
    queued: bool = False
    failures: int = 0
    closed: PullquoteError | None = None


@dataclass(slots=True, kw_only=True)
class Queues:
    """The errands of a run by host; at most `most` hosts are asked at the same time."""

    most: int
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _turns: list[tuple[float, int, str]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _busy: int = 0

    def add(self, errand: Errand, *, first: bool = False) -> None:
        """Wait for the host's turn, before all others if it is `first`."""
        host = self._hosts.setdefault(errand.host, _Host())
        host.waiting.appendleft(errand) if first else host.waiting.append(errand)
        self._queue(errand.host, host)

    def started(self, now: float) -> Errand | None:
        """The next errand, its host busy from now on; None if there is none, none is due, or enough are under way."""
        while self._busy < self.most and self._turns and self._turns[0][0] <= now:
            name = heapq.heappop(self._turns)[2]
            host = self._hosts[name]
            host.queued = False
            if host.busy or not host.waiting:
                continue
            if host.ready > now:
                self._queue(name, host)
                continue
            host.busy = True
            self._busy += 1
            return host.waiting.popleft()
        return None

    def ended(self, errand: Errand, *, ready: float, failed: bool = False) -> None:
        """The host has answered, or has not; it may be asked again at `ready`. Nobody waits for a closed one."""
        host = self._hosts[errand.host]
        host.busy = False
        self._busy -= 1
        host.ready = 0.0 if host.closed else max(host.ready, ready)
        host.failures = host.failures + 1 if failed else 0
        self._queue(errand.host, host)

    def close(self, name: str, why: PullquoteError) -> None:
        """The host is not asked any more in this run."""
        self._hosts[name].closed = why

    def closed(self, errand: Errand) -> PullquoteError | None:
        """Why the errand's host is not asked any more, if so."""
        return self._hosts[errand.host].closed

    def failures(self, errand: Errand) -> int:
        """How often in a row the errand's host has failed to answer."""
        return self._hosts[errand.host].failures

    @property
    def next_turn(self) -> float | None:
        """When a host is due that is not asked now; None if none waits."""
        return self._turns[0][0] if self._turns else None

    @property
    def under_way(self) -> int:
        """How many are asked right now."""
        return self._busy

    def _queue(self, name: str, host: _Host) -> None:
        if host.waiting and not host.busy and not host.queued:
            host.queued = True
            heapq.heappush(self._turns, (host.ready, next(self._order), name))
