"""A `pullquote serve` of a test: started with places and ports of its own, asked, and gone at the end."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import duckdb
import pytest

PATIENCE = 600.0  # seconds, for a busy machine
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A running `serve`; `folder` holds the inbox, the warehouse and the log."""

    folder: Path
    process: subprocess.Popen[bytes]
    port: int
    prefect_port: int

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    def asked(self, sql: str) -> list[tuple[object, ...]]:
        with suppress(duckdb.Error), duckdb.connect(str(self.folder / "pages.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()
        return []

    def titles(self) -> list[str]:
        return [str(title) for (title,) in self.asked("SELECT title FROM articles")]

    def health(self) -> dict[str, Any]:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=10) as answer:
            return dict(json.load(answer))
        return {}

    def told(self, path: str, body: object | None = None) -> Any:
        """What the Prefect server answers: to a POST with this body, or to a GET."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.prefect_port}/api{path}", data, {"Content-Type": "application/json"}
        )
        for pause in (0.5, 2, 8, None):
            try:
                with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - loopback
                    return json.load(response)
            except urllib.error.HTTPError as error:
                # A server on SQLite is now and then busy; clients of Prefect's ask again as well.
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE or pause is None:
                    raise
                time.sleep(pause)
        return None

    def runs(self, trigger: str) -> list[dict[str, Any]]:
        """The runs that this trigger started and that have ended."""
        found = self.told("/flow_runs/filter", {"limit": 200})
        ended = {"COMPLETED", "FAILED", "CRASHED"}
        return [run for run in found if run["parameters"].get("trigger") == trigger and run["state_type"] in ended]

    def awaited(self, what: str, look: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not look():
            if time.monotonic() > until or self.process.poll() is not None:
                pytest.fail(f"no {what}\n{(self.folder / 'serve.log').read_text()[-5000:]}")
            time.sleep(0.3)

    def processes(self) -> dict[int, str]:
        """Every process that was started for it, by its environment: pid and command line."""
        mark = f"PREFECT_HOME={self.folder}/prefect".encode()
        found = {}
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found

    def kill(self, name: str) -> None:
        pids = [pid for pid, command in self.processes().items() if name in command]
        assert pids, self.processes()
        os.kill(min(pids), signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path, settings: Mapping[str, str]) -> Iterator[Service]:
    """A service that is up, with these variables in its environment."""
    (folder / "inbox").mkdir()
    port, prefect_port = free_port(), free_port()
    command = [
        *(sys.executable, "-m", "flows", "serve", "inbox", "--warehouse", "pages.duckdb", "--log-format", "json"),
        *("--port", str(port), "--prefect-port", str(prefect_port)),
    ]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "5",
        **settings,
    }
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    running = Service(folder=folder, process=process, port=port, prefect_port=prefect_port)
    try:
        running.awaited("service", lambda: running.health().get("status") == "ok")
        yield running
    finally:
        for pid in (process.pid, *running.processes()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
