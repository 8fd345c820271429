"""How long from the rename of a file to its row in the published warehouse: `make bench-latency`.

    python -m tests.benchmarks.latency watch|serve [files]

Starts the command, lets one small page land after the other, and polls the published file for its title.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import duckdb

from tests.landing import landed, page_number

PATIENCE = 60.0  # seconds
POLL = 0.02
REST = 1.0  # seconds between two pages


def seconds_until_there(warehouse: Path, title: str, since: float) -> float:
    """Seconds from `since` until a reader finds the article; TimeoutError after PATIENCE."""
    while time.perf_counter() - since < PATIENCE:
        with suppress(duckdb.Error), duckdb.connect(str(warehouse), read_only=True) as connection:
            found = connection.execute("SELECT 1 FROM articles WHERE title = ?", [title]).fetchone()
            if found:
                return time.perf_counter() - since
        time.sleep(POLL)
    raise TimeoutError(title)


def main(command: str, files: int) -> None:
    """Print the latencies of so many pages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inbox, warehouse = folder / "inbox", folder / "pages.duckdb"
        inbox.mkdir()
        arguments = [sys.executable, "-m", "flows", command, str(inbox), "--warehouse", str(warehouse)]
        process = subprocess.Popen(
            [*arguments, "--reports", str(folder / "reports")],
            env=os.environ | {"PREFECT_HOME": str(folder / "prefect")},
        )
        try:
            landed(inbox, page_number(0))
            begin = time.perf_counter()
            first = seconds_until_there(warehouse, page_number(0).title, begin)
            print(f"first page after the start of {command}: {first:.2f} s")
            times = []
            for number in range(1, files + 1):
                time.sleep(REST)
                landed(inbox, page_number(number))
                times.append(seconds_until_there(warehouse, page_number(number).title, time.perf_counter()))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    print(f"{files} pages, one at a time, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"median {statistics.median(times):.2f} s, worst {max(times):.2f} s, best {min(times):.2f} s")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20)
