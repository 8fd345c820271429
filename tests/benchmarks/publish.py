"""`make bench-publish`: what publishing costs against the size of the file, by copying and by sharing blocks."""

import tempfile
import time
from pathlib import Path

from tests.unit.extractions import seedlings
from tests.unit.loading import loaded
from warehouse.connection import writer
from warehouse.publish import publish

SIZES = (5, 50, 200, 800)  # million bytes
ROW = 64  # bytes of text that does not compress


def main() -> None:
    """Print seconds for each size."""
    print(f"{'bytes':>14}{'seconds':>10}{'MB/s':>8}")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder, writer(Path(folder) / "x.duckdb") as opened:
            loaded(opened.connection, seedlings(3))
            text = " || ".join([f"hash(range + {n})::VARCHAR" for n in range(3)])
            opened.connection.execute(
                f"CREATE TABLE ballast AS SELECT {text} AS x FROM range({size * 1_000_000 // ROW})"
            )
            opened.connection.execute("FORCE CHECKPOINT")
            begin = time.perf_counter()
            publish(opened)
            seconds = time.perf_counter() - begin
            written = opened.files.published.stat().st_size
            print(f"{written:>14,}{seconds:>10.2f}{written / seconds / 1e6:>8.0f}")


if __name__ == "__main__":
    main()
