"""Who does the jobs of an ingest: this process, worker processes of this machine, or those of a Dask cluster."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.harvest import Harvester, in_process
from flows.pool.pool import Pool
from flows.pool.worker import fences_of
from flows.settings import Runner, Settings

QUOTA = Path("/sys/fs/cgroup/cpu.max")  # "quota period" in µs: what a container may use of all the cores it sees


@contextmanager
def harvesting(
    settings: Settings,
    *,
    workers: int | None = None,
    runner: Runner = "local",
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[Harvester]:
    """A harvester with that many worker processes (None: as the settings say; 0: this process), as long as the context.

    `meanwhile` is called once the first workers have work: for what the caller has to prepare anyway.
    """
    number = next((count for count in (workers, settings.workers) if count is not None), None)
    if runner == "dask":
        from flows.spread import spreading

        with spreading(settings, workers=number or cores(), meanwhile=meanwhile) as spread:
            yield spread
        return
    if number == 0:
        yield in_process
        return
    with Pool(workers=number or cores(), fences=fences_of(settings), meanwhile=meanwhile) as pool:
        yield pool


def cores() -> int:
    """The processors that this process may use, be it by its affinity or by the quota of its container."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = QUOTA.read_text(encoding="ascii").split()
        return max(1, min(allowed, round(int(quota) / int(period))))
    except (OSError, ValueError):  # no container, or "max"
        return max(1, allowed)
