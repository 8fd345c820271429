"""`pullquote ingest` as it is called: a process of its own, a Prefect flow, a temporary server that ends with it."""

import os
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.saying import said

RUN_SECONDS = 30.0  # the promise for an installed machine
TYPO_SECONDS = 5.0  # of the processor, which no other program takes away


def pullquote(*arguments: object, folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PREFECT_HOME": str(home), "TERM": "dumb"}
    command = [sys.executable, "-m", "flows", *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=280
    )


def servers() -> set[int]:
    """The temporary Prefect servers on this machine, by process id."""
    found = set()
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = process.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"server" in words and b"--no-services" in words:
            found.add(int(process.parent.name))
    return found


@pytest.fixture(scope="module")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for the module: a new one costs 10 s of database migrations."""
    return tmp_path_factory.mktemp("prefect")


def test_flow_that_fails_exits_with_1_and_one_line(seeds: Path, tmp_path: Path, prefect_home: Path) -> None:
    (tmp_path / "pullquote.duckdb").write_bytes(b"no database" * 2000)

    done = pullquote("ingest", seeds, folder=tmp_path, home=prefect_home)

    assert done.returncode == 1
    (line,) = said(done.stderr)
    assert "pullquote.duckdb" in line


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_flow_loads_the_seeds_reports_and_leaves_no_server(seeds: Path, tmp_path: Path, prefect_home: Path) -> None:
    running = servers()

    done = pullquote("ingest", seeds, folder=tmp_path, home=prefect_home)

    assert done.returncode == 0, done.stderr
    assert said(done.stderr) == []
    assert re.search(r"^articles +12 +12 loaded$", done.stdout, re.MULTILINE), done.stdout
    assert (tmp_path / "reports" / "latest.html").is_file()
    assert servers() == running
    assert artifacts(prefect_home / "prefect.db") == {"ingest", "ingest-report"}


@pytest.mark.slow  # not for its length: the promise is about a machine that does nothing else, and these run one by one
def test_flow_takes_no_longer_than_promised(seeds: Path, tmp_path: Path, prefect_home: Path) -> None:
    (tmp_path / "first").mkdir()
    pullquote("ingest", seeds, folder=tmp_path / "first", home=prefect_home)  # makes Prefect's database
    begin = time.perf_counter()

    done = pullquote("ingest", seeds, folder=tmp_path, home=prefect_home)

    assert time.perf_counter() - begin <= RUN_SECONDS
    assert done.returncode == 0, done.stderr


def spent() -> float:
    """Seconds of the processor that the processes which this one has waited for have had."""
    times = os.times()
    return times.children_user + times.children_system


def test_typo_is_said_without_starting_a_server(tmp_path: Path) -> None:
    before = spent()

    done = pullquote("ingest", "nowhere.txt", folder=tmp_path, home=tmp_path / "prefect")

    assert done.returncode == 1
    assert done.stderr.splitlines() == ["pullquote: nowhere.txt: does not exist"]
    assert spent() - before <= TYPO_SECONDS
    assert list(tmp_path.iterdir()) == []


def artifacts(database: Path) -> set[str]:
    with sqlite3.connect(database) as connection:
        keys = {str(key) for (key,) in connection.execute("SELECT key FROM artifact WHERE key IS NOT NULL")}
    connection.close()
    return keys
