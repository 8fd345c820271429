"""A Prefect process worker that forks its runs from a warm process: imports, most of a small run, are paid once.

`python -m flows.serve.worker` serves the work pool of deployments/prefect.yaml until SIGTERM.
"""

import asyncio
import multiprocessing
import os
import runpy
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import anyio.abc
from anyio import to_thread
from prefect.client.schemas.objects import FlowRun
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker, ProcessWorkerResult

from flows.pool import supervisor
from flows.pool.worker import fences_of
from flows.serve.api import POOL
from flows.settings import settings_of

FORKS = multiprocessing.get_context("forkserver")


class WarmWorker(ProcessWorker):
    """Runs what a stock process worker runs, in the same way, but in a fork instead of a new interpreter."""

    type = "process"

    @classmethod
    def __dispatch_key__(cls) -> str:
        return "pullquote-warm"  # the stock worker stays what "process" means to the command line

    async def run(
        self,
        flow_run: FlowRun,  # noqa: ARG002 - its id is in the environment
        configuration: ProcessJobConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> ProcessWorkerResult:
        """The exit status of the run's process, when it has ended."""
        process = FORKS.Process(target=_engine, args=(dict(configuration.env), str(Path.cwd())))
        await to_thread.run_sync(process.start)
        if task_status and process.pid:
            task_status.started(process.pid)
        try:
            await to_thread.run_sync(process.join, abandon_on_cancel=True)
        finally:
            if process.is_alive():
                process.terminate()
        return ProcessWorkerResult(status_code=process.exitcode or 0, identifier=str(process.pid))


def _engine(environment: Mapping[str, str | None], folder: str) -> None:
    os.chdir(folder)
    os.environ.update({name: value for name, value in environment.items() if value is not None})
    supervisor.prepare(fences_of(settings_of()))  # while there is one thread
    sys.argv = ["prefect.engine"]
    runpy.run_module("prefect.engine", run_name="__main__")


async def _work() -> None:
    FORKS.set_forkserver_preload(["flows.serve.warm"])
    warm = FORKS.Process(target=int)  # starts the fork server, which begins to import
    await to_thread.run_sync(warm.start)
    worker = WarmWorker(work_pool_name=POOL, name="pullquote-serve", prefetch_seconds=0)
    working = asyncio.ensure_future(worker.start())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    await asyncio.wait({working})


if __name__ == "__main__":
    asyncio.run(_work())
