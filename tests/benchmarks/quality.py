"""How long the checks, a report and the index take at the sizes that are promised: make bench-quality."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from extractors.records import Extraction, uuid_of
from tests.report_examples import index_page, large_report, warned_report
from tests.unit.extractions import extraction_of
from warehouse.report.report import report_of
from warehouse.tables import tables_of
from warehouse.validate import checked, prepare

QUOTES = 100_000
PER_PAGE = 20
NOW = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)


def pages_of(quotes: int) -> list[Extraction]:
    """Pages of one article of about 600 words with PER_PAGE quotes each."""
    said = [f"We measured the bridge {n} times before we believed it," for n in range(PER_PAGE)]
    body = "\n\n".join(
        f"“{words}” said Ada. Nobody who was there that day has forgotten what she did." for words in said
    )
    return [
        extraction_of(
            f"Page {number}.\n\n{body}",
            *(("Ada Reader", words) for words in said),
            uri=f"{number}.txt",
            url=f"https://host{number % 50}.test/{number}",
        )
        for number in range(quotes // PER_PAGE)
    ]


def _timed(name: str, call: Callable[[], object]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    print(f"{name}: {time.perf_counter() - wall:.2f} s ({time.process_time() - cpu:.2f} s of CPU)")


def main() -> None:
    """Print the times."""
    tables = tables_of(pages_of(QUOTES), run_id=uuid_of("r"), now=NOW, extractor_version="1")
    _timed("import Great Expectations", prepare)
    _timed(f"check {QUOTES:,} quotes with all suites", lambda: checked(tables, run_id=uuid_of("r")))
    report_of(warned_report())  # compiles the templates
    report = large_report()
    html, document = report_of(report)
    _timed(f"report of 10,000 pages ({len(html):,} characters, JSON {len(document):,})", lambda: report_of(report))
    _timed("index over 1,000 runs, with making them", lambda: index_page(["command"], runs=1_000))


if __name__ == "__main__":
    main()
