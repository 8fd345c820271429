"""The watch itself: batches of what landed are dealt with, one after the other, until it is stopped."""

import logging
import math
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from extractors.errors import PullquoteError
from flows.settings import Settings
from flows.watch.arrivals import Arrivals
from flows.watch.backlog import Backlog, Pace, Ready
from flows.watch.deal import FATAL, Deal, Dealt, NotNowError
from flows.watch.folder import look_at, moved, writing

logger = logging.getLogger(__name__)

LONGEST_TROUBLE = 15.0  # seconds between two attempts while nothing can be loaded
POLL = 0.05  # seconds between two looks at files that are not ready yet


@dataclass(slots=True, kw_only=True)
class Counts:
    """What a watch has done since it began: files dealt with, and files given up."""

    done: int = 0
    given_up: int = 0


@dataclass(slots=True, kw_only=True)
class Watch:
    """Deals with what arrives until stopped; then the batch in hand is finished.

    `done` is where files go that were dealt with; None leaves them where they are.
    """

    arrivals: Arrivals
    backlog: Backlog
    deal: Deal
    publish_seconds: float
    counts: Counts = field(default_factory=Counts)
    _stop: Event = field(default_factory=Event)
    _trouble: int = 0  # how often in a row nothing could be dealt with
    _not_before: float = 0.0
    _unpublished: bool = False
    _unpublished_since: float = 0.0
    _burst: int = 0  # files dealt with since nothing waited

    def run(self) -> None:
        """Watch until stopped. PullquoteError if the warehouse is one that waiting does not mend."""
        wake = self.arrivals.wake
        try:
            while not self._stop.is_set():
                wake.clear()
                now = time.monotonic()
                self.arrivals.take_in(now)
                if not self._one_batch(now):
                    wake.wait(self._rest(now))
        finally:
            self.arrivals.stop()
            self._publish(time.monotonic(), at_once=True)

    def stop(self) -> None:
        """End the watch after its batch; from any thread or signal handler."""
        self._stop.set()
        self.arrivals.wake.set()

    def _rest(self, now: float) -> float:
        if self._not_before > now:
            return self._not_before - now
        if len(self.backlog) or self.arrivals.sweeping:
            return POLL
        self._burst = 0
        self._publish(now, at_once=False)
        due = self._unpublished_since + self.publish_seconds if self._unpublished else math.inf
        return max(0.0, min(self.arrivals.next_sweep, due) - now)

    def _publish(self, now: float, *, at_once: bool) -> None:
        """Show people what is only in the private file, if it is time or has to be."""
        if not self._unpublished or (not at_once and now - self._unpublished_since < self.publish_seconds):
            return
        try:
            self.deal.publish()
        except NotNowError as error:
            self._wait_for_the_system(error)
        else:
            self._unpublished = False

    def _one_batch(self, now: float) -> bool:
        """Deal with a batch, or with files to give up; whether there was any."""
        if now < self._not_before:
            return False
        given_up = tuple(self.backlog.given_up())
        batch = () if given_up else self.backlog.due(now=now, look_at=look_at, writing=writing)
        if not batch and not given_up:
            return False
        try:
            dealt = self.deal([ready.path for ready in batch], given_up=given_up)
        except NotNowError as error:
            self._wait_for_the_system(error)
        except PullquoteError as error:
            if error.code in FATAL:
                raise
            self._blame(batch, error.detail, now)
        except Exception as error:
            logger.exception("a bug met with %s", _named([ready.path for ready in batch]))
            self._blame(batch, f"{type(error).__name__}: {error}", now)
        else:
            self._note(dealt, batch, given_up, now)
        return True

    def _note(self, dealt: Dealt, batch: tuple[Ready, ...], given_up: Sequence[tuple[str, str]], now: float) -> None:
        self._trouble = 0
        if dealt.unpublished and not self._unpublished:
            self._unpublished_since = now
        self._unpublished = dealt.unpublished
        self._give_up(given_up)
        for path, reason in dealt.unread.items():
            lone = tuple(ready for ready in batch if ready.path == path)
            self.backlog.failed(lone, reason, now=now, final=path in dealt.final)
        self._settle([ready for ready in batch if ready.path not in dealt.unread])
        if batch:
            self._tell(len(batch), time.monotonic() - now)

    def _settle(self, dealt_with: Sequence[Ready]) -> None:
        for ready in dealt_with:
            self.backlog.settled(ready.path)
            if look_at(ready.path) != ready.look:  # another file by now, or gone
                self.backlog.notice(ready.path, now=time.monotonic())
            elif self.arrivals.done is None or not self._moved(ready):
                self.arrivals.settled(ready.path, ready.look)
        self.counts.done += len(dealt_with)
        self._burst += len(dealt_with)

    def _moved(self, ready: Ready) -> bool:
        if self.arrivals.done is None:
            return False
        try:
            return moved(ready.path, ready.look, inbox=self.arrivals.inbox, done=self.arrivals.done) is not None
        except OSError as error:
            logger.warning("%s cannot be moved to %s: %s", ready.path, self.arrivals.done, error.strerror or error)
            return False

    def _give_up(self, given_up: Sequence[tuple[str, str]]) -> None:
        for path, reason in given_up:
            look = look_at(path)
            self.backlog.settled(path)
            if look:
                self.arrivals.settled(path, look)
            logger.error("%s: given up, in the quarantine now: %s", path, reason)
        self.counts.given_up += len(given_up)

    def _blame(self, batch: tuple[Ready, ...], reason: str, now: float) -> None:
        logger.warning("%s failed: %s", _named([ready.path for ready in batch]), reason)
        self.backlog.failed(batch, reason, now=now)

    def _wait_for_the_system(self, error: NotNowError) -> None:
        pause = min(2.0**self._trouble, LONGEST_TROUBLE)
        self._trouble += 1
        self._not_before = time.monotonic() + pause
        logger.warning("nothing can be loaded now, again in %g s: %s", pause, error.detail)

    def _tell(self, files: int, seconds: float) -> None:
        waiting, sweeping = len(self.backlog), self.arrivals.sweeping
        logger.info(
            "%s in %.1f s, %s waiting",
            _plural(files),
            seconds,
            f"{waiting:,}{' or more' if sweeping else ''}",
            extra={
                "data": {
                    "files": files,
                    "seconds": round(seconds, 3),
                    "waiting": waiting,
                    "done": self._burst,
                    "total": None if sweeping else self._burst + waiting,
                }
            },
        )


def watch_of(inbox: Path, *, done: Path | None, deal: Deal, settings: Settings) -> Watch:
    """A watch of the inbox with the pace of the settings; from now on the process ignores SIGIO (see folder.writing).

    To be called from the main thread.
    """
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    backlog = Backlog(
        pace=Pace(
            batch_pages=settings.batch_pages,
            batch_bytes=settings.batch_bytes,
            batch_seconds=settings.batch_seconds,
            settle_seconds=settings.settle_seconds,
            attempts=settings.attempts,
        )
    )
    arrivals = Arrivals(inbox=inbox, done=done, sweep_seconds=settings.sweep_seconds, backlog=backlog, wake=Event())
    return Watch(arrivals=arrivals, backlog=backlog, deal=deal, publish_seconds=settings.publish_seconds)


def _named(paths: Sequence[str]) -> str:
    return paths[0] if len(paths) == 1 else _plural(len(paths))


def _plural(files: int) -> str:
    return f"{files:,} file{'' if files == 1 else 's'}"
