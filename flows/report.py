"""Where the reports of past runs are, what stands beside them, and how a lost one is made again from the warehouse."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from extractors.errors import PullquoteError
from extractors.extract import extraction_of
from extractors.records import Page
from flows.pool.attempts import POISON
from warehouse.reader import is_there, reader
from warehouse.records import Check, Funnel, Quarantined, Run
from warehouse.report.document import bounded, document_of, report_from
from warehouse.report.explain import explain_html
from warehouse.report.index import index_of
from warehouse.report.records import FailingRow, PageCost, RunReport, refusals_of
from warehouse.report.report import name_of, write_whole, written
from warehouse.store import Store
from warehouse.transaction import persistently
from warehouse.warc import captured

LATEST = "latest"
INDEX = "index"
KEEP = """
    MERGE INTO run_reports AS stored USING (SELECT $run_id::UUID AS run_id, $document AS document) AS incoming
    ON stored.run_id = incoming.run_id
    WHEN MATCHED THEN UPDATE SET document = incoming.document
    WHEN NOT MATCHED THEN INSERT (run_id, document) VALUES (incoming.run_id, incoming.document)
"""
EXPLAINED = 25  # pages of a run: enough to see what is wrong, and the same cost for a run of any size
LONG_SECONDS = 5.0  # what took longer is not done again for its explanation,
LARGE_BYTES = 2_000_000  # nor is what would take hundreds of megabytes, for here no fence holds it


def last_report(directory: Path) -> Path | None:
    """The newest report: their names start with the moment the run began."""
    found = _reports_in(directory)
    return found[-1] if found else None


def report_named(run: str, directory: Path) -> Path:
    """The report of a run, by its id or the beginning of it, or by "latest".

    PullquoteError report.missing, report.ambiguous.
    """
    if run == LATEST:
        newest = last_report(directory)
        if newest is None:
            raise PullquoteError("report.missing", f"there is no report in {directory} yet")
        return newest
    short = run.replace("-", "").lower()[:8]
    found = [path for path in _reports_in(directory) if path.stem.rpartition("-")[2].startswith(short)]
    if not short or not found:
        raise PullquoteError("report.missing", f"no report of run {run} in {directory}")
    if len(found) > 1:
        raise PullquoteError("report.ambiguous", f"{len(found)} runs begin with {run}: give more of the id")
    return found[0]


def report_again(run: str, directory: Path, *, warehouse: Store, captures: Path, today: date) -> Path:
    """The report of a run, made again from the warehouse if its page is gone.

    PullquoteError report.missing, report.ambiguous, warehouse.corrupt.
    """
    if not is_there(warehouse):
        return report_named(run, directory)
    with reader(warehouse) as connection:
        run_id = _run_id(connection, run)
        if run_id is None:
            return report_named(run, directory)
        report = kept_report(connection, run_id)
        path = directory / f"{name_of(report.run)}.html"
        if path.exists():
            return path
        pages = _records(connection, "SELECT * FROM pages WHERE page_id IN (SELECT unnest(?))", list(report.explained))
        explained = explain_pages(report, directory, pages=pages, captures=captures, today=today)
        path = written(replace(report, explained=explained), directory)
        write_index(directory, connection)
        return path


def explained_of(
    failing: Iterable[FailingRow], quarantined: Sequence[Quarantined], costs: Iterable[PageCost]
) -> tuple[UUID, ...]:
    """The pages that failing rows and refusals point to, at most EXPLAINED; not those that cost too much to see."""
    pages = dict.fromkeys([*(row.page_id for row in failing), *(item.page_id for item in quarantined)])
    costly = {item.page_id for item in quarantined if item.code in POISON}
    costly |= {cost.page_id for cost in costs if cost.seconds > LONG_SECONDS or cost.bytes > LARGE_BYTES}
    return tuple(page for page in pages if page is not None and page not in costly)[:EXPLAINED]


def keep_report(connection: duckdb.DuckDBPyConnection, report: RunReport) -> None:
    """Store the report, so that its page can be made again."""
    document = document_of(bounded(report))
    persistently(lambda: connection.execute(KEEP, {"run_id": report.run.run_id, "document": document}))


def kept_report(connection: duckdb.DuckDBPyConnection, run_id: UUID) -> RunReport:
    """The stored report of a run; of a run that died before it stored one, what the other tables tell."""
    try:
        found = connection.execute("SELECT document FROM run_reports WHERE run_id = ?", [run_id]).fetchone()
    except duckdb.CatalogException:  # a published file of an earlier version
        found = None
    if found:
        return report_from(found[0])
    (run,) = _records(connection, "SELECT * FROM runs WHERE run_id = ?", run_id)
    checks = _records(connection, "SELECT * FROM checks WHERE run_id = ?", run_id)
    items = _records(connection, "SELECT * FROM quarantine WHERE run_id = ?", run_id)
    return RunReport(
        run=Run(funnel=_made(Funnel, run), **_known(Run, run, without="funnel")),
        checks=tuple(_made(Check, check) for check in checks),
        refusals=refusals_of(_made(Quarantined, item) for item in items),
    )


def explain_pages(
    report: RunReport, directory: Path, *, pages: Iterable[Mapping[str, Any]], captures: Path, today: date
) -> tuple[UUID, ...]:
    """Those pages of `report.explained` that could be explained, each written beside the report from its capture.

    `pages` are rows of the table, with or without the pages that are asked for.
    """
    rows = {row["page_id"]: row for row in pages if row["page_id"] in set(report.explained)}
    done = []
    for page_id in report.explained:
        row = rows.get(page_id)
        if row is None or not row["capture"] or row["bytes"] > LARGE_BYTES:
            continue
        try:
            data = captured(captures, row["capture"], row["sha256"])
        except PullquoteError:  # its file is gone: the report says so by not linking to it
            continue
        page = Page(**_known(Page, row, without="data"), data=data)
        write_whole(directory / name_of(report.run) / f"{page_id}.html", explain_html(extraction_of(page, today=today)))
        done.append(page_id)
    return tuple(done)


def write_index(directory: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """The page over all runs, anew."""
    names = {path.stem for path in _reports_in(directory)}
    write_whole(directory / f"{INDEX}.html", index_of(connection, names))


def point_latest_to(path: Path) -> None:
    """`latest.html` beside the reports becomes a link to this one; PullquoteError report.unwritable."""
    waiting = path.with_name(f".{LATEST}.tmp")
    try:
        waiting.unlink(missing_ok=True)
        waiting.symlink_to(path.name)
        waiting.replace(path.with_name(f"{LATEST}.html"))
    except OSError as error:
        raise PullquoteError("report.unwritable", f"cannot link {path}: {error.strerror or error}") from error


def _run_id(connection: duckdb.DuckDBPyConnection, run: str) -> UUID | None:
    """The run that is meant; None: the warehouse has none such."""
    if run == LATEST:
        found = connection.execute("SELECT run_id FROM runs ORDER BY started DESC LIMIT 1").fetchall()
    else:
        short = run.replace("-", "").lower()
        found = connection.execute(
            "SELECT run_id FROM runs WHERE ? <> '' AND starts_with(replace(CAST(run_id AS VARCHAR), '-', ''), ?)",
            [short, short],
        ).fetchall()
    if len(found) > 1:
        raise PullquoteError("report.ambiguous", f"{len(found)} runs begin with {run}: give more of the id")
    return found[0][0] if found else None


def _records(connection: duckdb.DuckDBPyConnection, sql: str, asked: object) -> list[dict[str, Any]]:
    answer = connection.execute(sql, [asked])
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _made(record: type, row: Mapping[str, Any]) -> Any:
    return record(**_known(record, row))


def _known(record: type, row: Mapping[str, Any], *, without: str = "") -> dict[str, Any]:
    """The row's values for the fields of a record; lists become tuples, and what is missing keeps its default."""
    names = [field.name for field in fields(record) if field.name != without and row.get(field.name) is not None]
    optional = [field.name for field in fields(record) if field.name in row and field.name not in {without, *names}]
    values = {name: tuple(row[name]) if isinstance(row[name], list) else row[name] for name in names}
    return dict.fromkeys(optional) | values


def _reports_in(directory: Path) -> list[Path]:
    return sorted(path for path in directory.glob("*.html") if path.stem not in {LATEST, INDEX})
