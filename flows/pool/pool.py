"""The pool: hands out jobs, watches over who does them, gives back harvests in the order of the jobs."""

import logging
import mmap
import pickle
import signal
import tempfile
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import IO, Self

from flows.harvest import Harvest, Job, harvest_of
from flows.pool.attempts import Broken, resolved
from flows.pool.supervisor import Death, Supervisor, supervising
from flows.pool.worker import BESIDE, MARK, Fences, is_at_fence, memory_detail

logger = logging.getLogger(__name__)

RECYCLED_PAGES = 300  # after so many a worker is replaced: what it remembers of pages and what is split is gone
AHEAD = 2  # jobs read and harvests waiting for their turn, for each worker
TICK = 1.0  # seconds between two looks at who stands still


@dataclass(slots=True, kw_only=True)
class _Task:
    """A job under way: `attempt` is what to do now towards its harvest."""

    place: int
    attempts: Generator[Job, Harvest | Broken, Harvest]
    attempt: Job


@dataclass(slots=True, kw_only=True)
class _Worker:
    number: int
    link: Connection
    file: IO[bytes]
    mark: mmap.mmap
    task: _Task | None = None
    pages: int = 0
    told: int = 0
    quiet: float = 0.0  # seconds since it told of a page
    late: bool = False  # ended by us for standing still

    def told_of(self) -> tuple[int, int]:
        """How often it has told where it is, and the place of the page."""
        count, place = MARK.unpack_from(self.mark)
        return int(count), int(place)

    def close(self) -> None:
        self.link.close()
        self.mark.close()
        self.file.close()


