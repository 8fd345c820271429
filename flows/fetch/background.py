"""An event loop in a thread of its own: answers come in while their pages are worked on."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from flows.fetch.visit import Visit

Start = Callable[[Coroutine[Any, Any, Visit]], Future[Visit]]


@contextmanager
def event_loop() -> Iterator[Start]:
    """Starts visits in the loop; all of them end with the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="fetch", daemon=True)
    thread.start()
    try:
        yield lambda errand: asyncio.run_coroutine_threadsafe(errand, loop)
    finally:
        asyncio.run_coroutine_threadsafe(_all_cancelled(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _all_cancelled() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
