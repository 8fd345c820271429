"""Accuracy and speed beside other tools, on the same labelled pages in one run.

    make bench PAGES=pages.parquet [MODELS=folder] [LIMIT=n]

MODELS holds fold-0 … fold-4 as written by `make train`: every page is then judged by models that have not seen its
domain. Without it the shipped models are used, which is honest only for pages they were not trained on. The row
"batches" is pullquote as an ingest uses it, 20 pages at once, beside trafilatura on the same pages in turn.
"""

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from extractors.blocks.model import Models, models_in, shipped_models
from extractors.extract import extraction_of, extractions_of
from extractors.formats import pages_in
from extractors.records import Extraction, Page
from flows.settings import BATCH_GC
from flows.training.corpus import fold_of
from tests.benchmarks.measures import Found, Wanted, measures

FOLDS = 5
ROUNDS = 3  # timings of each page, of which the median counts
TIMED = 60  # pages timed
TODAY = date(2026, 11, 21)
BATCH = 20  # pages at once; an ingest gives a worker up to 200
Rows = Sequence[dict[str, Any]]
Tool = Callable[[bytes, str | None], Found]
Timed = Callable[[Rows], object]


def main() -> None:
    """Print a table and write the same figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    rows = list(_rows(args.pages))[: args.limit]
    if args.models is None:
        print("the shipped models: honest only for pages they were not trained on", file=sys.stderr)
    tools: dict[str, Tool] = {
        "pullquote": _pullquote(args.models), "trafilatura": _trafilatura, "resiliparse": _resiliparse, "readability": _readability,
    }  # fmt: skip
    figures = {name: _accuracy(tool, rows) for name, tool in tools.items()}
    gc.set_threshold(*BATCH_GC)  # as an ingest has it
    sample = rows[:: max(1, len(rows) // TIMED)]
    one_by_one = {name: _each(tool) for name, tool in tools.items()}
    for name, speed in _speeds(one_by_one, [[row] for row in sample]).items():
        figures[name] |= speed
    batches = {"batches": _batch, "trafilatura": one_by_one["trafilatura"]}
    figures["batches"] = _speeds(batches, [sample[start : start + BATCH] for start in range(0, len(sample), BATCH)])[
        "batches"
    ]
    _print(figures)
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for batch in pq.ParquetFile(path).iter_batches(batch_size=64):
        yield from batch.to_pylist()


def _wanted(row: dict[str, Any]) -> Wanted:
    return Wanted(
        body=row["body"], title=row.get("title"), authors=tuple(row.get("authors") or ()),
        published=str(row["published"]) if row.get("published") else None,
        must=tuple(row.get("must_contain") or ()), must_not=tuple(row.get("must_not_contain") or ()),
    )  # fmt: skip


def _accuracy(tool: Tool, rows: list[dict[str, Any]]) -> dict[str, Any]:
    pairs: dict[str, list[tuple[Found, Wanted]]] = {"articles": [], "others": []}
    for row in rows:
        kind = "articles" if row["page_type"] == "article" else "others"
        pairs[kind].append((tool(row["html"], row["url"]), _wanted(row)))
    return {kind: measures(found) for kind, found in pairs.items() if found}


def _each(tool: Tool) -> Timed:
    return lambda rows: [tool(row["html"], row["url"]) for row in rows]


def _batch(rows: Rows) -> list[Extraction]:
    """What a worker of an ingest makes of pages that came together."""
    found = (page for row in rows for page in pages_in(row["html"], uri="page.html", url=row["url"]))
    return list(extractions_of([page for page in found if isinstance(page, Page)], today=TODAY))


def _speeds(tools: dict[str, Timed], groups: Sequence[Rows]) -> dict[str, dict[str, float]]:
    """Pages a second of each tool by processor and by clock, and `ratio`, that to trafilatura. Each group of pages is timed
    by all tools in turn, so that what else the machine does slows all of them, and its median counts. `paired` is the
    median group's ratio to trafilatura.
    """
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in tools}
    for group in groups:
        rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in tools}
        for _ in range(ROUNDS):
            for name, tool in tools.items():
                rounds[name].append(_seconds(tool, group))
        for name, times in rounds.items():
            taken[name].append(
                (statistics.median(cpu for cpu, _ in times), statistics.median(wall for _, wall in times))
            )
    pages, base = sum(map(len, groups)), taken["trafilatura"]
    return {
        name: {
            "pages_per_second": pages / sum(cpu for cpu, _ in times),
            "pages_per_second_by_clock": pages / sum(wall for _, wall in times),
            "ratio": sum(cpu for cpu, _ in base) / sum(cpu for cpu, _ in times),
            "paired": statistics.median(other / cpu for (cpu, _), (other, _) in zip(times, base, strict=True)),
        }
        for name, times in taken.items()
    }


def _seconds(tool: Timed, rows: Rows) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    tool(rows)
    return time.process_time() - cpu, time.perf_counter() - wall


def _print(figures: dict[str, dict[str, Any]]) -> None:
    names = ("F", "title", "author", "date", "must", "leaks")
    print(
        f"{'':12}{'pages/s':>9}{'by clock':>10}{'ratio':>7}{'median':>8}"
        + "".join(f"{name:>8}" for name in names)
        + f"{'other F':>9}"
    )
    for name, row in figures.items():
        cells = "".join(
            f"{value:>8.3f}" if (value := row.get("articles", {}).get(key)) is not None else f"{'–':>8}"
            for key in names
        )
        other = row.get("others", {}).get("F")
        print(
            f"{name:12}{row['pages_per_second']:>9.1f}{row['pages_per_second_by_clock']:>10.1f}"
            f"{row['ratio']:>7.2f}{row['paired']:>8.2f}{cells}" + (f"{other:>9.3f}" if other else "")
        )


def _pullquote(folder: Path | None) -> Tool:
    models: list[Models] = (
        [models_in(folder / f"fold-{fold}", "html") for fold in range(FOLDS)] if folder else [shipped_models("html")]
    )

    def found(html: bytes, url: str | None) -> Found:
        for page in pages_in(html, uri="page.html", url=url):
            if isinstance(page, Page):
                judge = models[fold_of(url, FOLDS)] if folder else models[0]
                articles = extraction_of(page, today=TODAY, models=judge).articles
                if articles:
                    first = max(articles, key=lambda article: article.word_count)
                    return Found(
                        body="\n\n".join(article.body for article in articles), title=first.title, authors=first.authors,
                        published=first.published.isoformat() if first.published else None,
                    )  # fmt: skip
        return Found(body="")

    return found


def _trafilatura(html: bytes, url: str | None) -> Found:
    import trafilatura

    document = trafilatura.bare_extraction(html, url=url, with_metadata=True, include_comments=False)
    if document is None or isinstance(document, dict):
        return Found(body="")
    authors = tuple(name.strip() for name in (document.author or "").split(";") if name.strip())
    return Found(body=document.text or "", title=document.title, authors=authors, published=document.date)


def _resiliparse(html: bytes, _: str | None) -> Found:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    text = bytes_to_str(html, detect_encoding(html) or "utf-8")
    return Found(body=extract_plain_text(text, main_content=True, comments=False))


def _readability(html: bytes, _: str | None) -> Found:
    from readability import Document
    from selectolax.lexbor import LexborHTMLParser

    try:
        document = Document(html.decode("utf-8", "replace"))
        return Found(body=LexborHTMLParser(document.summary()).text(separator=" "), title=document.short_title())
    except Exception:  # noqa: BLE001 - it fails on some pages in many ways; then it has found nothing
        return Found(body="")
