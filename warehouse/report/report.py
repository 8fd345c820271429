"""The report of one run: a page for people and the same numbers as JSON for programs."""

import json
import os
from dataclasses import fields, is_dataclass
from datetime import UTC, date
from pathlib import Path
from uuid import UUID

from extractors.errors import PullquoteError
from warehouse.report import story
from warehouse.report.records import ArticleLine, RunReport
from warehouse.report.render import html_of
from warehouse.report.text import cut, excerpt

LONGEST_TEXT = 2_000  # characters of any one text in the JSON
FORMAT = 1  # of the JSON; goes up when a name in it changes its meaning or disappears


def report_of(report: RunReport) -> tuple[str, str]:
    """The report as (HTML page, JSON text), made from the records alone: the same records give the same bytes."""
    articles = story.listed(report.articles)
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
        held=[refusal for refusal in report.refusals if refusal.stage != story.QUOTE_STAGE],
        no_quotes=[refusal for refusal in report.refusals if refusal.stage == story.QUOTE_STAGE],
        pages=_by_page(articles),
        listed=len(articles),
        sites=story.sites_of(report.articles),
        titles={str(article.article_id): article.title or "untitled" for article in report.articles},
        seconds=(report.run.finished - report.run.started).total_seconds(),
        most={"sites": story.MAX_SITES, "ids": 20, "codes": 40, "inputs": 50},
    )
    return html, _json_of(report, articles)


def written(report: RunReport, directory: Path) -> Path:
    """The path of the page, written with its JSON beside it; both appear whole or not at all.

    Raises PullquoteError "report.unwritable".
    """
    html, data = report_of(report)
    name = f"{report.run.started.astimezone(UTC):%Y%m%dT%H%M%SZ}-{report.run.run_id.hex[:8]}"
    path = directory / f"{name}.html"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _replace(path.with_suffix(".json"), data)
        _replace(path, html)
    except OSError as error:
        raise PullquoteError("report.unwritable", f"cannot write {path}: {error.strerror or error}") from error
    return path


def _replace(path: Path, text: str) -> None:
    waiting = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        waiting.write_text(text, encoding="utf-8")
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)


def _by_page(articles: tuple[ArticleLine, ...]) -> list[list[ArticleLine]]:
    """The listed articles, those of one page together, pages in the order of their first article."""
    pages: dict[UUID, list[ArticleLine]] = {}
    for article in articles:
        pages.setdefault(article.page_id, []).append(article)
    return list(pages.values())


def _json_of(report: RunReport, articles: tuple[ArticleLine, ...]) -> str:
    document = {
        "format": FORMAT,
        "verdict": {"word": story.WORDS[report.run.state], "sentences": story.sentences_of(report)},
        **{field.name: getattr(report, field.name) for field in fields(report)},
        "balances": report.run.funnel.balances,
        "articles": {"total": len(report.articles), "listed": articles},
        "sites": story.sites_of(report.articles)[: story.MAX_SITES],
    }
    return json.dumps(_plain(document), default=_as_text, indent=1) + "\n"


def _plain(value: object) -> object:
    """The value with records as objects, refused bytes as their excerpt, and no text longer than LONGEST_TEXT."""
    if isinstance(value, str):
        return cut(value, LONGEST_TEXT)
    if isinstance(value, bytes):
        return {"bytes": len(value), "excerpt": excerpt(value)}
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(member) for member in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _as_text(value: object) -> str:
    """Times and dates in ISO 8601, ids as they are written."""
    return value.isoformat() if isinstance(value, date) else str(value)
