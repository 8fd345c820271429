"""The report of one run: a page for people and the same numbers as JSON for programs."""

import os
from collections.abc import Mapping
from datetime import UTC
from itertools import groupby
from pathlib import Path
from uuid import UUID

from markupsafe import Markup

from extractors.errors import PullquoteError
from warehouse.records import Run
from warehouse.report import charts, story
from warehouse.report.document import bounded, document_of
from warehouse.report.records import ArticleLine, FailingRow, RunReport
from warehouse.report.render import html_of

MOST = {"ids": 20, "codes": 40, "inputs": 50}


def report_of(report: RunReport) -> tuple[str, str]:
    """The report as (HTML page, JSON text), made from the records alone: the same records give the same bytes."""
    report = bounded(report)
    checks = sorted(report.checks, key=lambda check: (check.success, check.severity, check.table_name, check.name))
    html = html_of(
        "run.html",
        report=report,
        run=report.run,
        funnel=report.run.funnel,
        word=story.WORDS[report.run.state],
        sentences=story.sentences_of(report),
        steps=story.steps_of(report.run.funnel),
        failed=[check for check in checks if not check.success],
        passed=[check for check in checks if check.success],
        held=[refusal for refusal in report.refusals if refusal.stage not in story.REMARKS],
        remarks=[refusal for refusal in report.refusals if refusal.stage in story.REMARKS],
        pages=_by_page(report.articles),
        rows=_by_check(report.failing),
        tallies=[(aspect, list(group)) for aspect, group in groupby(report.tallies, key=lambda tally: tally.aspect)],
        trends=_trends(report),
        spark=charts.spark,
        measure_name=story.MEASURES.get,
        measured=story.measured,
        folder=name_of(report.run),
        seconds=(report.run.finished - report.run.started).total_seconds(),
        most=MOST,
    )
    return html, document_of(report)


def name_of(run: Run) -> str:
    """What the run's files are called, without ending: the moment it began, and its id."""
    return f"{run.started.astimezone(UTC):%Y%m%dT%H%M%SZ}-{run.run_id.hex[:8]}"


def written(report: RunReport, directory: Path) -> Path:
    """The path of the page, written with its JSON beside it; both appear whole or not at all.

    Raises PullquoteError "report.unwritable".
    """
    html, data = report_of(report)
    path = directory / f"{name_of(report.run)}.html"
    write_whole(path.with_suffix(".json"), data)
    write_whole(path, html)
    return path


def write_whole(path: Path, text: str) -> None:
    """The file with this text, whole or not at all; its folder is made. PullquoteError "report.unwritable"."""
    waiting = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            waiting.write_text(text, encoding="utf-8")
            waiting.replace(path)
        finally:
            waiting.unlink(missing_ok=True)
    except OSError as error:
        raise PullquoteError("report.unwritable", f"cannot write {path}: {error.strerror or error}") from error


def _by_page(articles: tuple[ArticleLine, ...]) -> list[list[ArticleLine]]:
    """The listed articles, those of one page together, pages in the order of their first article."""
    pages: dict[UUID, list[ArticleLine]] = {}
    for article in articles:
        pages.setdefault(article.page_id, []).append(article)
    return list(pages.values())


def _by_check(rows: tuple[FailingRow, ...]) -> Mapping[tuple[str, str], list[FailingRow]]:
    found: dict[tuple[str, str], list[FailingRow]] = {}
    for row in rows:
        found.setdefault((row.table_name, row.name), []).append(row)
    return found


def _trends(report: RunReport) -> list[tuple[str, Markup]]:
    """Charts over the runs up to this one, where there is more than one."""
    if not report.points:
        return []
    funnel, days = report.run.funnel, [point.started for point in report.points] + [report.run.started]
    labels = f"{days[0]:%Y-%m-%d}", f"{days[-1]:%Y-%m-%d}"
    series = {
        "Pages": [*(point.pages for point in report.points), funnel.pages],
        "Articles loaded": [*(point.articles for point in report.points), funnel.articles_loaded],
        "Quotes loaded": [*(point.quotes for point in report.points), funnel.quotes_loaded],
    }
    return [
        (
            name,
            charts.trend(
                values,
                labels=labels,
                says=f"{name} in {len(values)} runs: {min(values):,} to {max(values):,}, now {values[-1]:,}",
            ),
        )
        for name, values in series.items()
    ]
