"""The Prefect server of a single run: the one that is configured, or a temporary one that lives as long as the run."""

import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from prefect.settings import PREFECT_API_URL, temporary_settings

from extractors.errors import PullquoteError
from flows.settings import SERVER_STARTUP_SECONDS

POLL = 0.1  # seconds between two looks whether the server answers
STOP_SECONDS = 5.0


@contextmanager
def a_server(*, meanwhile: Callable[[], object]) -> Iterator[None]:
    """A server to run flows with; `meanwhile` is called while a temporary one starts.

    Prefect would start one of its own on the first flow, after importing the whole server into this process and then
    waiting: this way the wait is used, which halves the time to the first task. PullquoteError server.failed.
    """
    if PREFECT_API_URL.value():
        yield
        return
    port = _free_port()
    with tempfile.TemporaryFile() as said, _started(port, said) as server:
        meanwhile()
        url = f"http://127.0.0.1:{port}/api"
        _wait_for(server, url, said)
        with temporary_settings({PREFECT_API_URL: url}):
            yield


@contextmanager
def _started(port: int, said: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    command = (
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-services",
        "--no-ui",
    )
    server = subprocess.Popen((sys.executable, *command), stdin=subprocess.DEVNULL, stdout=said, stderr=said)  # noqa: S603 - our own command
    try:
        yield server
    finally:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(server: subprocess.Popen[bytes], url: str, said: IO[bytes]) -> None:
    until = time.monotonic() + SERVER_STARTUP_SECONDS
    while not _answers(url):
        if server.poll() is not None or time.monotonic() > until:
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
            raise PullquoteError("server.failed", f"the temporary Prefect server did not start: {lines[-1]}")
        time.sleep(POLL)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=1) as response:  # noqa: S310 - our own server on loopback
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
