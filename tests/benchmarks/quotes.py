"""Quotes of the development pages as text and as HTML, by the scorer that came with them.

    python -m tests.benchmarks.quotes ../shared [--half look|score] [--show missed|false|speaker] [--html-only]

The annotated pages are texts; their HTML is found by page id in the labelled corpora beside them. The pages are split
by a hash of their id: one half may be looked at while rules are written, the other is only scored.
"""

import argparse
import hashlib
import importlib.util
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extractors.extract import extraction_of
from extractors.formats import pages_in
from extractors.records import Page

CORPORA = ("wcxb_dev.parquet", "news_dev.parquet")
TODAY = date(2026, 11, 21)
SHOWN = ("F", "P", "R", "speaker", "end_to_end", "negatives_hit", "partial_found")


def main() -> None:
    """Print a row for each half and format."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--half", choices=["look", "score", "all"], action="append")
    parser.add_argument("--show", choices=["missed", "false", "speaker"])
    parser.add_argument("--html-only", action="store_true")
    args = parser.parse_args()
    figures = quote_figures(
        args.shared, halves=args.half or ["look", "score", "all"], formats=["html"] if args.html_only else ["text", "html"],
        show=args.show,
    )  # fmt: skip
    print(f"{'':12}" + "".join(f"{name:>15}" for name in SHOWN))
    for (half, form), row in figures.items():
        print(f"{half:6}{form:6}" + "".join(f"{row[name]!s:>15}" for name in SHOWN))


def quote_figures(
    shared: Path, *, halves: list[str], formats: list[str], show: str | None = None
) -> dict[tuple[str, str], dict[str, object]]:
    """(half, format) → the scorer's figures."""
    scorer = _scorer(shared / "bench" / "score_quotes.py")
    pages = [json.loads(line) for line in (shared / "data/quotes_dev/pages.jsonl").read_text("utf-8").splitlines()]
    rows = (shared / "data/quotes_dev/quotes.jsonl").read_text("utf-8").splitlines()
    figures: dict[tuple[str, str], dict[str, object]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for form in formats:
            inputs = _html_of(shared, {page["page"] for page in pages}) if form == "html" else (
                (page["page"], page["url"], page["text"].encode()) for page in pages
            )  # fmt: skip
            found = Path(folder) / f"{form}.jsonl"
            found.write_text("".join(_line(name, url, data, form) for name, url, data in inputs), "utf-8")
            for half in halves:
                gold = Path(folder) / f"{half}.jsonl"
                gold.write_text(
                    "\n".join(row for row in rows if half in ("all", half_of(json.loads(row)["page"]))), "utf-8"
                )
                figures[half, form] = scorer.score(gold, found, show)
    return figures


def half_of(page: str) -> str:
    """Which half a page is in, by the parity of its id's SHA-256."""
    return "score" if hashlib.sha256(page.encode()).digest()[-1] % 2 else "look"


def _scorer(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_quotes", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _html_of(shared: Path, names: set[str]) -> Iterator[tuple[str, str, bytes]]:
    for corpus in CORPORA:
        for batch in pq.ParquetFile(shared / "data" / corpus).iter_batches(64, columns=["page_id", "url", "html"]):
            chosen = batch.filter(pc.is_in(batch["page_id"], pa.array(sorted(names))))
            for row in chosen.to_pylist():
                html = row["html"]
                yield row["page_id"], row["url"], html.encode() if isinstance(html, str) else html


def _line(name: str, url: str, data: bytes, form: str) -> str:
    """What `pullquote extract` would print of the page, as far as the scorer reads it."""
    uri = f"{name}.{'html' if form == 'html' else 'txt'}"
    quotes = [
        {"text": quote.text, "speaker": quote.speaker}
        for page in pages_in(data, uri=uri, url=url)
        if isinstance(page, Page)
        for quote in extraction_of(page, today=TODAY).quotes
    ]
    return json.dumps({"page": {"uri": uri}, "quotes": quotes}) + "\n"


if __name__ == "__main__":
    main()
