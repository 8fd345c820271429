"""The process that workers are forked from: it has imported all they need, does nothing else, and has one thread.

A fork takes milliseconds where a new interpreter takes a second, so that a worker is cheap to replace, and all share
the memory of the models. `python -m flows.pool.forkserver FD FENCES` serves the control socket FD until it closes: however
the process at the other end ends, its workers end with it.
"""

import ctypes
import gc
import mmap
import os
import signal
import socket
import struct
import sys
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait

from extractors.blocks.model import shipped_models
from flows.memory import allocate_sparingly
from flows.pool.worker import MARK, Fences, serve
from flows.settings import BATCH_GC

REQUEST = struct.Struct("<cq")  # what to do, the number of the worker
DEATH = struct.Struct("<qiq")  # the number of a worker (READY: none, but workers can be asked for), status, kB at most
FORK, KILL = b"f", b"k"
READY = -1
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of linux/prctl.h


@dataclass(slots=True, kw_only=True)
class _ForkServer:
    control: socket.socket
    fences: Fences
    pids: dict[int, int] = field(default_factory=dict)  # by the worker's number
    ends: dict[int, int] = field(default_factory=dict)  # the number by the end of a pipe that closes with the worker

    def run(self) -> None:
        while True:
            for ready in wait([self.control, *self.ends]):
                if isinstance(ready, int):
                    self._reap(ready)
                elif not self._obey():
                    return

    def _obey(self) -> bool:
        """Do what is asked; False if nobody is there any more."""
        asked, fds, _, _ = socket.recv_fds(self.control, REQUEST.size, 2)
        if len(asked) < REQUEST.size:
            return False
        what, number = REQUEST.unpack(asked)
        if what == FORK:
            self._fork(number, *fds)
        elif number in self.pids:
            os.kill(self.pids[number], signal.SIGKILL)
        return True

    def _fork(self, number: int, link: int, mark: int) -> None:
        end, held = os.pipe()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                self.control.close()
                for other in (end, *self.ends):
                    os.close(other)
                _die_with(parent)
                serve(Connection(link), mmap.mmap(mark, MARK.size), self.fences)
            finally:
                os._exit(1)  # whatever happened: this is no second fork server
        for theirs in (held, link, mark):
            os.close(theirs)
        self.pids[number], self.ends[end] = pid, number

    def _reap(self, end: int) -> None:
        number = self.ends.pop(end)
        os.close(end)
        _, status, usage = os.wait4(self.pids.pop(number), 0)
        self.control.sendall(DEATH.pack(number, status, usage.ru_maxrss))


def serve_forks(control: socket.socket, fences: Fences) -> None:
    """Serve the control socket until it closes, then end every worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the ingest's affair, which closes the socket
    allocate_sparingly()
    shipped_models("html")
    shipped_models("text")
    gc.set_threshold(*BATCH_GC)
    gc.collect()
    gc.freeze()
    server = _ForkServer(control=control, fences=fences)
    try:
        control.sendall(DEATH.pack(READY, 0, 0))
        server.run()
    except OSError:
        pass  # the other end is gone
    finally:
        for pid in server.pids.values():
            os.kill(pid, signal.SIGKILL)


def _die_with(parent: int) -> None:
    """The system ends this process when its parent ends, where it can do that; at once if the parent has ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    _, fd, seconds, most = sys.argv
    serve_forks(socket.socket(fileno=int(fd)), Fences(page_seconds=float(seconds), worker_bytes=int(most)))
