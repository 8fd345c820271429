"""A real Prefect server, worker and deployment on loopback: a scheduled run and an event's run finish with rows.

Schedules have failed silently before (see the pins in pyproject.toml), and nothing but a scheduled run shows that.
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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import duckdb
import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 300.0  # seconds for all of it
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A running server with a worker; `folder` holds the inbox, the warehouse and the logs."""

    api: str
    folder: Path
    until: float

    @property
    def warehouse(self) -> Path:
        return self.folder / "pages.duckdb"

    def asked(self, path: str, body: object) -> Any:
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.api}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=120) as response:  # noqa: S310 - loopback
            text = response.read()
        return json.loads(text) if text else None

    def awaited(self, what: str, look: Callable[[], Value | None]) -> Value:
        while (found := look()) is None:
            if time.monotonic() > self.until:
                logs = "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in self.folder.glob("*.log"))
                pytest.fail(f"no {what} within {PATIENCE:g} s\n{logs}")
            time.sleep(0.5)
        return found

    def runs(self, trigger: str) -> list[dict[str, Any]]:
        """The runs of the deployment that this trigger started, those planned for later included."""
        found = self.asked("/flow_runs/filter", {"sort": "EXPECTED_START_TIME_ASC", "limit": 200})
        return [run for run in found if run["parameters"].get("trigger") == trigger]

    def finished_run(self, trigger: str) -> dict[str, Any] | None:
        ended = [run for run in self.runs(trigger) if run["state_type"] in {"COMPLETED", "FAILED", "CRASHED"}]
        return ended[0] if ended else None

    def woken(self) -> bool | None:
        """Whether a run came of an event; sends one more if not, as the server may not have known the trigger yet."""
        if self.runs("event"):
            return True
        self.asked("/events", [pages_landed()])
        time.sleep(5)
        return None


def pages_landed() -> dict[str, object]:
    return {
        "id": str(uuid4()),
        "occurred": datetime.now(UTC).isoformat(),
        "event": "pages.landed",
        "resource": {"prefect.resource.id": "pullquote.inbox"},
    }


@contextmanager
def background(arguments: list[str], *, log: Path, environment: dict[str, str]) -> Iterator[None]:
    """A process and all its children, gone at the end however the test ends."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            arguments, stdout=said, stderr=said, env=environment, cwd=ROOT, start_new_session=True
        )
        try:
            yield
        finally:
            for sign, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
                try:
                    os.killpg(process.pid, sign)
                except ProcessLookupError:
                    break
                try:
                    process.wait(patience)
                except subprocess.TimeoutExpired:
                    continue
            process.wait(10)


def deployment_in(folder: Path) -> Path:
    """The deployment as it is shipped, but for its paths, and with a sweep every minute."""
    yaml = YAML()
    document = yaml.load(ROOT / "deployments" / "prefect.yaml")
    for deployment in document["deployments"]:
        places = {"sources": [str(folder / "inbox")], "warehouse": str(folder / "pages.duckdb")}
        places |= {"reports": str(folder / "reports")}
        deployment["parameters"] |= {name: place for name, place in places.items() if name in deployment["parameters"]}
        if deployment["name"] == "sweep":
            deployment["schedules"][0]["cron"] = "* * * * *"
    path = folder / "prefect.yaml"
    yaml.dump(document, path)
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_up(api: str) -> bool | None:
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=2):  # noqa: S310 - loopback
            return True
    except OSError:
        return None


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    port = free_port()
    station = Station(api=f"http://127.0.0.1:{port}/api", folder=tmp_path, until=time.monotonic() + PATIENCE)
    environment = os.environ | {
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": station.api,
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "5",
        "PREFECT_RUNNER_POLL_FREQUENCY": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "PREFECT_CLI_COLORS": "false",
    }
    prefect = [sys.executable, "-m", "prefect"]
    (tmp_path / "inbox").mkdir()

    def called(*arguments: str) -> None:
        done = subprocess.run(
            [*prefect, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    with ExitStack() as running:
        server = [*prefect, "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
        running.enter_context(background(server, log=tmp_path / "server.log", environment=environment))
        station.awaited("server", lambda: is_up(station.api))
        called("work-pool", "create", "pullquote", "--type", "process")
        called("--no-prompt", "deploy", "--prefect-file", str(deployment_in(tmp_path)), "--all")
        worker = [*prefect, "worker", "start", "--pool", "pullquote", "--type", "process"]
        running.enter_context(background(worker, log=tmp_path / "worker.log", environment=environment))
        yield station


def rows_in(warehouse: Path) -> int:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        row = connection.execute("SELECT count(*) FROM quotes").fetchone()
    return int(row[0]) if row else 0


@pytest.mark.slow  # `serve` does the same with its own worker, and its tests are quicker
@pytest.mark.timeout(400)
def test_event_and_schedule_each_start_a_run_that_finishes(station: Station, seeds: Path) -> None:
    for page in sorted(seeds.glob("*.txt")):
        landed(page, station.folder / "inbox")

    station.awaited("run for the event", station.woken)
    by_event = station.awaited("finished run for the event", lambda: station.finished_run("event"))
    by_schedule = station.awaited("finished scheduled run", lambda: station.finished_run("schedule"))

    assert by_event["state_type"] == "COMPLETED", by_event["state"]
    assert by_schedule["state_type"] == "COMPLETED", by_schedule["state"]
    assert by_schedule["auto_scheduled"]
    assert rows_in(station.warehouse) > 0
    assert (station.folder / "reports" / "latest.html").exists()


def landed(page: Path, inbox: Path) -> None:
    """As writers should: whole, by renaming."""
    waiting = inbox / f"{page.name}.tmp"
    waiting.write_bytes(page.read_bytes())
    waiting.replace(inbox / page.name)
