"""Readers that poll the published file while pages are ingested."""

import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from flows.run import ingested
from tests.kills import order_in
from tests.pages import written_page

ROOT = Path(__file__).parents[1]
READER = """
import sys, time
from pathlib import Path
from warehouse.query import answer
path, stop, pause = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
looks, slowest, seen = 0, 0.0, 0
print("ready", flush=True)
while not stop.exists():
    begin = time.perf_counter()
    sql = "SELECT (SELECT count(*) FROM pages) AS pages, (SELECT count(*) FROM quotes) AS quotes"
    (row,) = answer(path, sql).table.to_pylist()
    slowest = max(slowest, time.perf_counter() - begin)
    assert row["quotes"] == 2 * row["pages"], row
    assert row["pages"] >= seen, "went back in time"
    looks, seen = looks + 1, row["pages"]
    time.sleep(pause)
print(looks, slowest, seen, flush=True)
"""


def polled(folder: Path, *, readers: int, ingests: int, pause: float = 0.05) -> tuple[int, float, float]:
    """How often the readers looked, their slowest look, and the slowest ingest, in seconds; `pause` is between two
    looks of a reader.

    AssertionError if a reader failed, saw half a page or fewer pages than before, or an ingest failed.
    """
    stop = folder / "stop"
    written_page(folder / "pages", 0)
    ingested(order_in(folder))
    with ExitStack() as running:
        started = [
            running.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", READER, str(folder / "x.duckdb"), str(stop), str(pause)],
                    cwd=ROOT,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(readers)
        ]
        running.callback(stop.touch)
        for reader in started:
            assert reader.stdout
            assert reader.stdout.readline().strip() == "ready"
        slowest = 0.0
        for number in range(1, ingests + 1):
            written_page(folder / "pages", number)
            begin = time.perf_counter()
            assert not ingested(order_in(folder)).failed
            slowest = max(slowest, time.perf_counter() - begin)
        stop.touch()
        answers = [reader.communicate(timeout=120) for reader in started]
    assert [reader.returncode for reader in started] == [0] * readers, answers
    told = [answer[0].split() for answer in answers]
    return sum(int(looks) for looks, _, _ in told), max(float(look) for _, look, _ in told), slowest
