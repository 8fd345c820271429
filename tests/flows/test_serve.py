"""`pullquote serve` for real: its Prefect server, worker, watch and HTTP inbox on loopback; parts of it are killed.

One service for all tests, in their order; the last one stops it.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.landing import landed, page_number

PATIENCE = 600.0  # seconds, for a busy machine
ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.timeout(1200)


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

    def runs(self, trigger: str) -> list[dict[str, Any]]:
        """The runs that this trigger started and that have ended."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.prefect_port}/api/flow_runs/filter",
            json.dumps({"limit": 200}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - loopback
            found = json.load(response)
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


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("serve")
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
        "PULLQUOTE_SWEEP_CRON": "*/2 * * * *",
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


def test_page_that_lands_comes_by_an_event(service: Service) -> None:
    landed(service.inbox, page_number(0))

    service.awaited("row", lambda: service.titles() == [page_number(0).title])
    service.awaited("end of its run", lambda: len(service.runs("event")) == 1)
    (run,) = service.runs("event")
    assert run["state_type"] == "COMPLETED"
    assert service.asked("SELECT count(*) FROM runs") == [(1,)]  # by the event, or by a sweep that was there before it


def test_page_that_is_posted_is_loaded(service: Service) -> None:
    url = f"http://127.0.0.1:{service.port}/pages"
    headers = {"X-Page-Url": "https://example.com/posted", "Content-Type": "text/html"}
    with urllib.request.urlopen(urllib.request.Request(url, page_number(1).data, headers), timeout=60) as answer:
        (page,) = json.load(answer)["pages"]

    def state() -> dict[str, object]:
        with urllib.request.urlopen(f"{url}/{page['id']}", timeout=60) as answer:  # noqa: S310 - loopback
            return dict(json.load(answer))

    assert state()["state"] in {"waiting", "loaded"}
    service.awaited("row", lambda: state()["state"] == "loaded")
    assert service.asked(f"SELECT url FROM pages WHERE page_id = '{page['id']}'") == [("https://example.com/posted",)]


def test_burst_of_pages_makes_few_runs(service: Service) -> None:
    before = len(service.runs("event"))
    for number in range(100, 400):
        landed(service.inbox, page_number(number))

    service.awaited("rows", lambda: len(service.titles()) == 302)
    assert len(set(service.titles())) == 302
    service.awaited("end of the watch's batch", lambda: service.health().get("waiting") == 0)
    time.sleep(3)
    assert 1 <= len(service.runs("event")) - before <= 3


def test_server_that_is_killed_comes_back_and_nothing_is_missed(service: Service) -> None:
    service.kill("prefect server start")
    landed(service.inbox, page_number(2))

    service.awaited("row", lambda: page_number(2).title in service.titles())
    service.awaited("health", lambda: service.health().get("status") == "ok")


def test_worker_that_is_killed_comes_back_and_nothing_is_missed_or_doubled(service: Service) -> None:
    for number in range(3, 43):
        landed(service.inbox, page_number(number))
    service.kill("flows.serve.worker")

    service.awaited("rows", lambda: len(service.titles()) == 343)
    assert len(set(service.titles())) == 343
    assert service.asked("SELECT count(*) - count(DISTINCT (uri, sha256)) FROM ledger") == [(0,)]


def test_sweep_runs_by_schedule(service: Service) -> None:
    service.awaited("scheduled run", lambda: bool(service.runs("schedule")))

    assert all(run["auto_scheduled"] for run in service.runs("schedule"))
    assert "COMPLETED" in {run["state_type"] for run in service.runs("schedule")}


def test_told_to_stop_it_ends_well_and_leaves_no_process_behind(service: Service) -> None:
    service.process.send_signal(signal.SIGTERM)

    assert service.process.wait(PATIENCE) == 0
    until = time.monotonic() + 20
    while service.processes() and time.monotonic() < until:
        time.sleep(0.2)
    assert service.processes() == {}
    lines = [json.loads(line) for line in (service.folder / "serve.log").read_text().splitlines() if line[:1] == "{"]
    assert lines[-1]["message"].startswith("stopped: ")
