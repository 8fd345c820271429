"""`pullquote watch` as a process: killed, started again, stopped; each file is in the warehouse once."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import pytest

from tests.landing import landed, page_number

PATIENCE = 120.0  # seconds; the first batch waits for imports, on a busy machine for long


@contextmanager
def watcher(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "flows", "watch", "inbox", "--log-format", "json"]
    with (folder / "watch.log").open("a") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment(), stdout=log, stderr=log, text=True)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def environment() -> dict[str, str]:
    root = str(Path(__file__).parent.parent.parent)
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}


def asked(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with suppress(duckdb.Error), duckdb.connect(str(folder / "pullquote.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()
    return []


def awaited(folder: Path, what: str, look: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < until, f"no {what}\n{(folder / 'watch.log').read_text()[-3000:]}"
        time.sleep(0.1)


@pytest.mark.timeout(400)
def test_killed_and_started_again_it_loads_each_file_once_and_stops_when_told(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(20):
        landed(inbox, page_number(number))
    (inbox / "empty.html").touch()

    with watcher(tmp_path) as process:
        awaited(tmp_path, "first load", (tmp_path / ".pullquote.duckdb.private").exists)
        process.kill()  # in the middle of its first batch
        process.wait()
    for number in range(20, 40):
        landed(inbox, page_number(number))
    with watcher(tmp_path) as process:
        awaited(tmp_path, "all files", lambda: asked(tmp_path, "SELECT count(*) FROM ledger") == [(41,)])
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0

    assert asked(tmp_path, "SELECT count(*), count(DISTINCT title) FROM articles") == [(40, 40)]
    assert asked(tmp_path, "SELECT uri, code FROM quarantine") == [("inbox/empty.html", "format.empty")]
    lines = [json.loads(line) for line in (tmp_path / "watch.log").read_text().splitlines()]
    assert lines[-1]["message"] == "stopped: 41 files dealt with, 0 given up"
    assert {"time", "level", "logger", "message"} <= lines[-1].keys()


def test_inbox_that_is_none_is_told_in_a_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flows", "watch", "nowhere"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "pullquote: nowhere does not exist\n")
