"""Worker processes: the same rows whoever extracts, poison that ends a page only, nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from flows.order import Order
from flows.run import ingested
from flows.runners import cores, harvesting
from flows.settings import DEFAULTS, Settings
from tests.pages import PAGE, written_page
from warehouse.store import Store

PATIENCE = 60.0  # seconds, for a busy machine
# Everything but when and by which run.
ROWS = {
    "pages": "* EXCLUDE (first_seen, run_id, capture)",
    "articles": "* EXCLUDE (run_id)",
    "article_authors": "*",
    "quotes": "* EXCLUDE (run_id)",
    "quotations": "*",
    "blocks": "*",
    "works": "*",
    "ledger": "* EXCLUDE (run_id)",
}


def rows(warehouse: Store) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {
            name: connection.execute(f"SELECT {what} FROM {name} ORDER BY ALL").fetchall()
            for name, what in ROWS.items()
        }


def poisoned(folder: Path, *, workers: int) -> tuple[dict[str, int], Path]:
    """The funnel of an ingest of the folder `pages` by tests.poison, and its warehouse."""
    warehouse = folder / f"{workers}.duckdb"
    ended = subprocess.run(
        (sys.executable, "-m", "tests.poison", str(warehouse), str(folder / "pages"), str(workers)),
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    )
    assert ended.returncode == 0, ended.stderr
    funnel: dict[str, int] = json.loads(ended.stdout)
    return funnel, warehouse


def session_of(pid: str) -> int:
    """The session of a process; -1 if it has just ended."""
    try:
        return int(Path("/proc", pid, "stat").read_text(encoding="ascii").rpartition(")")[2].split()[3])
    except OSError:
        return -1


def living(session: int) -> list[str]:
    """The processes of a session that are no zombies."""
    pids = [path.name for path in Path("/proc").iterdir() if path.name.isdigit()]
    ours = [pid for pid in pids if session_of(pid) == session]
    return [pid for pid in ours if ") Z " not in Path("/proc", pid, "stat").read_text(encoding="ascii")]


def end(ingest: "subprocess.Popen[bytes]", number: int) -> None:
    """Send the signal, and wait until nothing of the session is left."""
    os.kill(ingest.pid, number)
    ingest.wait(PATIENCE)
    until = time.monotonic() + PATIENCE
    while living(ingest.pid) and time.monotonic() < until:
        time.sleep(0.1)
    assert living(ingest.pid) == []


def test_rows_do_not_depend_on_the_number_of_workers(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.intake.BATCH_PAGES", 3)
    for n in range(8):
        written_page(tmp_path / "pages", n)
    stored = []
    for workers in (0, 1, 3):
        order = Order(
            sources=(str(seeds), str(tmp_path / "pages")),
            warehouse=tmp_path / f"{workers}.duckdb",
            reports=tmp_path / "reports",
            settings=Settings(slice_pages=6),
        )
        with harvesting(DEFAULTS, workers=workers) as harvester:
            outcome = ingested(order, harvester=harvester)
        assert (outcome.run.funnel.pages, len(outcome.earlier)) == (15, 2)
        stored.append(rows(order.warehouse))

    assert stored[0] == stored[1] == stored[2]
    assert len(stored[0]["quotes"]) > 300


@pytest.mark.timeout(400)
def test_a_poisoned_page_is_quarantined_with_its_bytes_and_the_rest_goes_on(tmp_path: Path) -> None:
    kinds = {
        "spin": "extract.timeout",
        "sleep": "extract.timeout",
        "score": "extract.timeout",
        "grow": "extract.memory",
        "die": "extract.crashed",
        "raise": "extract.crashed",
    }
    for n in range(12):
        written_page(tmp_path / "pages", n)
    for kind in kinds:
        (tmp_path / "pages" / f"000005-{kind}.txt").write_text(PAGE.format(n=f"POISON {kind}"))

    funnel, warehouse = poisoned(tmp_path, workers=2)

    assert (funnel["pages"], funnel["pages_without_article"], funnel["articles_loaded"]) == (18, 6, 12)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute("SELECT code, detail, payload FROM quarantine WHERE stage = 'extract'").fetchall()
        states = connection.execute("SELECT state, count(*) FROM ledger GROUP BY state ORDER BY state").fetchall()
    assert {bytes(payload): code for code, _, payload in found} == {
        PAGE.format(n=f"POISON {kind}").encode(): code for kind, code in kinds.items()
    }
    assert "ZeroDivisionError: a bug in two lines" in {detail for _, detail, _ in found}
    assert states == [("loaded", 12), ("no_article", 6)]


def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    for n in range(4):
        written_page(tmp_path / "pages", n)
    for name in ("once", "together"):
        (tmp_path / "pages" / f"{name}.txt").write_text(PAGE.format(n=f"POISON {name}"))

    funnel, _ = poisoned(tmp_path, workers=1)

    assert (funnel["pages"], funnel["articles_loaded"]) == (6, 6)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_worker_outlives_the_ingest(tmp_path: Path, number: signal.Signals) -> None:
    for kind in ("spin", "sleep"):
        (tmp_path / "pages").mkdir(exist_ok=True)
        (tmp_path / "pages" / f"{kind}.txt").write_text(PAGE.format(n=f"POISON sleep {kind}"))
    command = (sys.executable, "-m", "tests.poison", str(tmp_path / "x.duckdb"), str(tmp_path / "pages"), "2")
    ingest = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + PATIENCE
    while len(living(ingest.pid)) < 3 and time.monotonic() < until:  # the ingest, the fork server, a worker
        time.sleep(0.1)

    end(ingest, number)


def test_workers_are_as_many_as_there_are_cores(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    quota = tmp_path / "cpu.max"
    monkeypatch.setattr("flows.runners.QUOTA", quota)
    allowed = len(os.sched_getaffinity(0))
    for said, expected in (("max 100000", allowed), ("50000 100000", 1), ("9900000 100000", allowed), ("", allowed)):
        quota.write_text(said)
        assert cores() == expected
    quota.unlink()
    assert cores() == allowed
