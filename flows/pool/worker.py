"""A worker process: jobs in, harvests out, behind fences that the system guards."""

import contextlib
import mmap
import pickle
import resource
import signal
import struct
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from flows.harvest import Harvest, Job, harvest_of
from flows.pool.attempts import Broken, Code
from flows.settings import Settings

MARK = struct.Struct("<qq")  # what a worker tells while it works: how often it has told, the place of its page
NEARLY = 0.8  # of the memory it may have
BESIDE = 10  # what has to do with no single page may take so many times as long as one


@dataclass(frozen=True, slots=True, kw_only=True)
class Fences:
    """What a worker may take: seconds of processor time for a page, bytes of memory for a batch."""

    page_seconds: float
    worker_bytes: int


def fences_of(settings: Settings) -> Fences:
    """What the settings allow a worker."""
    return Fences(page_seconds=settings.page_seconds, worker_bytes=settings.worker_bytes)


def serve(link: Connection, mark: mmap.mmap, fences: Fences) -> None:
    """Do jobs until the link closes, or until one breaks: a worker that failed once is not trusted again."""
    _fence(fences)
    while True:
        try:
            sent = link.recv_bytes()
        except (EOFError, OSError):
            return
        answer = _answer(pickle.loads(sent), mark, fences)  # noqa: S301 - from the process that started this one
        del sent
        link.send_bytes(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
        if isinstance(answer, Broken):
            return


def _answer(job: Job, mark: mmap.mmap, fences: Fences) -> Harvest | Broken:
    count, place, pages = 0, len(job.pages), len(job.pages)

    def told(now_at: int) -> None:
        nonlocal count, place
        count, place = count + 1, now_at
        MARK.pack_into(mark, 0, count, now_at)
        # The system ends the process when the time is over, also inside a loop of C that hears no signal handler.
        signal.setitimer(signal.ITIMER_PROF, fences.page_seconds * (1 if now_at < pages else BESIDE))

    def broken(code: Code, detail: str, trace: str = "") -> Broken:
        return Broken(page=place if place < pages else None, code=code, detail=detail, trace=trace)

    told(pages)
    try:
        return harvest_of(job, told=told)
    except MemoryError:
        return broken("extract.memory", memory_detail(fences))
    except Exception as error:  # noqa: BLE001 - a bug that one page finds costs that page; the traceback is told
        if is_at_fence(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, fences):  # as parsers say it
            return broken("extract.memory", memory_detail(fences))
        return broken("extract.crashed", " ".join(f"{type(error).__name__}: {error}".split()), traceback.format_exc())
    finally:
        told(pages)
        signal.setitimer(signal.ITIMER_PROF, 0)


def is_at_fence(peak: int, fences: Fences) -> bool:
    """Whether a worker that failed had so much memory that this was why."""
    return peak > NEARLY * fences.worker_bytes


def memory_detail(fences: Fences) -> str:
    """What a page is refused for that needs too much."""
    return f"needs more than {fences.worker_bytes:,} bytes of memory"


def _fence(fences: Fences) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # RLIMIT_DATA and not RLIMIT_AS: Arrow reserves addresses by the gigabyte that it never fills.
    resource.setrlimit(resource.RLIMIT_DATA, (fences.worker_bytes, fences.worker_bytes))
    with contextlib.suppress(OSError):  # should memory run out: better a worker, which is replaced, than the ingest
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
