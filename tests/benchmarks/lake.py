"""`make bench-lake`: what one publisher takes, into a file and into a lake: articles with ten quotes each, a transaction
for each thousand. Seconds of the processors, which other programs disturb least; the clock's stand beside them.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.generated import batches
from tests.benchmarks.warehouse import BATCH, load_of
from warehouse.connection import writer
from warehouse.lake import bytes_in
from warehouse.publish import publish
from warehouse.store import Lake, Store, store_of

PARTS = 2  # transactions


def seconds_of(store: Store) -> Iterator[tuple[float, float]]:
    """Of the processors and of the clock, for each transaction with its publication."""
    with writer(store) as opened:
        for number, tables in enumerate(batches(PARTS * BATCH, batch=BATCH)):
            cpu, wall = time.process_time(), time.perf_counter()
            load_of(opened, tables, number=number)
            publish(opened)
            yield time.process_time() - cpu, time.perf_counter() - wall
        if isinstance(store, Lake):
            files, size = bytes_in(opened.connection)
            print(f"  {files} files, {size / PARTS / BATCH:,.0f} bytes an article")
    if isinstance(store, Path):
        print(f"  {store.stat().st_size / PARTS / BATCH:,.0f} bytes an article")


def main() -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as folder:
        for address in sys.argv[1:] or (f"{folder}/x.duckdb", f"ducklake:sqlite:{folder}/x.sqlite"):
            print(store_of(address))
            for cpu, wall in seconds_of(store_of(address)):
                print(f"  {BATCH:,} articles: {cpu:.1f} s of processor, {wall:.1f} s; {BATCH / cpu:,.0f} articles/s")


if __name__ == "__main__":
    main()
