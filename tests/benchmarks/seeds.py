"""How fast the seeds are extracted here. A table, no verdict: machines differ by more than changes do."""

import statistics
import time
from datetime import date
from pathlib import Path

from extractors.extract import extraction_of
from extractors.formats import pages_in
from extractors.records import Page
from flows.sources import Source, data_of, sources_of

SEEDS = Path(__file__).parent.parent.parent / "seeds"
ROUNDS = 5  # the median of five is steady to about a tenth on an idle machine
TODAY = date(2026, 1, 1)


def seconds_of(page: Page) -> float:
    """The median time to extract the page, patterns compiled and caches warm."""
    extraction_of(page, today=TODAY)
    return statistics.median(_timed(page) for _ in range(ROUNDS))


def _timed(page: Page) -> float:
    begin = time.perf_counter()
    extraction_of(page, today=TODAY)
    return time.perf_counter() - begin


def main() -> None:
    """Print a line for each seed page and one for all of them."""
    print(f"{'page':<32}{'kB':>8}{'ms':>8}{'pages/s':>10}{'MB/s':>8}   median of {ROUNDS}")
    total_bytes, total_seconds, count = 0, 0.0, 0
    for source in sources_of([str(SEEDS)]):
        data = data_of(source) if isinstance(source, Source) else b""
        for page in pages_in(data if isinstance(data, bytes) else b"", uri=source.uri):
            if isinstance(page, Page):
                seconds = seconds_of(page)
                _print_line(Path(page.uri).name, page.bytes, seconds, pages=1)
                total_bytes, total_seconds, count = total_bytes + page.bytes, total_seconds + seconds, count + 1
    _print_line("all", total_bytes, total_seconds, pages=count)


def _print_line(name: str, size: int, seconds: float, *, pages: int) -> None:
    print(f"{name:<32}{size / 1e3:>8.1f}{seconds * 1e3:>8.1f}{pages / seconds:>10.1f}{size / 1e6 / seconds:>8.2f}")


if __name__ == "__main__":
    main()
