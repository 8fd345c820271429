"""The next slice is extracted while the one before it is checked, loaded and shown to people."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from threading import Event, Semaphore, Thread

from flows.harvest import Harvest
from flows.order import Begun

AHEAD = 1  # slices: with their rows in memory, more would cost memory and bring nothing
PATIENCE = 10.0  # seconds for the thread to end; it looks up at least every second, unless what it reads stands still

Taken = Begun | Harvest | BaseException | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A run, and what extraction makes of its batches as it comes; None: nothing has come for a moment."""

    begun: Begun
    harvests: Iterator[Harvest | None]


@contextmanager
def one_ahead(slices: Iterator[Slice]) -> Iterator[Iterator[Slice]]:
    """The same slices, extracted by a thread: while the caller has one, that one and the next, and no more.

    Who asks for the next slice is done with the last one. What goes wrong in the thread is raised where its slice is
    asked for. With the context the thread ends, and what it has extracted is thrown away.
    """
    taken = SimpleQueue[Taken]()
    turns, stopped = Semaphore(1 + AHEAD), Event()
    work = partial(copy_context().run, _take, slices, taken, turns, stopped)
    thread = Thread(target=work, name="extraction", daemon=True)
    thread.start()
    try:
        yield _given(taken, turns)
    finally:
        stopped.set()
        turns.release()
        thread.join(PATIENCE)


def _take(slices: Iterator[Slice], taken: SimpleQueue[Taken], turns: Semaphore, stopped: Event) -> None:
    """In the thread: each slice, what is harvested of it, None; after the last slice None again."""
    try:
        while turns.acquire() and not stopped.is_set() and (part := next(slices, None)):
            taken.put(part.begun)
            for harvest in part.harvests:
                if stopped.is_set():
                    return
                if harvest:
                    taken.put(harvest)
            taken.put(None)
        taken.put(None)
    except BaseException as error:  # noqa: BLE001 - it is raised again by who waits for it
        taken.put(error)


def _given(taken: SimpleQueue[Taken], turns: Semaphore) -> Iterator[Slice]:
    while begun := _next(taken):
        if isinstance(begun, Begun):
            yield Slice(begun=begun, harvests=_harvests(taken))
            turns.release()


def _harvests(taken: SimpleQueue[Taken]) -> Iterator[Harvest]:
    while isinstance(harvest := _next(taken), Harvest):
        yield harvest


def _next(taken: SimpleQueue[Taken]) -> Begun | Harvest | None:
    item = taken.get()
    if isinstance(item, BaseException):
        raise item
    return item
