"""What the report of a run tells beyond its funnel and its checks, from the batch and from the runs before it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import duckdb
import pyarrow as pa

from warehouse.frames import KEYS
from warehouse.history import History, asked
from warehouse.records import Check, Measure
from warehouse.report.records import LONGEST_URI, Compared, FailingRow, HostLine, Point, Tally
from warehouse.report.text import cut

POINTS = 30  # earlier runs in a trend
HOSTS = 40
ROWS = 20  # failing rows shown for a check
TREND = 20  # runs in the trend of a host
LONGEST_SAYING = 160  # characters
SAYS = {"pages": "uri", "articles": "title", "quotes": "text", "quotations": "text", "people": "name"}


def hosts_of(tables: Mapping[str, pa.Table], history: History) -> tuple[tuple[HostLine, ...], int]:
    """The hosts with the most pages, each with its volume in earlier runs; and how many hosts there are."""
    rows = asked(tables, "hosts") if tables["pages"].num_rows else []
    past = history.values.get("host_pages", {})
    lines = tuple(
        HostLine(
            host=None if row[0] is None else cut(row[0], 100),
            pages=row[1],
            with_articles=row[2],
            articles=row[3],
            words=row[4],
            quotes=row[5],
            unattributed=row[6],
            trend=(*(int(value.value) for value in past.get(row[0], ())[-TREND:]), row[1]),
        )
        for row in rows[:HOSTS]
    )
    return lines, len(rows)


def tallies_of(tables: Mapping[str, pa.Table]) -> tuple[Tally, ...]:
    """How texts, dates and quotes are spread."""
    rows = asked(tables, "profile") if tables["pages"].num_rows else []
    return tuple(Tally(aspect=aspect, value=cut(value, 80), count=count) for aspect, value, count in rows)


def failing_rows(checks: Iterable[Check], tables: Mapping[str, pa.Table]) -> tuple[FailingRow, ...]:
    """The first ROWS failing rows of every failed check of a table, with what they say and the page they stand on."""
    failed = [check for check in checks if not check.success and check.table_name in tables]
    wanted = {(check.table_name, row) for check in failed for row in check.failing[:ROWS]}
    found = {
        name: _rows(tables, name, {row for table, row in wanted if table == name}) for name in tables if name in SAYS
    }
    return tuple(
        FailingRow(table_name=check.table_name, name=check.name, row_id=row, **found[check.table_name][row])
        for check in failed
        for row in check.failing[:ROWS]
        if row in found[check.table_name]
    )


def _rows(tables: Mapping[str, pa.Table], name: str, wanted: set[str]) -> dict[str, dict[str, Any]]:
    if not wanted:
        return {}
    pages = dict(zip(*(tables["pages"][column].to_pylist() for column in ("page_id", "uri")), strict=True))
    articles = tables["articles"].select(["article_id", "page_id", "position"]).to_pydict()
    places = {
        article: (page, position)
        for article, page, position in zip(
            articles["article_id"], articles["page_id"], articles["position"], strict=True
        )
    }
    found = {}
    key, says = KEYS[name], SAYS[name]
    columns = [key, says, "position", "article_id", "page_id"]
    for row in tables[name].select([c for c in columns if c in tables[name].column_names]).to_pylist():
        if str(row[key]) not in wanted:
            continue
        page_id, position = places.get(row.get("article_id"), (row.get("page_id"), None))
        found[str(row[key])] = {
            "says": cut(row[says] or "untitled", LONGEST_SAYING),
            "page_id": page_id,
            "uri": cut(pages.get(page_id, ""), LONGEST_URI),
            "place": f"quote-{row[key].hex}"
            if name == "quotes"
            else f"article-{position}"
            if name == "articles"
            else "",
        }
    return found


def points_of(connection: duckdb.DuckDBPyConnection | None, *, before: datetime) -> tuple[Point, ...]:
    """The runs before this moment, oldest first, at most POINTS."""
    if connection is None:
        return ()
    rows = connection.execute(
        "SELECT run_id, started, state, pages, articles_loaded, quotes_loaded, extractor_version "
        "FROM runs WHERE started < ? ORDER BY started DESC LIMIT ?",
        [before, POINTS],
    ).fetchall()
    return tuple(
        Point(run_id=r[0], started=r[1], state=r[2], pages=r[3], articles=r[4], quotes=r[5], extractor_version=r[6])
        for r in reversed(rows)
    )


def compared_of(
    connection: duckdb.DuckDBPyConnection | None, measures: Iterable[Measure], points: Iterable[Point], *, version: str
) -> tuple[tuple[Compared, ...], Point | None, Point | None]:
    """The measures beside the last run's and beside the last one's of another extractor, and those two runs."""
    earlier = [point for point in points if point.state != "refused"]
    last = earlier[-1] if earlier else None
    other = next((point for point in reversed(earlier) if point.extractor_version != version), None)
    values = _values(connection, [point.run_id for point in (last, other) if point])
    lines = tuple(
        Compared(
            name=measure.name,
            value=measure.value,
            last=values.get((last.run_id, measure.name)) if last else None,
            other=values.get((other.run_id, measure.name)) if other else None,
        )
        for measure in measures
        if not measure.scope
    )
    return lines, last, other


def _values(connection: duckdb.DuckDBPyConnection | None, runs: list[UUID]) -> dict[tuple[UUID, str], float]:
    if connection is None or not runs:
        return {}
    rows = connection.execute(
        "SELECT run_id, name, value FROM measures WHERE scope = '' AND run_id IN (SELECT unnest(?))", [runs]
    ).fetchall()
    return {(run_id, name): value for run_id, name, value in rows}
