"""The page over all runs: each with its verdict and its figures, and the trends."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import duckdb
from markupsafe import Markup

from warehouse.report import charts, story
from warehouse.report.render import html_of

RUNS = 1_000  # listed; older ones are in the table `runs`
CHARTED = 200
MARKS = {"passed": "kept", "warned": "doubt", "refused": "lost"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run in the index."""

    run_id: UUID
    started: datetime
    state: str
    trigger: str
    pages: int
    articles: int
    quotes: int
    extraction_rate: float | None
    without_speaker: float | None
    failed: int

    @property
    def name(self) -> str:
        """What its report is called, without ending."""
        return f"{self.started.astimezone(UTC):%Y%m%dT%H%M%SZ}-{self.run_id.hex[:8]}"


def index_of(connection: duckdb.DuckDBPyConnection, names: Collection[str]) -> str:
    """The page; `names` are the reports that there are, and that it links to."""
    rows = [
        RunRow(
            run_id=row[0],
            started=row[1],
            state=row[2],
            trigger=row[3],
            pages=row[4],
            articles=row[5],
            quotes=row[6],
            extraction_rate=row[7],
            without_speaker=row[8],
            failed=row[9],
        )
        for row in connection.execute(
            "SELECT quality.run_id, quality.started, quality.state, runs.trigger, quality.pages, "
            "quality.articles_loaded, quality.quotes_loaded, quality.extraction_rate, quality.without_speaker, "
            "quality.critical_failed + quality.blocking_failed + quality.warnings_failed "
            "FROM run_quality AS quality JOIN runs USING (run_id) ORDER BY quality.started DESC LIMIT ?",
            [RUNS],
        ).fetchall()
    ]
    total = connection.execute("SELECT count(*) FROM runs").fetchone()
    return html_of(
        "index.html",
        rows=rows,
        total=total[0] if total else 0,
        names=frozenset(names),
        words=story.WORDS,
        marks=MARKS,
        share=_share,
        trends=_trends(rows[:CHARTED][::-1]),
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _trends(rows: list[RunRow]) -> list[tuple[str, Markup]]:
    if len(rows) < 2:
        return []
    labels = f"{rows[0].started:%Y-%m-%d}", f"{rows[-1].started:%Y-%m-%d}"
    series = {
        "Pages": [row.pages for row in rows],
        "Articles loaded": [row.articles for row in rows],
        "Quotes loaded": [row.quotes for row in rows],
        "Failed checks": [row.failed for row in rows],
    }
    return [
        (
            name,
            charts.trend(
                values,
                labels=labels,
                says=f"{name} in {len(values)} runs: {min(values):,} to {max(values):,}, in the last {values[-1]:,}",
            ),
        )
        for name, values in series.items()
    ]