@dataclass(slots=True, kw_only=True)
class Pool:
    """A harvester with processes of its own, which start with the first page and end with the context.

    `meanwhile` is called once, while the first workers work: for what the caller has to prepare anyway.
    """

    workers: int
    fences: Fences
    meanwhile: Callable[[], object] | None = None
    _supervisor: Supervisor | None = None
    _born: int = 0
    _living: dict[int, _Worker] = field(default_factory=dict)
    _deaths: dict[int, Death] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in list(self._living.values()):
            self._dismiss(worker)
        self._stack.close()
        self._supervisor = None

    def started(self) -> Supervisor:
        """Where workers come from; it begins to import what they need when this is first called."""
        if self._supervisor is None:
            self._supervisor = self._stack.enter_context(supervising(self.fences))
        return self._supervisor

    def __call__(self, jobs: Iterable[Job]) -> Iterator[Harvest | None]:
        """The harvests of the jobs, see Harvester; at most AHEAD jobs for each worker are read before their turn."""
        coming, ready, done = iter(jobs), deque[_Task](), dict[int, Harvest]()
        taken = given = 0
        try:
            while True:
                self._hand_out(ready)
                while given in done:
                    yield done.pop(given)
                    given += 1
                if not ready and taken - given < AHEAD * self.workers and (job := next(coming, None)):
                    if job.pages:
                        attempts = resolved(job)
                        ready.append(_Task(place=taken, attempts=attempts, attempt=next(attempts)))
                    else:
                        done[taken] = harvest_of(job)
                    taken += 1
                elif taken == given:
                    return
                else:
                    self._take_in(ready, done)
                    yield None
        finally:  # a fork is cheap, and what comes after the harvest can use the memory
            for worker in list(self._living.values()):
                self._dismiss(worker)

    def _hand_out(self, ready: deque[_Task]) -> None:
        while ready:
            idle = next((worker for worker in self._living.values() if not worker.task), None)
            if idle is None and len(self._living) >= self.workers:
                return
            worker = idle or self._hired()
            worker.task, worker.quiet, worker.late = ready.popleft(), 0.0, False
            with suppress(OSError):  # if it is dead already, its link tells
                worker.link.send_bytes(pickle.dumps(worker.task.attempt, pickle.HIGHEST_PROTOCOL))
        if self.meanwhile and self._living:
            prepare, self.meanwhile = self.meanwhile, None
            prepare()

    def _take_in(self, ready: deque[_Task], done: dict[int, Harvest]) -> None:
        """Wait for what comes from the workers, and see to who stands still."""
        begin, supervisor = time.monotonic(), self.started()
        busy = [(worker, worker.task) for worker in self._living.values() if worker.task]
        came = wait([supervisor.control, *(worker.link for worker, _ in busy)], TICK)
        if supervisor.control in came:  # before the links: it is also heard when one of them is found closed
            self._hear()
        for worker, task in [(worker, task) for worker, task in busy if worker.link in came]:
            outcome = self._outcome(worker, len(task.attempt.pages))
            worker.task = None
            worker.pages += len(task.attempt.pages)
            if isinstance(outcome, Broken):
                _tell(task.attempt, outcome)
            if isinstance(outcome, Broken) or worker.pages >= RECYCLED_PAGES:
                self._dismiss(worker)
            try:
                task.attempt = task.attempts.send(outcome)
                ready.appendleft(task)
            except StopIteration as end:
                done[task.place] = end.value
        # However long this process itself was stopped, it saw the workers do nothing for a moment only.
        self._end_the_late(min(time.monotonic() - begin, 2 * TICK))

    def _end_the_late(self, seconds: float) -> None:
        for worker in self._living.values():
            count, _ = worker.told_of()
            worker.quiet = 0.0 if count != worker.told or not worker.task else worker.quiet + seconds
            worker.told = count
            if worker.quiet > 2 * BESIDE * self.fences.page_seconds and not worker.late:
                worker.late = True
                self.started().kill(worker.number)

    def _outcome(self, worker: _Worker, pages: int) -> Harvest | Broken:
        try:
            answer: Harvest | Broken = pickle.loads(worker.link.recv_bytes())  # noqa: S301 - from our own process
        except (EOFError, OSError):
            pass
        else:
            return answer
        while worker.number not in self._deaths:
            self._hear()
        _, place = worker.told_of()
        return self._broken(place if place < pages else None, self._deaths.pop(worker.number), late=worker.late)

    def _broken(self, page: int | None, death: Death, *, late: bool) -> Broken:
        if death.status == -signal.SIGPROF:
            detail = f"takes more than {self.fences.page_seconds:g} s of processor time"
            return Broken(page=page, code="extract.timeout", detail=detail)
        if late:
            return Broken(page=page, code="extract.timeout", detail="its worker stood still")
        if death.status == -signal.SIGKILL or is_at_fence(death.peak, self.fences):
            return Broken(page=page, code="extract.memory", detail=memory_detail(self.fences))
        ended = signal.Signals(-death.status).name if death.status < 0 else f"status {death.status}"
        return Broken(page=page, code="extract.crashed", detail=f"its worker ended with {ended}")

    def _hear(self) -> None:
        """One thing that the fork server tells."""
        death = self.started().death()
        if death and death.number in self._living:
            self._deaths[death.number] = death

    def _hired(self) -> _Worker:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the worker
        file.truncate(MARK.size)
        self._born += 1
        link = self.started().worker(self._born, file.fileno())
        worker = _Worker(number=self._born, link=link, file=file, mark=mmap.mmap(file.fileno(), MARK.size))
        self._living[worker.number] = worker
        return worker

    def _dismiss(self, worker: _Worker) -> None:
        """An idle worker ends when its link does, a busy one has to be ended."""
        del self._living[worker.number]
        worker.close()
        if worker.task and self._supervisor:
            self._supervisor.kill(worker.number)


def _tell(job: Job, broken: Broken) -> None:
    """One line about a page that ended a worker; what becomes of it is in the report."""
    page = None if broken.page is None else job.pages[broken.page]
    uri = page.uri if page else f"a batch of {len(job.pages)} pages"
    logger.warning("%s: %s", uri, broken.detail, extra={"data": {"uri": uri, "code": broken.code}})
    if broken.trace:
        logger.debug(broken.trace)
