"""The fork server as its pool sees it: starts it, asks it for workers, hears of their deaths."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from extractors.errors import PullquoteError
from flows.pool.forkserver import DEATH, FORK, KILL, READY, REQUEST, serve_forks
from flows.pool.worker import Fences

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")  # a worker is one core
STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Death:
    """The end of a worker: its exit status (a signal as a negative number), and the most memory it had, in bytes."""

    number: int
    status: int
    peak: int


@dataclass(slots=True, kw_only=True)
class Supervisor:
    """Asks the fork server; PullquoteError pool.failed if it is gone. `why` says what its last words were."""

    control: socket.socket
    why: Callable[[], str]
    _ready: bool = False

    def worker(self, number: int, mark: int) -> Connection:
        """The link to a new worker, which tells where it is in the file `mark`."""
        while not self._ready:
            self.death()
        ours, theirs = socket.socketpair()
        with theirs:
            self._ask(FORK, number, [theirs.fileno(), mark])
        return Connection(ours.detach())

    def kill(self, number: int) -> None:
        """End the worker of this number, if it lives."""
        self._ask(KILL, number, [])

    def death(self) -> Death | None:
        """The next worker that died; None: the fork server has told something else."""
        told = b""
        while len(told) < DEATH.size:
            try:
                more = self.control.recv(DEATH.size - len(told))
            except OSError:
                more = b""
            if not more:
                raise PullquoteError("pool.failed", f"the process of the workers ended: {self.why()}")
            told += more
        number, status, kilobytes = DEATH.unpack(told)
        if number == READY:
            self._ready = True
            return None
        return Death(number, os.waitstatus_to_exitcode(status), kilobytes * 1024)

    def _ask(self, what: bytes, number: int, fds: list[int]) -> None:
        try:
            socket.send_fds(self.control, [REQUEST.pack(what, number)], fds)
        except OSError:
            raise PullquoteError("pool.failed", f"the process of the workers ended: {self.why()}") from None


_prepared: list[socket.socket] = []


def prepare(fences: Fences) -> None:
    """Fork the fork server from this process, for the next `supervising`: to be called while there is one thread, and when all
    that workers need has been imported.
    """
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        try:
            ours.close()
            serve_forks(theirs, fences)
        finally:
            os._exit(1)
    theirs.close()
    _prepared.append(ours)


@contextmanager
def supervising(fences: Fences) -> Iterator[Supervisor]:
    """A fork server in a new interpreter, or the one that was prepared; it ends with the context."""
    if _prepared:
        with _prepared.pop() as control:
            yield Supervisor(control=control, why=lambda: "it had been forked from a warm process")
        return
    ours, theirs = socket.socketpair()
    with ours, tempfile.TemporaryFile() as said:
        with theirs:
            arguments = (str(theirs.fileno()), str(fences.page_seconds), str(fences.worker_bytes))
            process = subprocess.Popen(  # noqa: S603 - our own command
                (sys.executable, "-P", "-m", "flows.pool.forkserver", *arguments),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=os.environ | ONE_THREAD,
            )

        def why() -> str:
            process.wait(STOP_SECONDS)
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").strip().splitlines()
            return lines[-1] if lines else f"exit status {process.returncode}"

        try:
            yield Supervisor(control=ours, why=why)
        finally:
            ours.close()  # which tells it to end its workers and itself
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:  # it was still importing
                process.kill()
                process.wait()
